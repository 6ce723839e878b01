"""The small texts of Compose files: variables, .env, ports, volumes, devices, sizes, durations."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.compose_short_forms import ShortFormError, overlap, read_device, read_ports, read_volume
from rrr_optimize.formats.compose_template import TemplateError, fill_template
from rrr_optimize.formats.dotenv_file import read_dotenv
from rrr_optimize.formats.measures import read_size

VARIABLES = {"A": "a", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("5$", "5$"),
        ("$1 $- $.", "$1 $- $."),
        ("$$A $${A}", "$A ${A}"),
        ("$A.x ${A}x $A_", "a.x ax ${A_}"),
        ("${NONE}", "${NONE}"),
        ("${A:-x} ${EMPTY:-x} ${EMPTY-x} ${NONE-x}", "a x  x"),
        ("${A:+x}|${EMPTY:+x}|${EMPTY+x}|${NONE+x}", "x||x|"),
        ("${A:?why} ${A?}", "a a"),
        ("${NONE:?why}", "${NONE}"),
        ("${NONE:-${OTHER:-$A}}", "a"),
        ("${NONE:-{}}", "{}"),
        ("${NONE:-a:b-c?d}", "a:b-c?d"),
    ],
)
def test_variables_are_filled_in_as_far_as_they_are_known(text: str, expected: str) -> None:
    assert fill_template(text, VARIABLES).text == expected


def test_what_is_not_set_is_named_once() -> None:
    assert fill_template("${B}${C:-$D}${B}", {}).unset == ("B", "D")


@pytest.mark.parametrize("text", ["${", "${}", "${1}", "${A", "${A!}", "${A:-${B}", "${A:-" * 50 + "}" * 50])
def test_a_brace_that_begins_no_variable_is_an_error(text: str) -> None:
    with pytest.raises(TemplateError):
        fill_template(text, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("# A=1\n\nnot an assignment\n=1\n", {}),
        ("A=1\r\nexport B = 2 \nC: 3", {"A": "1", "B": "2", "C": "3"}),
        ("A=x # comment\nB=x#y\nC=", {"A": "x", "B": "x#y", "C": ""}),
        ('A=\'$B # "\'\nB="a\\nb \\"c\\" # d" # e', {"A": '$B # "', "B": 'a\nb "c" # d'}),
        ("A=1\nB=${A}2\nC=$GONE\nD=${GONE:-4}", {"A": "1", "B": "12", "D": "4"}),
        ('A="\\$B"', {"A": "$B"}),
        ("A=1\nA=$GONE", {}),
        ("A=${", {"A": "${"}),
        ('A="two\nlines"\nB=1', {"A": "two\nlines", "B": "1"}),
    ],
)
def test_an_environment_file_is_read_line_by_line(text: str, expected: dict[str, str]) -> None:
    assert read_dotenv(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80", [("", "", 80, "tcp")]),
        ("8080:80/UDP", [("", "8080", 80, "udp")]),
        ("127.0.0.1::80", [("127.0.0.1", "", 80, "tcp")]),
        ("[::1]:8080:80", [("::1", "8080", 80, "tcp")]),
        ("[::1]:80", [("::1", "", 80, "tcp")]),
        ("1-2:3-4", [("", "1", 3, "tcp"), ("", "2", 4, "tcp")]),
        ("1-9:80", [("", "1-9", 80, "tcp")]),
        ("5-6", [("", "", 5, "tcp"), ("", "", 6, "tcp")]),
        ("${P:-1}:80", [("", "${P:-1}", 80, "tcp")]),
        ("${IP}:${P}:${T}", [("${IP}", "${P}", "${T}", "tcp")]),
    ],
)
def test_ports_are_written_out(text: str, expected: list[tuple[str, str, int | str, str]]) -> None:
    found = [(p.get("host_ip", ""), p.get("published", ""), p["target"], p["protocol"]) for p in read_ports(text)]
    assert found == expected


@pytest.mark.parametrize("text", ["", "a", "1:b", "1-2:1-3", "70000", "9-1", "1-65535"])
def test_what_is_no_port_is_an_error(text: str) -> None:
    if text:
        with pytest.raises(ShortFormError):
            read_ports(text)


def test_published_ports_overlap_where_they_share_a_number() -> None:
    assert overlap("80", "80")
    assert overlap("80-90", "85")
    assert not overlap("80-90", "91")
    assert overlap("${P}", "${P}")
    assert not overlap("${P}", "80")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/data", {"type": "volume", "target": "/data"}),
        ("data:/data:nocopy", {"type": "volume", "source": "data", "target": "/data", "volume": {"nocopy": True}}),
        (
            "./a:/b:ro,Z,rslave,cached",
            {
                "type": "bind",
                "source": "./a",
                "target": "/b",
                "read_only": True,
                "bind": {"create_host_path": True, "selinux": "Z", "propagation": "rslave"},
            },
        ),
        ("C:\\a:/b:rw", {"type": "bind", "source": "C:\\a", "target": "/b", "bind": {"create_host_path": True}}),
        ("${A:-./x}:/b", {"type": "volume", "source": "${A:-./x}", "target": "/b"}),
    ],
)
def test_volumes_are_written_out(text: str, expected: dict[str, object]) -> None:
    assert read_volume(text) == expected


@pytest.mark.parametrize("text", ["", ":/a", "a:", "a1:/b:ro:x"])
def test_what_is_no_volume_is_an_error(text: str) -> None:
    with pytest.raises(ShortFormError):
        read_volume(text)


def test_devices_are_written_out() -> None:
    assert read_device("/dev/a") == {"source": "/dev/a", "target": "/dev/a", "permissions": "rwm"}
    assert read_device("/dev/a:/dev/b:r") == {"source": "/dev/a", "target": "/dev/b", "permissions": "r"}


@pytest.mark.parametrize(
    ("text", "size"), [("512m", 512 << 20), ("1.5GB", 3 << 29), ("7", 7), ("1KiB", 1024), ("x", None), ("1m30s", None)]
)
def test_sizes_are_powers_of_1024(text: str, size: int | None) -> None:
    assert read_size(text) == size
