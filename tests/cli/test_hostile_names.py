"""Names that would steer a terminal, a page or a program are shown as what they are."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import OnTerminal
    from tests.conftest import Cli, Repository

_NAMES = {
    "\x1b[31mred": r"\x1b[31mred",
    "\x1b]0;title\x07": r"\x1b]0;title\x07",
    "bidi\u202eexe": r"bidi\u202eexe",
    "new\nline": r"new\nline",
    "carriage\rreturn": r"carriage\rreturn",
    "pi|pe": "pi|pe",
    "back`tick``s": "back`tick``s",
    "<script>x<": "<script>x<",
    "::error::x": "::error::x",
    "-dash": "-dash",
    "sp ace": "sp ace",
    "Upper": "Upper",
    "upper": "upper",
    "q'u\"o": "q'u\"o",
}
_CONFLICT = "numpy==1.0\nnumpy==2.0\n"
_FILES = {f"{name}/requirements.txt": f"{_CONFLICT}{name.splitlines()[0]} ==\n" for name in _NAMES}
_CONTROLS = {chr(code) for code in [*range(9), *range(11, 32), 127, 0x202E]}


@pytest.mark.parametrize("lister", ["walk", "git"])
def test_are_shown_in_every_format(lister: str, repository: Repository, cli: Cli) -> None:
    root = repository(_FILES, git=lister == "git")
    for arguments in ([], ["-v"], ["--format", "json"], ["--format", "markdown"]):
        run = cli("audit", ".", *arguments, cwd=root)
        assert (run.exit_code, run.stderr) == (1, "")
        assert not _CONTROLS & set(run.stdout)
        if not arguments:
            starts = [line.partition("/requirements.txt:1:1 REQ001 ") for line in run.stdout.splitlines()]
            assert {start for start, found, _ in starts if found} == set(_NAMES.values())
        if "json" in arguments:
            found = json.loads(run.stdout)["findings"]
            paths = {finding["path"] for finding in found if finding["code"] == "REQ001"}
            assert paths == {f"{shown}/requirements.txt" for shown in _NAMES.values()}
        if "markdown" in arguments:
            assert "<script>" not in _outside_code(run.stdout)


def _outside_code(markdown: str) -> str:
    """Return the text without its code spans, whose fences are all of one or a few backticks."""
    for fence in ("```", "``", "`"):
        markdown = "".join(markdown.split(fence)[::2])
    return markdown


def test_steer_no_terminal(repository: Repository, on_terminal: OnTerminal) -> None:
    code, page = on_terminal("audit", ".", cwd=repository(_FILES), environment={"NO_COLOR": "1"})
    assert code == 1
    assert not _CONTROLS & set(page)
    assert r"\x1b]0;title\x07/requirements.txt" in page


@pytest.mark.skipif(sys.platform == "darwin", reason="this file system takes only names in UTF-8")
@pytest.mark.parametrize("lister", ["walk", "git"])
def test_need_not_be_utf_8(lister: str, repository: Repository, cli: Cli) -> None:
    name = os.fsdecode(b"latin-\xe9")
    root = repository({f"{name}/requirements.txt": _CONFLICT, f"{name}/pyproject.toml": ""}, git=lister == "git")
    for arguments in ([], ["--format", "json"], ["--format", "markdown"], ["--output", "report"]):
        run = cli("audit", ".", *arguments, cwd=root)
        assert (run.exit_code, run.stderr) == (1, "")
        assert r"latin-\udce9/requirements.txt" in run.stdout.replace("\\\\", "\\") or "--output" in arguments
    run = cli("audit", ".", "--baseline", "b.json", "--write-baseline", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert cli("audit", ".", "-q", "--baseline", "b.json", cwd=root) == (0, "", "")
