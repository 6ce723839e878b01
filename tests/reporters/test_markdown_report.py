from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from rrr_optimize.model import Finding, Location, NotAnalysed, Related, Report, Severity
from rrr_optimize.reporters import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_OURS = frozenset(
    {"text", "code_inline", "inline", "softbreak"}
    | {
        f"{name}_{end}"
        for name in (
            "heading",
            "paragraph",
            "bullet_list",
            "list_item",
            "strong",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        )
        for end in ("open", "close")
    }
)


def test_says_that_all_is_clear(clean_report: Report) -> None:
    assert markdown.render(clean_report) == "# Audit\n\nAll clear: 12 files of 3 projects read, no findings.\n"


def test_shows_the_whole_document(busy_report: Report) -> None:
    related = "\n".join(f"  - also `libs/l{n}/requirements.txt:3` `joblib==1.1.0`" for n in range(1, 7))
    assert (
        markdown.render(busy_report)
        == f"""\
# Audit

1 error, 1 warning, 6 notes in 12 files of 2 projects; 1 can be fixed after a review; \
2 held back by the baseline; 1 ignored on request.

| Domain | Errors | Warnings | Notes |
| --- | ---: | ---: | ---: |
| Requirements | 1 | 1 | 6 |

40 declarations of 21 packages in 3 files; taken together, 3 asked for in more than one way, \
1 pinned to more than one version, 1 that no version satisfies.

## Findings

### `apps/api/requirements.txt`

- `12:1` **warning** `REQ003` clashing-pins: joblib is pinned to 1.3.2 here and to 1.1.0 in 8 other files
{related}
  - and 2 more
  - why: A folder that installs both files gets whichever comes last.
  - hint: Agree on one version; 1.3.2 satisfies every range.
  - fix: review
- `14:1` **error** `REQ014` invalid-requirement: `google-api-core=2.5.0` is no requirement: \
a version follows `==`, not `=`

## Notes

- Note: Only the working tree was looked at.

### `REQ005` version-drift

| Where | What |
| --- | --- |
| `requirements.txt:2` | httpx is asked for in 2 compatible ways |
| `requirements.txt:3` | numpy is asked for in 2 compatible ways |
| `requirements.txt:4` | pandas is asked for in 2 compatible ways |
| `requirements.txt:5` | pydantic is asked for in 2 compatible ways |
| `requirements.txt:6` | scipy is asked for in 2 compatible ways |

### `REQ007` marker-separated

| Where | What |
| --- | --- |
| `requirements.txt:40` | tomli is kept apart by `python_version` |

## Not analysed

| Why | Where |
| --- | --- |
| its requirements are computed | `libs/a/setup.py`, `libs/b/setup.py` |
| larger than 2 MB | `big.txt` |
"""
    )


def test_leaves_the_notes_out_when_quiet(busy_report: Report) -> None:
    document = markdown.render(busy_report, quiet=True)
    assert "## Findings" in document
    assert "## Notes" not in document
    assert "## Not analysed" not in document


def test_cuts_long_lists_unless_verbose(busy_report: Report) -> None:
    drift = busy_report.findings[2]
    gaps = tuple(NotAnalysed(f"{n}/setup.py", "its requirements are computed") for n in range(30))
    report = replace(busy_report, findings=(busy_report.findings[0], *[drift] * 30), not_analysed=gaps)
    document = markdown.render(report)
    assert document.count(drift.message) == 20
    assert "\nAnd 10 more.\n" in document
    assert "`5/setup.py` and 24 more |" in document
    whole = markdown.render(report, verbose=True)
    assert whole.count(drift.message) == 30
    assert "29/setup.py" in whole
    assert "libs/l8/" in whole
    assert "and 2 more" not in whole
    assert "And 10 more" not in whole


def test_does_not_name_the_folder_of_this_machine(busy_report: Report) -> None:
    assert "/home/me/secret-client" not in markdown.render(replace(busy_report, root="/home/me/secret-client"))


HOSTILE = (
    "<script>alert(1)</script>",
    "a<b>c</b>",
    "<!-- comment",
    "<https://evil.example>",
    "[text](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "[text][ref]",
    "[ref]: https://evil.example",
    "https://evil.example www.evil.example me@evil.example",
    "@octocat ping @org/team",
    "#123 GH-123 org/repo#1 0123456789abcdef0123456789abcdef01234567",
    "a | b || c",
    "a\\|b \\\\| |",
    "|---|---|",
    "`code` ``x `",
    "`",
    "a\\",
    "\\`x`",
    "**bold** _italic_ ~~gone~~",
    "$x^2$ $$y$$",
    ":smile: note:smile:",
    "&lt;b&gt; &#64;octocat",
    "# heading",
    "1. list",
    "- list",
    "> quote",
    "---",
    "    indented",
    "one\ntwo\n\n| a | b |\n| - | - |\n<br>",
    "\u202eright to left",
    "\x1b[31mred",
    "(see `x`), [y]!",
    "!!! ()",
    "",
    " ",
)


@pytest.mark.parametrize("text", HOSTILE, ids=map(ascii, HOSTILE))
def test_no_string_of_the_repository_becomes_markup(text: str) -> None:
    document = markdown.render(_report_of(text))
    tokens = _PARSER.parse(document)
    assert {token.type for token in _flat(tokens)} <= _OURS
    assert _shape(tokens) == _shape(_PARSER.parse(markdown.render(_report_of("plain"))))
    prose = " ".join(token.content for token in _flat(tokens) if token.type == "text")
    assert not set("@#<>[]|*_~$&\\`\x1b\u202e") & set(prose)
    assert "://" not in prose
    assert "www." not in prose


@pytest.mark.parametrize(
    "text", [text for text in HOSTILE if text.strip() and "\\" not in text and text.isprintable() and "  " not in text]
)
def test_a_reader_sees_what_the_repository_holds(text: str) -> None:
    report = Report("", (), (_finding(text),), files_read=1)
    words = [token.content for token in _flat(_PARSER.parse(markdown.render(report))) if token.children is None]
    assert text.replace(" ", "") in "".join(words).replace(" ", "")


def test_a_pipe_after_a_backslash_stays_in_its_cell() -> None:
    # Readers differ on whether the second backslash of a pair still protects the pipe.
    cells = [line for line in markdown.render(_report_of("a\\|b|c")).splitlines() if line.startswith("|")]
    assert any("a\\\\x7cb\\|c" in line for line in cells)
    assert not [line for line in cells if "\\\\|" in line]


def _report_of(text: str) -> Report:
    note = replace(_finding(text), severity=Severity.INFO)
    return Report("", (), (_finding(text), note), {}, (NotAnalysed(text, text),), (text,), 1)


def _finding(text: str) -> Finding:
    related = (Related(Location(text, 2), text),)
    return Finding("REQ001", text, Severity.ERROR, Location(text), text, text, f"why {text}", f"hint {text}", related)


def _flat(tokens: Iterable[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *_flat(token.children or ()))]


def _shape(tokens: Iterable[Token]) -> list[str]:
    return [token.type for token in tokens]
