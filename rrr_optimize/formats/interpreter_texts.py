"""The Python versions that a file names: images, CI matrices, tox environments, version files."""

from __future__ import annotations

import re
from enum import Enum
from itertools import zip_longest
from typing import TYPE_CHECKING, assert_never

from rrr_optimize.formats.base_images import find_base_images
from rrr_optimize.formats.python_versions import InterpreterText, find_image_version, find_versions
from rrr_optimize.formats.text_lines import Line, split_lines
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.source import SourceText

_CI_KEY = re.compile(
    r"""(?:^|[\s{,])["']?
    (?: (?P<image>image|container) | python(?:[\-_. ]?versions?)? | \w{0,40}_python_version | versionSpec )
    ["']?[ ]*+:(?=\s|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_EXPRESSION = re.compile(r"\$\{\{(?:[^{}\r\n]|\{\d\}){0,300}+\}\}")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_CHILD = re.compile(r"""[ \t]*(?P<dash>-[ ]+)?(?:["']?version["']?[ ]*:[ ]*)?["']?[^\s"':\[\]{}]*["']?[ \t]*(?:#.*)?""")
_REFERENCE = re.compile(r"""[ ]*["']?(?:docker://)?([^\s"'#]{1,400})""")
_TOX_KEY = re.compile(r"(?P<envlist>env_?list)[ \t]*=|(?:basepython|base_python)[ \t]*=")
_TOX_NAME = re.compile(r"(?<![\w.])(?:pypy|python|py)(?P<head>\d{0,3})(?:\{(?P<choices>[^{}]{0,400}+)\})?")
_CHOICE = re.compile(r"[^,\s]+")
_TOX_MINOR = re.compile(r"3(\d{1,2})")
_TOX_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})")


class InterpreterFile(Enum):
    """The kinds of files that name Pythons; CI stands for every YAML file that does, Read the Docs' too."""

    VERSION_FILE = "version file"
    DOCKERFILE = "dockerfile"
    CI = "ci"
    TOX = "tox"


def find_interpreter_texts(source: SourceText, kind: InterpreterFile) -> tuple[InterpreterText, ...]:
    """Return the versions that `.python-version`, `runtime.txt`, a Dockerfile, a CI file or tox.ini names, in order.

    Expressions, ranges and versions without a minor part are left out. Never raises; linear in the text.
    """
    match kind:
        case InterpreterFile.VERSION_FILE:
            found = _read_version_file(source.text)
        case InterpreterFile.DOCKERFILE:
            found = _read_dockerfile(source.text)
        case InterpreterFile.CI:
            found = _read_ci(source.text)
        case InterpreterFile.TOX:
            found = _read_tox(source.text)
        case _:
            assert_never(kind)
    return tuple(found)


def _read_version_file(text: str) -> Iterator[InterpreterText]:
    for line in split_lines(text):
        comment = line.text.find("#")
        yield from find_versions(text, line.start, line.start + (comment if comment >= 0 else len(line.text)))


def _read_dockerfile(text: str) -> Iterator[InterpreterText]:
    for image in find_base_images(text):
        if version := find_image_version(image.reference):
            origins = image.origins[version.span.start : version.span.end]
            is_whole = origins[-1] - origins[0] == len(origins) - 1
            yield version._replace(span=Span(origins[0], origins[-1] + 1) if is_whole else image.span)


def _read_ci(text: str) -> Iterator[InterpreterText]:
    lines = list(split_lines(text))
    for number, line in enumerate(lines):
        comment = _COMMENT.search(line.text)
        end = comment.start() if comment else len(line.text)
        keys = list(_CI_KEY.finditer(line.text, 0, end))
        # In `{python: 3.9, image: x}` a value ends where the next key begins.
        for match, following in zip_longest(keys, keys[1:]):
            start, stop = line.start + match.end(), line.start + (following.start() if following else end)
            if match["image"]:
                yield from _read_image(text, start, stop)
            else:
                yield from _read_ci_value(text, lines[number : number + 100], start, stop)


def _read_image(text: str, start: int, end: int) -> Iterator[InterpreterText]:
    reference = _REFERENCE.match(text, start, end)
    if reference and (version := find_image_version(reference[1])):
        yield _shift(version, reference.start(1))


def _shift(version: InterpreterText, offset: int) -> InterpreterText:
    return version._replace(span=Span(version.span.start + offset, version.span.end + offset))


def _read_ci_value(text: str, lines: list[Line], start: int, end: int) -> Iterator[InterpreterText]:
    value = text[start:end].strip()
    if value.startswith("["):
        yield from _read_flow_list(text, lines, start, end)
    elif value[:1] in {"", "|", ">", "&"}:
        yield from _read_children(text, lines)
    elif "$" not in value and "{{" not in value:
        ends = [offset for mark in ",}" if (offset := text.find(mark, start, end)) >= 0]
        yield from find_versions(text, start, min(ends, default=end))


def _read_flow_list(text: str, lines: list[Line], start: int, end: int) -> Iterator[InterpreterText]:
    """Yield the versions up to the closing bracket, which may stand some lines below; a line with a key ends it too."""
    for line in [*lines[1:], None]:
        plain = _EXPRESSION.sub(lambda match: " " * len(match[0]), text[start:end])
        close = plain.find("]")
        for version in find_versions(plain, 0, close if close >= 0 else len(plain)):
            yield _shift(version, start)
        if close >= 0 or line is None or ":" in line.text:
            return
        comment = _COMMENT.search(line.text)
        start, end = line.start, line.start + (comment.start() if comment else len(line.text))


def _read_children(text: str, lines: list[Line]) -> Iterator[InterpreterText]:
    """Yield the versions of the lines below a key: items of a list, lines of a block, or `version:` of a mapping."""
    margin = lines[0].indent
    for line in lines[1:]:
        if line.is_blank or line.text.lstrip().startswith("#"):
            continue
        child = _CHILD.fullmatch(line.text)
        if child is None or line.indent < margin or (line.indent == margin and not child["dash"]):
            return
        comment = line.text.find("#")
        yield from find_versions(text, line.start, line.start + (comment if comment >= 0 else len(line.text)))


def _read_tox(text: str) -> Iterator[InterpreterText]:
    is_open = False
    for line in split_lines(text):
        content = line.text.partition("#")[0]
        start = line.start
        if content[:1] not in {" ", "\t", ""}:
            key = _TOX_KEY.match(content)
            is_open = key is not None
            start += key.end() if key else 0
        if is_open:
            yield from _read_environments(text, start, line.start + len(content))


def _read_environments(text: str, start: int, end: int) -> Iterator[InterpreterText]:
    yield from (found for found in find_versions(text, start, end))
    for name in _TOX_NAME.finditer(text, start, end):
        if name["choices"] is None:
            yield from _read_minors(name["head"], Span(*name.span("head")))
            continue
        for choice in _CHOICE.finditer(text, *name.span("choices")):
            yield from _read_minors(name["head"] + choice[0], Span(*choice.span()), name["head"])


def _read_minors(digits: str, span: Span, head: str = "") -> Iterator[InterpreterText]:
    """Yield (3, 10) for `310`, and for `3{8-10}` the three of the range."""
    if minor := _TOX_MINOR.fullmatch(digits):
        yield InterpreterText((3, int(minor[1])), span)
    elif (ends := _TOX_RANGE.fullmatch(digits.removeprefix(head))) and head == "3":
        yield from (InterpreterText((3, number), span) for number in range(int(ends[1]), int(ends[2]) + 1))
