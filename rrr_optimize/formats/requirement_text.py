"""One requirement as text: its name, extras, specifier, URL and marker, read as pip reads the words before any option.

pip cuts a marker off first, then takes a URL or the name of an archive for a place and everything else for a dependency
specifier (PEP 508, judged by `packaging`). Where pip asks the disk whether a folder exists, this asks whether the text
looks like a path, because a reader opens no other files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rrr_optimize.formats.requirement_places import (
    NO_EDITABLE,
    Place,
    is_archive,
    is_editable_target,
    is_url,
    looks_like_folder,
    read_editable_place,
    read_egg,
    read_path,
    read_url,
    split_extras,
    split_names,
)
from rrr_optimize.formats.requirement_syntax import Problem, find_marker_problem, parse_specifier

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_CLAUSE = r"(?:==|>=|<=|!=|<|>) ?\d{1,9}(?:\.\d{1,9})*"
# Every text of this form that is not the name of an archive is a valid requirement, so `packaging` need not be asked;
# most lines have it.
_PLAIN = re.compile(rf"({_NAME})(\[{_NAME}(?:, ?{_NAME})*\])? ?({_CLAUSE}(?:, ?{_CLAUSE})*)?", re.ASCII)
_EXTRAS = re.compile(r"[ \t]*\[([^\]]*)\]")
_URL = re.compile(r"[ \t]*@[ \t]*([^ \t]+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text asks for: a named requirement, a place without a name, or a problem; pairs are offsets into it.

    `specifier_at` is an empty pair where a specifier could be written, and None where none may stand. `separator_at` is
    where the semicolon before a marker stands.
    """

    name: str = ""
    name_at: tuple[int, int] | None = None
    extras: tuple[str, ...] = ()
    specifier: str = ""
    specifier_at: tuple[int, int] | None = None
    target: str | None = None
    target_at: tuple[int, int] | None = None
    marker: str | None = None
    separator_at: int | None = None
    egg_extras: bool = False
    problem: Problem | None = None


@lru_cache(maxsize=16384)
def read_requirement(text: str) -> Reading:
    """Read what stands before any option on a line without `-e`; `text` has no blanks around it. Never raises."""
    plain = _PLAIN.fullmatch(text)
    if plain and (plain[3] or not is_archive(text)):
        return _read_plain(plain)
    try:
        url = is_url(text)
    except ValueError as error:
        return _wrong(str(error), text)
    body, semicolon, rest = text.partition("; " if url else ";")
    marker = rest.strip()
    separator_at = len(body) if semicolon else None
    if marker and (problem := find_marker_problem(marker)):
        return Reading(separator_at=separator_at, problem=problem.shifted(text.rindex(marker)))
    body = body.rstrip()
    if url:
        return _from_place(read_url(body), marker or None, separator_at)
    if is_archive(body):
        return _from_place(read_path(body), marker or None, separator_at)
    return _read_named(body, marker or None, separator_at)


@lru_cache(maxsize=1024)
def read_editable(text: str) -> Reading:
    """Read what follows `-e`: a path, a VCS URL that says its egg, or `name @ URL`. Never raises."""
    if not text:
        return _wrong(NO_EDITABLE, text)
    requirement = parse_specifier(text)
    try:
        if isinstance(requirement, Problem) or not (requirement.url or requirement.specifier or requirement.marker):
            return _from_place(read_editable_place(text))
        if requirement.url and is_editable_target(requirement.url):
            reading = _place_parts(text, requirement.name)
            separator_at = text.find(";", reading.target_at[1]) if reading.target_at and requirement.marker else None
            marker = text[separator_at + 1 :].strip() if separator_at else None
            return replace(reading, marker=marker, separator_at=separator_at)
    except ValueError as error:
        return _wrong(str(error), text)
    return _wrong(NO_EDITABLE, text)


def _read_plain(match: re.Match[str]) -> Reading:
    name, extras, specifier = match.groups()
    name_end = match.end(2) if extras else match.end(1)
    return Reading(
        name,
        match.span(1),
        split_names(extras[1:-1]) if extras else (),
        specifier or "",
        match.span(3) if specifier else (name_end, name_end),
    )


def _read_named(body: str, marker: str | None, separator_at: int | None) -> Reading:
    requirement = parse_specifier(body)
    if isinstance(requirement, Problem):
        if looks_like_folder(body):
            return _from_place(read_path(body), marker, separator_at)
        return Reading(marker=marker, separator_at=separator_at, problem=requirement)
    try:
        reading = _place_parts(body, requirement.name)
    except ValueError as error:
        return _wrong(str(error), body)
    if reading.problem:
        return reading
    _, extras = split_extras(body) if requirement.url else (body, ())
    if extras:
        # pip lets brackets at the end of a URL speak for the extras, and leaves them in the URL.
        problem = parse_specifier(f"x[{','.join(extras)}]")
        if isinstance(problem, Problem):
            return _wrong(problem.message, body)
        reading = replace(reading, extras=extras)
    return replace(reading, marker=marker, separator_at=separator_at)


def _place_parts(body: str, name: str) -> Reading:
    """Find the parts of a valid requirement in its text. Raises ValueError for a URL with a broken host."""
    position = len(name)
    extras = _EXTRAS.match(body, position)
    if extras:
        position = extras.end()
    names = split_names(extras[1]) if extras else ()
    if url := _URL.match(body, position):
        egg = read_egg(url[1])
        if isinstance(egg, Problem):
            return Reading(problem=egg.shifted(url.start(1)))
        return Reading(name, (0, len(name)), names, target=url[1], target_at=url.span(1), egg_extras=egg.egg_extras)
    rest = body[position:].strip()
    if rest.startswith("("):
        rest = rest[1:-1].strip()
    start = body.index(rest, position)
    return Reading(name, (0, len(name)), names, rest, (start, start + len(rest)))


def _from_place(place: Place | Problem, marker: str | None = None, separator_at: int | None = None) -> Reading:
    if isinstance(place, Problem):
        return Reading(marker=marker, separator_at=separator_at, problem=place)
    return Reading(
        place.name,
        place.name_at,
        place.extras,
        target=place.target,
        target_at=(0, len(place.target)),
        marker=marker,
        separator_at=separator_at,
        egg_extras=place.egg_extras,
    )


def _wrong(message: str, text: str) -> Reading:
    return Reading(problem=Problem(message, 0, len(text)))
