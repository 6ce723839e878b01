"""A minor version of Python 3 as it is spelled in a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator


class InterpreterText(NamedTuple):
    """A minor version of Python 3, and the characters that name it: `3.11.4`, or the `310` of `py{310,311}`.

    The version is what is written, not what YAML makes of it: 3.10 without quotes is (3, 10) here and 3.1 there.
    """

    minor: tuple[int, int]
    span: Span


_NUMBER = r"(?P<version>3\.(?P<minor>\d{1,2})(?:\.(?:\d{1,3}|x|\*)(?![\d]))?)"
_SUFFIX = r"(?:t|-dev|-?(?:a|alpha|b|beta|rc)\.?\d*)?(?![\w.])"
_VERSION = re.compile(rf"(?<![\w.\-/$])(?:c?python-?|pypy-?|py)?{_NUMBER}{_SUFFIX}")
_COMPARISON = re.compile(r"[<>=~^!][ \t]*$")
_IMAGE = re.compile(
    rf"(?:^|/)(?:python|pypy):(?:\d-)?{_NUMBER}(?!\d)|[:\-]python-?{_NUMBER.replace('P<', 'P<tag_')}(?!\d)"
)


def find_versions(text: str, start: int, end: int) -> Iterator[InterpreterText]:
    """Yield the versions in a stretch of text; a version after a comparison, such as `>=3.9`, names no interpreter."""
    for match in _VERSION.finditer(text, start, end):
        if not _COMPARISON.search(text, max(start, match.start() - 5), match.start()):
            yield InterpreterText((3, int(match["minor"])), Span(*match.span("version")))


def find_image_version(reference: str) -> InterpreterText | None:
    """Return the Python of a container image by its name and tag, with offsets in the reference.

    `python:3.11-slim` behind any registry and folder, and tags such as `2.7.0-python3.10`.
    """
    match = _IMAGE.search(reference)
    if match is None:
        return None
    prefix = "" if match["version"] else "tag_"
    return InterpreterText((3, int(match[f"{prefix}minor"])), Span(*match.span(f"{prefix}version")))
