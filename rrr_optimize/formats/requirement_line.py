"""One line of a requirements file: what kind it is, what it asks for, where its parts stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from rrr_optimize.formats.requirement_hints import find_variables, suggest
from rrr_optimize.formats.requirement_line_quirks import find_joining_quirks, find_option_quirks, find_reading_quirks
from rrr_optimize.formats.requirement_options import Option, OptionsError, Word, read_options
from rrr_optimize.formats.requirement_quirks import PIP, UV, Quirk, QuirkKind
from rrr_optimize.formats.requirement_text import Reading, read_editable, read_requirement

if TYPE_CHECKING:
    from rrr_optimize.formats.logical_lines import LogicalLine
    from rrr_optimize.model import Span


class LineKind(Enum):
    """What a logical line is for."""

    BLANK = "blank"
    COMMENT = "comment"
    REQUIREMENT = "requirement"
    INCLUDE = "include"
    CONSTRAINT = "constraint"
    EDITABLE = "editable"
    OPTION = "option"
    PATH_OR_URL = "path-or-url"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class RequirementText:
    """A requirement that has a name; every text is as spelled in the file.

    `specifier` is without parentheses. A span is None where a continuation runs through what it would cover;
    `specifier_span` is empty, at the place to write one, where there is no specifier, and None where there is a URL.
    """

    name: str
    extras: tuple[str, ...]
    specifier: str
    url: str | None
    marker: str | None
    span: Span | None
    name_span: Span | None
    specifier_span: Span | None
    editable: bool = False


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One logical line, continuations and line end included in its span.

    `content` leaves out indentation, comment and line end. `target` is what -r, -c and -e name, a path or a URL,
    without quotes, extras and marker; `target_span` is None where the file does not have exactly these characters.
    `marker` and `extras` belong to a target without a name. `options` are all options of the line by their long names,
    with an empty value where none is taken; `option_spans` are their places. `variables` are the `${NAME}`s that pip
    would fill in. An INVALID line has an error; it has a requirement too where pip, against all appearances, reads one
    (`google - auth` installs `google`).
    """

    kind: LineKind
    span: Span
    content: Span
    comment: Span | None = None
    requirement: RequirementText | None = None
    target: str | None = None
    target_span: Span | None = None
    marker: str | None = None
    extras: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    option_spans: tuple[Span, ...] = ()
    error: str | None = None
    error_span: Span | None = None
    hint: str = ""
    variables: tuple[str, ...] = ()
    quirks: tuple[Quirk, ...] = ()


def read_line(logical: LogicalLine) -> RequirementLine:
    """Read one logical line; never raises."""
    text = logical.text
    if not text:
        kind = LineKind.COMMENT if logical.comment else LineKind.BLANK
        line = RequirementLine(kind, logical.span, logical.content, logical.comment)
        options_start = 0
    elif text[0] != "-" and " -" not in text:
        options_start = len(text)
        line = _describe(logical, read_requirement(text), 0, text)
    else:
        options_start = 0 if text[0] == "-" else text.index(" -") + 1
        line = _read_with_options(logical, options_start)
    if logical.starts and (quirks := tuple(find_joining_quirks(logical, options_start))):
        line = replace(line, quirks=(*line.quirks, *quirks))
    return line


def _read_with_options(logical: LogicalLine, start: int) -> RequirementLine:
    text = logical.text
    try:
        options, strays = read_options(text, start)
    except OptionsError as error:
        line = _invalid(logical, str(error), logical.locate(error.start, error.end), hint="")
        if "md5:" in text[error.start : error.end]:
            message = f"{PIP} refuses an MD5 hash, {UV} does not"
            line = replace(line, quirks=(Quirk(QuirkKind.WEAK_HASH, logical.locate(error.start, error.end), message),))
        return line
    kept = _deciding_option(options)
    requirement = text[:start].rstrip()
    if requirement:
        # pip lets -e behind a requirement make that requirement an editable, whatever its own value.
        editable = kept is not None and kept.name == "--editable"
        reading = read_editable(requirement) if editable else read_requirement(requirement)
        line = _describe(logical, reading, 0, requirement, editable=editable)
        kept = kept if editable else None
    else:
        line = _read_deciding_option(logical, kept)
    if not options:
        line = _refuse_strays(logical, line, strays, requirement)
    return replace(
        line,
        options=tuple((option.name, option.value) for option in options),
        option_spans=tuple(logical.locate(option.start, option.end) for option in options),
        quirks=(*line.quirks, *find_option_quirks(logical, options, strays, kept, named=bool(requirement))),
    )


def _deciding_option(options: list[Option]) -> Option | None:
    """Return the one option that says what the line is: pip looks for -e, then -r, then -c, and takes the first."""
    for name in ("--editable", "--requirement", "--constraint"):
        for option in options:
            if option.name == name:
                return option
    return None


def _read_deciding_option(logical: LogicalLine, option: Option | None) -> RequirementLine:
    if option is None:
        return _line(logical, LineKind.OPTION)
    raw = logical.text[option.value_start : option.value_end]
    start = option.value_start + raw.find(option.value) if option.value and option.value in raw else None
    if option.name == "--editable":
        return _describe(logical, read_editable(option.value), start, option.value, editable=True)
    kind = LineKind.INCLUDE if option.name == "--requirement" else LineKind.CONSTRAINT
    target_span = None if start is None else logical.locate_whole(start, start + len(option.value))
    return replace(_line(logical, kind), target=option.value, target_span=target_span)


def _refuse_strays(
    logical: LogicalLine, line: RequirementLine, strays: list[Word], requirement: str
) -> RequirementLine:
    """Call a line invalid whose dash begins no option: pip installs what stands before the dash and says nothing."""
    if line.kind is LineKind.INVALID:
        return line
    span = logical.locate(strays[0].start, strays[-1].end)
    error = f"pip reads only {requirement} and passes over the rest" if requirement else "pip passes over this line"
    return replace(line, kind=LineKind.INVALID, error=error, error_span=span, hint=suggest(logical.text))


def _line(logical: LogicalLine, kind: LineKind) -> RequirementLine:
    return RequirementLine(kind, logical.span, logical.content, logical.comment, variables=find_variables(logical.text))


def _invalid(logical: LogicalLine, error: str, span: Span, hint: str) -> RequirementLine:
    return replace(_line(logical, LineKind.INVALID), error=error, error_span=span, hint=hint)


def _describe(
    logical: LogicalLine, reading: Reading, start: int | None, text: str, *, editable: bool = False
) -> RequirementLine:
    """Place a reading of `text` in the file; `start` is where it begins in the line, None where quotes hide that."""
    quirks = () if start is None else tuple(find_reading_quirks(logical, reading, start, editable=editable))
    if problem := reading.problem:
        span = logical.content if start is None else logical.locate(start + problem.start, start + problem.end)
        line = _invalid(logical, problem.message, span, suggest(text, editable=editable))
        return replace(line, quirks=(*quirks, *_find_tab(logical)))
    kind = LineKind.EDITABLE if editable else LineKind.REQUIREMENT if reading.name else LineKind.PATH_OR_URL
    named = bool(reading.name)
    has_target = editable or not named
    return RequirementLine(
        kind,
        logical.span,
        logical.content,
        logical.comment,
        requirement=_name(logical, reading, start, text, editable=editable) if named else None,
        target=reading.target if has_target else None,
        target_span=_place(logical, reading.target_at, start) if has_target else None,
        marker=None if named else reading.marker,
        extras=() if named else reading.extras,
        variables=find_variables(logical.text),
        quirks=quirks,
    )


def _name(logical: LogicalLine, reading: Reading, start: int | None, text: str, *, editable: bool) -> RequirementText:
    return RequirementText(
        reading.name,
        reading.extras,
        reading.specifier,
        reading.target,
        reading.marker,
        _place(logical, (0, len(text)), start),
        _place(logical, reading.name_at, start),
        _place(logical, reading.specifier_at, start),
        editable=editable,
    )


def _place(logical: LogicalLine, at: tuple[int, int] | None, start: int | None) -> Span | None:
    return None if at is None or start is None else logical.locate_whole(start + at[0], start + at[1])


def _find_tab(logical: LogicalLine) -> tuple[Quirk, ...]:
    tab = logical.text.find("\t--hash")
    if tab < 0:
        return ()
    message = f"{PIP} begins the options after a space only, {UV} after a tab too"
    return (Quirk(QuirkKind.TAB_BEFORE_OPTION, logical.locate(tab, tab + 1), message),)
