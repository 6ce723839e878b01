"""Whatever a repository puts into names and versions, SARIF stays valid and a finding stays one workflow command."""

from __future__ import annotations

import json
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from hypothesis import example, given, strategies as st

from rrr_optimize.model import Finding, Location, NotAnalysed, Related, Report, Severity
from rrr_optimize.reporters import github, sarif
from rrr_optimize.safe_text import mask, show
from tests.sarif_schema import VALIDATOR

# Surrogates stand for the bytes of a name that are not UTF-8.
ANYTHING = (
    st.text(st.characters(exclude_categories=()), max_size=20)
    | st.text("ab%:,=\r\n#[](){}01 \\\u2028\x85\udcff\x1b", max_size=20)
    | st.sampled_from(["::error::x", "%0A::stop-commands::x", "##[error]x", "{0}", "[a](0)", "https://u:p@h/"])
)
NUMBERS = st.integers(1, 2**31 - 1)
PLACES = st.builds(Location, ANYTHING, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
FINDINGS = st.builds(
    Finding,
    ANYTHING,
    ANYTHING,
    st.sampled_from(Severity),
    PLACES,
    ANYTHING,
    ANYTHING,
    ANYTHING,
    ANYTHING,
    st.lists(st.builds(Related, PLACES, ANYTHING), max_size=2).map(tuple),
)
REPORTS = st.builds(
    Report,
    root=ANYTHING,
    projects=st.just(()),
    findings=st.lists(FINDINGS, max_size=3).map(tuple),
    not_analysed=st.lists(st.builds(NotAnalysed, ANYTHING, ANYTHING), max_size=2).map(tuple),
    notes=st.lists(ANYTHING, max_size=2).map(tuple),
)
# RFC 3986, 4.2, with nothing in a segment that would need a look at its meaning.
RELATIVE_URI = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*")


class Command(NamedTuple):
    """A workflow command as the runner understands it."""

    name: str
    properties: dict[str, str]
    data: str


def read_command(line: str) -> Command:
    """Read a line as GitHub's runner does: the second `::` ends the properties, `,` parts them, codes are undone."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    name, _, told = head.partition(" ")
    pairs = [pair.partition("=") for pair in told.strip().split(",")]
    return Command(name, {key: undone(value, ":,") for key, _, value in pairs}, undone(data, ""))


def undone(text: str, more: str) -> str:
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


@given(REPORTS, st.sampled_from(["", "apps/api"]))
@example(Report("", (), (), notes=("\ud800",)), "")
def test_sarif_is_valid_whatever_the_strings(report: Report, folder: str) -> None:
    text = sarif.render(report, lambda rule: rule.summary, folder)
    log = json.loads(text)
    VALIDATOR.validate(log)
    assert text.isascii()
    assert len(log["runs"][0]["results"]) == len(report.findings)


@given(FINDINGS)
def test_a_sarif_message_is_plain_and_its_uri_is_the_path(finding: Finding) -> None:
    log = json.loads(sarif.render(Report("", (), (finding,)), lambda rule: rule.summary))
    [result] = log["runs"][0]["results"]
    text = result["message"]["text"]
    assert not re.search(r"\]\(", text)
    assert not re.search(r"[{}]", text.replace("{{", "").replace("}}", ""))
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert RELATIVE_URI.fullmatch(uri)
    path = mask(finding.location.path)
    assert unquote_to_bytes(uri).decode("utf-8", "surrogatepass" if has_halves(path) else "surrogateescape") == path


def has_halves(path: str) -> bool:
    return any("\ud800" <= character <= "\udfff" and not "\udc80" <= character <= "\udcff" for character in path)


@given(REPORTS)
def test_a_finding_is_one_command_that_the_runner_reads_back(report: Report) -> None:
    *lines, closing = github.render(report).split("\n")[:-1]
    commands = [read_command(line) for line in lines]
    findings = sorted(report.findings, key=lambda finding: -finding.severity)
    for command, finding in zip(commands, findings, strict=False):
        assert command.properties["title"] == f"{show(finding.code)} {show(finding.name)}"
        assert command.properties["file"] == show(finding.location.path)
        assert command.properties["line"] == str(finding.location.line)
        words = [show(finding.message), show(finding.why), f"hint: {show(finding.hint)}" if finding.hint else ""]
        assert command.data == "\n".join(filter(None, words))
    assert {command.name for command in commands} <= {"error", "warning", "notice"}
    assert len(lines) >= len(findings)
    assert not closing.startswith(":")
    assert "##[" not in closing
