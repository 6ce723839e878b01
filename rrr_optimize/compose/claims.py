"""Numbers of services and networks that people write down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.model import Location
    from rrr_optimize.source import SourceText

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_CLAIM = re.compile(
    rf"(?<![\w.:/-])(?P<number>\d{{1,3}}|{'|'.join(_WORDS)}) (?:docker |compose )?(?P<noun>service|network)s\b",
    re.IGNORECASE,
)
_PARTIAL = re.compile(
    r"(?:\b(?:of|other|these|those|more|following|each|per|than|up to|least|first|instead of|core|main)\b|[+])[^.]*$",
    re.IGNORECASE,
)
# "7 services had weak defaults" tells of those seven, "all 7 services had ..." of the whole.
_SINGLED_OUT = re.compile(r" (?:had|needs?|needed|lack(?:s|ed)?|without|whose|that|which)\b", re.IGNORECASE)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """A number, what it counts (`service` or `network`), where it stands, and the line around it."""

    number: int
    noun: str
    location: Location
    line: str


def find_claims(source: SourceText, line: re.Pattern[str]) -> Iterator[Claim]:
    """Yield the last claim of each kind in every line that matches; a part of a whole is no claim."""
    offset = 0
    for text in source.text.splitlines(keepends=True):
        if len(text) < _LONGEST and line.match(text):
            found = {match["noun"].lower(): match for match in _CLAIM.finditer(text) if not _is_partial(text, match)}
            for noun, match in found.items():
                number = match["number"].lower()
                value = int(number) if number.isdigit() else _WORDS.index(number) + 1
                span = Span(offset + match.start(), offset + match.end())
                yield Claim(value, noun, source.locate(span), text)
        offset += len(text)


def _is_partial(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 25) : match.start()]
    if _PARTIAL.search(before):
        return True
    return _SINGLED_OUT.match(text, match.end()) is not None and not before.lower().endswith("all ")
