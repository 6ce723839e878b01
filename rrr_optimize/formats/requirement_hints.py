"""What somebody who wrote an invalid requirement probably meant; a suggestion is made only where it would be valid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.requirement_places import NO_EDITABLE
from rrr_optimize.formats.requirement_text import read_editable, read_requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

# Nobody reads a longer suggestion, and the patterns below take their time on long runs of blanks.
_LONGEST = 300
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff]")
_BLANK = re.compile(r"[^\S \t]+")
_REPAIRS = (
    (re.compile(r"(?<![=<>!~])=(?![=<>~])"), "=="),
    (re.compile(r"=\s*([<>~!])(?!=)"), r"\1="),
    (re.compile(r"([<>~=!])\s+="), r"\1="),
    (re.compile(r"\s*-\s+|\s+-\s*"), "-"),
    (re.compile(r"^[-*+]+\s*"), ""),
    (re.compile(r"""^["']|["'],?$"""), ""),
    (re.compile(r"^(?:pip3?|uv pip|python3? -m pip) install (?:-U |--upgrade )?"), ""),
    (re.compile(r"(?<=[\w*])\s*([<>!~=]=|[<>])(?=[^<>!~=]*$)"), r",\1"),
    (re.compile(r"~=\s*(\d+)$"), r"~=\1.0"),
    (re.compile(r"^(\S+)\s+v?(\d[\w.]*)$"), r"\1==\2"),
    (re.compile(r"""((?:python|full)_\w+\s*[<>=!~]+\s*)([\d.]+)"""), r'\1"\2"'),
    (re.compile(r"\t+(?=--?[A-Za-z])"), " "),
    (re.compile(r"[,;:]+$"), ""),
)
_SHORT_SSH = re.compile(r"([\w.-]+@[\w.-]+):([^/].*)")


def find_variables(text: str) -> tuple[str, ...]:
    """Return the environment variables that pip would put into the text, in order, each once."""
    return tuple(dict.fromkeys(_VARIABLE.findall(text))) if "${" in text else ()


def suggest(text: str, *, editable: bool = False) -> str:
    """Return one line on what to write instead of an invalid requirement, or an empty string."""
    if variables := find_variables(text):
        return f"it depends on the environment variable {', '.join(variables)}, which pip fills in when it installs"
    if len(text) > _LONGEST:
        return ""
    if editable:
        return _suggest_editable(text)
    body, mark, _ = text.partition("#")
    if mark and body and "://" not in body and read_requirement(body.rstrip()).problem is None:
        return "put a blank in front of the # that begins the comment"
    for candidate in _candidates(text):
        if candidate and candidate != text and _is_named(candidate):
            return f"did you mean {candidate}?"
    return ""


def _candidates(text: str) -> Iterator[str]:
    plain = _BLANK.sub(" ", _INVISIBLE.sub("", text)).strip()
    yield plain
    for pattern, repaired in _REPAIRS:
        yield pattern.sub(repaired, plain).strip()


def _is_named(text: str) -> bool:
    requirement, _, options = text.partition(" --")
    reading = read_requirement(requirement)
    return reading.problem is None and bool(reading.name) and (not options or options.startswith("hash="))


def _suggest_editable(text: str) -> str:
    if ssh := _SHORT_SSH.fullmatch(text):
        return f"did you mean git+ssh://{ssh[1]}/{ssh[2]}?"
    reading = read_editable(text)
    if reading.problem and reading.problem.message == NO_EDITABLE and _is_named(text):
        return "a release cannot be editable: drop the -e, or name the folder of the project"
    return ""
