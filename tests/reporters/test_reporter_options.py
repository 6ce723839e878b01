from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import UsageError
from rrr_optimize.reporters import FORMATS, ColorFlag, Options, is_terminal, render, use_color

if TYPE_CHECKING:
    from rrr_optimize.model import Report

COLOR_CASES: dict[str, tuple[ColorFlag, dict[str, str], bool, bool]] = {
    "a pipe": ("auto", {"TERM": "xterm"}, False, False),
    "a terminal": ("auto", {"TERM": "xterm"}, True, True),
    "a terminal without a name, as on Windows": ("auto", {}, True, True),
    "a terminal that can only append": ("auto", {"TERM": "dumb"}, True, False),
    "NO_COLOR": ("auto", {"NO_COLOR": "1"}, True, False),
    "NO_COLOR=0 is set all the same": ("auto", {"NO_COLOR": "0"}, True, False),
    "NO_COLOR that is empty": ("auto", {"NO_COLOR": ""}, True, True),
    "FORCE_COLOR in a pipe": ("auto", {"FORCE_COLOR": "1"}, False, True),
    "FORCE_COLOR that is empty": ("auto", {"FORCE_COLOR": ""}, False, False),
    "FORCE_COLOR against TERM": ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
    "NO_COLOR against FORCE_COLOR": ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    "always beats NO_COLOR": ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
    "never beats FORCE_COLOR": ("never", {"FORCE_COLOR": "1"}, True, False),
}


@pytest.mark.parametrize(("flag", "environ", "tty", "expected"), COLOR_CASES.values(), ids=COLOR_CASES)
def test_decides_on_colour(flag: ColorFlag, environ: dict[str, str], *, tty: bool, expected: bool) -> None:
    assert use_color(flag, environ, stream_is_tty=tty) is expected


def test_a_pipe_and_a_dumb_terminal_get_the_plain_face() -> None:
    assert not is_terminal({"TERM": "xterm"}, stream_is_tty=False)
    assert not is_terminal({"TERM": "dumb"}, stream_is_tty=True)
    assert is_terminal({"TERM": "xterm"}, stream_is_tty=True)
    assert is_terminal({}, stream_is_tty=True)


def test_renders_each_format(busy_report: Report) -> None:
    begins = {name: render(busy_report, name, Options())[:7] for name in FORMATS}
    expected = ["apps/ap", '{\n  "sc', "# Audit", '{"$sche', "::error"]
    assert list(begins.values()) == expected


def test_hands_every_option_on(busy_report: Report) -> None:
    assert "    why: " in render(busy_report, "text", Options(verbose=1))
    assert "note: " not in render(busy_report, "text", Options(quiet=True))
    assert "\x1b[33m" in render(busy_report, "text", Options(color=True))
    page = render(busy_report, "text", Options(terminal=True, width=50, color=True, verbose=2, quiet=False))
    assert page.startswith("\x1b[1mRequirements\x1b[0m")
    assert "-v lists them" not in page
    assert render(busy_report, "text", Options(terminal=True, quiet=True)).startswith("apps/api")
    assert "libs/l8/" in render(busy_report, "markdown", Options(verbose=1))
    assert "## Notes" not in render(busy_report, "markdown", Options(quiet=True))


def test_json_is_complete_whatever_the_options(busy_report: Report) -> None:
    loud, quiet = Options(verbose=2, terminal=True, color=True), Options(quiet=True)
    assert render(busy_report, "json", quiet) == render(busy_report, "json", loud)


def test_names_the_formats_when_asked_for_another(clean_report: Report) -> None:
    with pytest.raises(UsageError, match="no format 'xml'") as caught:
        render(clean_report, "xml", Options())
    assert caught.value.hint == "the formats are text, json, markdown, sarif, github"


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_piped_run_does_not_import_what_only_a_terminal_needs(output_format: str) -> None:
    heavy = {"rich", "typer", "yaml", "packaging", "tomlkit", "jsonschema"}
    program = (
        "import sys\n"
        "from rrr_optimize.model import *\n"
        "from rrr_optimize.reporters import Options, render\n"
        "finding = Finding('REQ001', 'n', Severity.ERROR, Location('a'), 'm', 's')\n"
        f"render(Report('.', (), (finding,)), {output_format!r}, Options(color=True))\n"
        f"print(sorted({heavy!r} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
