"""The quirks of one logical line: how it is joined, what it asks for, its options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.formats.requirement_quirks import PIP, UV, Quirk, QuirkKind
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.formats.logical_lines import LogicalLine
    from rrr_optimize.formats.requirement_options import Option, Word
    from rrr_optimize.formats.requirement_text import Reading

_OF_PIP_ALONE = frozenset({"--config-settings", "--no-require-hashes", "--all-releases", "--only-final"})
_OF_A_REQUIREMENT = frozenset({"--hash", "--config-settings"})


def find_joining_quirks(line: LogicalLine, options_start: int) -> Iterator[Quirk]:
    """Yield quirks of backslashes that end a line; `options_start` is where the options begin in the joined text."""
    if line.swallowed:
        message = f"{PIP} joins this line to the comment before it and so drops it, {UV} reads it"
        yield Quirk(QuirkKind.SWALLOWED_LINE, line.swallowed, message)
    if line.backslash and line.text and options_start == len(line.text):
        message = f"{PIP} drops a backslash that nothing follows, {UV} refuses the line"
        yield Quirk(QuirkKind.TRAILING_BACKSLASH, line.backslash, message)
    for start in line.starts:
        if 0 < start < len(line.text) and not _is_before_hash(line.text, start, options_start):
            backslash = line.offset(start - 1) + 1
            message = f"{PIP} joins the two lines, {UV} does so only after a blank and in front of a hash"
            yield Quirk(QuirkKind.CONTINUATION, Span(backslash, backslash + 1), message)


def _is_before_hash(text: str, start: int, options_start: int) -> bool:
    # uv asks for the blank only between two hashes.
    return text[start:].lstrip().startswith("--hash") and (text[start - 1] in " \t" or start <= options_start)


def find_reading_quirks(line: LogicalLine, reading: Reading, start: int, *, editable: bool) -> Iterator[Quirk]:
    """Yield quirks of the requirement itself, whose text begins at `start` in the text of the line."""
    target = reading.target or ""
    if reading.separator_at is not None and not editable:
        separator = start + reading.separator_at
        at = line.locate(separator, separator + 1)
        if reading.marker is None and reading.problem is None:
            yield Quirk(QuirkKind.EMPTY_MARKER, at, f"{PIP} takes an empty marker for none, {UV} refuses it")
        elif target and line.text[separator - 1] not in " \t":
            message = f"{PIP} ends the address at this semicolon, {UV} takes it for a part of the address"
            yield Quirk(QuirkKind.MARKER_SEPARATOR, at, message)
    if reading.target_at is None:
        return
    at = line.locate(start + reading.target_at[0], start + reading.target_at[1])
    if ";" in target and not editable:
        message = f"{PIP} takes the semicolon for a part of the URL, {UV} begins a marker at one after a blank"
        yield Quirk(QuirkKind.MARKER_SEPARATOR, at, message)
    if editable and "://" in target and not target.startswith("file:"):
        message = f"{PIP} checks the repository out, {UV} refuses editables of version control"
        yield Quirk(QuirkKind.EDITABLE_URL, at, message)
    if reading.egg_extras:
        message = f"{PIP} refuses extras in an egg fragment, {UV} does not; both read `name[extra] @ URL`"
        yield Quirk(QuirkKind.EGG_EXTRAS, at, message)


def find_option_quirks(
    line: LogicalLine, options: Sequence[Option], strays: Sequence[Word], kept: Option | None, *, named: bool
) -> Iterator[Quirk]:
    """Yield quirks of the options of a line.

    `kept` is the one option that decides what the line is (-e, -r, -c), `named` says that a requirement stands before
    the options.
    """
    for option in options:
        at = line.locate(option.start, option.end)
        yield from (Quirk(kind, at, message) for kind, message in _spelling(option, line.text))
        if option.name in _OF_PIP_ALONE or option.spelled == "--pypi-url":
            yield Quirk(QuirkKind.PIP_OPTION, at, f"{UV} refuses {option.spelled} in a file")
        elif option.name not in _OF_A_REQUIREMENT and option is not kept and (named or kept):
            message = f"{PIP} passes over {option.spelled} here, {UV} does not"
            yield Quirk(QuirkKind.IGNORED_OPTION, at, message)
        elif option.name == "--hash" and not named and kept is None:
            message = f"{PIP} passes over a hash without a requirement, {UV} refuses it"
            yield Quirk(QuirkKind.IGNORED_OPTION, at, message)
    if strays:
        of_uv = f"{UV} does not" if named or kept or not options else f"so does {UV}"
        message = f"{PIP} passes over this text, {of_uv}"
        yield Quirk(QuirkKind.IGNORED_TEXT, line.locate(strays[0].start, strays[-1].end), message)


def _spelling(option: Option, text: str) -> Iterator[tuple[QuirkKind, str]]:
    if option.glued and option.value.startswith("="):
        yield QuirkKind.GLUED_VALUE, f"{PIP} takes the = for a part of the value, {UV} does not"
    elif option.glued:
        yield QuirkKind.GLUED_VALUE, f"{PIP} reads {option.spelled} without a blank after it, {UV} refuses it"
    elif option.spelled.startswith("--") and option.spelled not in (option.name, "--pypi-url"):
        yield QuirkKind.SHORTENED_OPTION, f"{PIP} reads it as {option.name}, {UV} refuses it"
    if option.name == "--editable" and text[option.value_start : option.value_end] != option.value:
        yield QuirkKind.QUOTED_VALUE, f"{PIP} takes the quotes off, {UV} keeps them in the path"
