"""Ignore comments in the files themselves: `# rrr: ignore[CODE] reason`, on the line of the finding."""

from __future__ import annotations

import io
import posixpath
import re
import tokenize
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.model import Location
from rrr_optimize.rules import get_rule, is_selector, match_selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.model import Finding
    from rrr_optimize.source import SourceText

MARK = "rrr: ignore["
_COMMENT = re.compile(r"(?:^|\s)#.*?\brrr: ignore\[(?P<selectors>[^\]\n]*)\](?P<reason>[^\n]*)")
# A string of TOML or a comment, whichever begins first.
_TOML_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''.*?'''"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'|#[^\n]*+",
    re.DOTALL,
)
_COMMENTED_SUFFIXES = (".txt", ".in", ".toml", ".cfg", ".ini", ".py", ".yml", ".yaml", ".sh", ".mk")
_COMMENTED_NAMES = ("Dockerfile", "Containerfile", "Makefile", "Pipfile")


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """One ignore comment: the selectors that it names, each with its place."""

    path: str
    line: int
    selectors: tuple[tuple[str, Location], ...]


def find_ignores(source: SourceText) -> Iterator[IgnoreComment]:
    """Yield the ignore comments of a file whose format has `#` comments; prose about them elsewhere is not one."""
    if MARK not in source.text or not _has_comments(source.path):
        return
    for match in _iter_comments(source):
        start = match.start("selectors")
        selectors = []
        for part in match["selectors"].split(","):
            length = len(part)
            offset = start + length - len(part.lstrip())
            line, column = source.position(offset)
            word = part.strip()
            selectors.append((word, Location(source.path, line, column, line, column + len(word))))
            start += length + 1
        yield IgnoreComment(source.path, selectors[0][1].line, tuple(selectors))


def apply_ignores(
    findings: Iterable[Finding], ignores: Iterable[IgnoreComment]
) -> tuple[list[Finding], int, list[Finding]]:
    """Return the findings that stay, how many were ignored, and a finding for each selector that ignored nothing.

    A comment means the findings whose primary location begins on its line.
    """
    by_line: dict[tuple[str, int], list[tuple[str, Location]]] = {}
    for ignore in ignores:
        by_line.setdefault((ignore.path, ignore.line), []).extend(ignore.selectors)
    used: set[Location] = set()
    kept: list[Finding] = []
    ignored = 0
    for finding in findings:
        here = by_line.get((finding.location.path, finding.location.line), [])
        matching = [place for selector, place in here if selector and _means(selector, finding)]
        used.update(matching)
        if matching:
            ignored += 1
        else:
            kept.append(finding)
    unused = [
        _unused(selector, place) for selectors in by_line.values() for selector, place in selectors if place not in used
    ]
    return kept, ignored, unused


def _has_comments(path: str) -> bool:
    name = posixpath.basename(path)
    return name.endswith(_COMMENTED_SUFFIXES) or name.startswith(_COMMENTED_NAMES)


def _iter_comments(source: SourceText) -> Iterator[re.Match[str]]:
    if source.path.endswith(".py"):
        lines = _python_comment_lines(source.text)
        for match in _COMMENT.finditer(source.text):
            if source.position(match.start("selectors"))[0] in lines:
                yield match
        return
    strings: list[tuple[int, int]] = []
    if source.path.endswith((".toml", "Pipfile")):
        strings = _toml_strings(source.text)
    elif source.path.endswith((".yml", ".yaml")):
        strings = _quoted_yaml(source.text)
    for match in _COMMENT.finditer(source.text):
        if not any(start < match.start("selectors") < end for start, end in strings):
            yield match


def _toml_strings(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _TOML_TOKEN.finditer(text) if not match[0].startswith("#")]


def _quoted_yaml(text: str) -> list[tuple[int, int]]:
    """Return the quoted scalars of a YAML text; in a block scalar, a script say, a comment is the script's."""
    import yaml

    found: list[tuple[int, int]] = []
    # What was read up to a mistake counts; the file's own trouble is another rule's.
    with suppress(yaml.YAMLError, RecursionError):
        found.extend(
            (token.start_mark.index, token.end_mark.index)
            for token in yaml.scan(text, Loader=yaml.SafeLoader)
            if isinstance(token, yaml.ScalarToken) and token.style in {"'", '"'}
        )
    return found


def _python_comment_lines(text: str) -> set[int]:
    """Return the lines with a real comment that mentions us: strings that show one are not comments."""
    lines = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.COMMENT and MARK in token.string:
                lines.add(token.start[0])
    except (tokenize.TokenError, SyntaxError):
        pass  # what was read up to there counts; the file's own trouble is another rule's
    return lines


def _means(selector: str, finding: Finding) -> bool:
    return match_selector(selector, get_rule(finding.code)) > 0


def _unused(selector: str, place: Location) -> Finding:
    rule = get_rule("RRR002")
    if selector and not is_selector(selector):
        message = f"the ignore of {selector} names no rule"
        hint = "`rrr-optimize rule` lists them all"
    else:
        message = f"the ignore of {selector or 'nothing'} ignores nothing on this line"
        hint = "take it out, or put it on the line that a finding names first"
    return rule.finding(place, message, selector, why="It would hide the next finding on this line.", hint=hint)
