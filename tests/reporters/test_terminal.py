from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from rrr_optimize.model import Location, NotAnalysed, Related
from rrr_optimize.reporters import terminal

if TYPE_CHECKING:
    from rrr_optimize.model import Report

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_says_that_all_is_clear(clean_report: Report) -> None:
    assert terminal.render(clean_report) == "All clear: 12 files of 3 projects read, no findings\n"


def test_says_nothing_of_a_clean_report_when_quiet(clean_report: Report) -> None:
    assert terminal.render(clean_report, quiet=True) == ""


def test_takes_brackets_and_colons_of_the_repository_for_text(busy_report: Report) -> None:
    finding = replace(busy_report.findings[0], message="[red]x[/red] [link=https://e.org]y :smile: [/]")
    page = terminal.render(replace(busy_report, findings=(finding,)), color=True)
    assert "[red]x[/red] [link=https://e.org]y :smile: [/]" in page


def test_shows_the_whole_page(busy_report: Report) -> None:
    assert (
        terminal.render(busy_report)
        == """\
Requirements: 1 error, 1 warning, 6 notes
  40 declarations of 21 packages in 3 files; taken together, 3 asked for in more
  than one way, 1 pinned to more than one version, 1 that no version satisfies

apps/api/requirements.txt
  12:1  warning  REQ003  joblib is pinned to 1.3.2 here and to 1.1.0 in 8
      other files
      also libs/l1/requirements.txt:3 joblib==1.1.0
      also libs/l2/requirements.txt:3 joblib==1.1.0
      also libs/l3/requirements.txt:3 joblib==1.1.0
      also libs/l4/requirements.txt:3 joblib==1.1.0
      also libs/l5/requirements.txt:3 joblib==1.1.0
      also libs/l6/requirements.txt:3 joblib==1.1.0
      and 2 more (-v lists them)
      why: A folder that installs both files gets whichever comes last.
      hint: Agree on one version; 1.3.2 satisfies every range.
      fix: review
  14:1  error  REQ014  google-api-core=2.5.0 is no requirement: a version
      follows ==, not =

note: REQ005 version-drift: 5 packages (httpx, numpy, pandas and 2 more);
      -v lists them
note: REQ007 marker-separated: tomli is kept apart by python_version
      (requirements.txt:40)
note: Only the working tree was looked at.
not analysed: libs/a/setup.py and libs/b/setup.py: its requirements are
      computed
not analysed: big.txt: larger than 2 MB

1 error, 1 warning, 6 notes in 12 files of 2 projects; 1 can be fixed after a
review; 2 held back by the baseline; 1 ignored on request
"""
    )


def test_lists_every_note_and_every_place_when_verbose(busy_report: Report) -> None:
    page = terminal.render(busy_report, verbose=True)
    assert "\n  2:1  note  REQ005  httpx is asked for in 2 compatible ways\n" in page
    assert "also libs/l8/requirements.txt:3 joblib==1.1.0\n" in page
    assert "-v lists them" not in page
    assert page.count("A folder that installs both files") == 1
    assert "\nlibs/b/setup.py: not analysed: its requirements are computed\n" in page


def test_leaves_errors_and_warnings_alone_when_quiet(busy_report: Report) -> None:
    page = terminal.render(busy_report, quiet=True, verbose=True)
    assert page.startswith("apps/api/requirements.txt\n  12:1  warning")
    assert page.endswith("follows ==, not =\n\n")
    assert "REQ005" not in page


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_colour_adds_escape_sequences_and_changes_nothing_else(
    busy_report: Report, width: int, *, verbose: bool
) -> None:
    plain = terminal.render(busy_report, verbose=verbose, width=width)
    colored = terminal.render(busy_report, verbose=verbose, width=width, color=True)
    assert "\x1b[1;31merror\x1b[0m" in colored
    assert "\x1b[33mwarning\x1b[0m" in colored
    assert _ESCAPE.sub("", colored) == plain


@pytest.mark.parametrize("width", [1, 40, 60, 100])
def test_breaks_between_words_and_drops_none(busy_report: Report, width: int) -> None:
    narrow = terminal.render(busy_report, verbose=True, width=width)
    assert narrow.split() == terminal.render(busy_report, verbose=True, width=1000).split()
    assert not [line for line in narrow.splitlines() if line != line.rstrip()]
    too_long = [line for line in narrow.splitlines() if cell_len(line) > width and len(line.split()) > 2]
    assert not (too_long and width >= 40)


def test_counts_wide_characters_as_two_columns(busy_report: Report) -> None:
    finding = replace(busy_report.findings[0], message="数据 " * 30)
    page = terminal.render(replace(busy_report, findings=(finding,)), width=60)
    assert max(map(cell_len, page.splitlines())) <= 60


def test_keeps_a_long_path_in_one_piece(busy_report: Report) -> None:
    path = "/".join(["folder"] * 30) + "/requirements.txt"
    related = (Related(Location(path, 7), "joblib==1.1.0"),)
    finding = replace(busy_report.findings[0], location=Location(path), related=related)
    gaps = (NotAnalysed(path, "larger than 2 MB"),)
    page = terminal.render(replace(busy_report, findings=(finding,), not_analysed=gaps))
    assert page.count(path) == 3
    assert f"{path}:7" in page


@pytest.mark.parametrize("name", ["COLUMNS", "TERM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"])
def test_does_not_look_at_the_environment(busy_report: Report, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [terminal.render(busy_report, color=color, width=50) for color in (False, True)]
    monkeypatch.setenv(name, "dumb" if name == "TERM" else "1")
    assert [terminal.render(busy_report, color=color, width=50) for color in (False, True)] == before
