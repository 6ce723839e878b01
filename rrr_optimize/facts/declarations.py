"""What the repository asks for: one Declaration for each requirement, wherever and however it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import ALL_ROWS, rows_of_marker
from rrr_optimize.facts.parsed_requirements import canonical, is_local, parse_requirement
from rrr_optimize.facts.specifiers import exact_pin, specifier_key

if TYPE_CHECKING:
    from packaging.version import Version

    from rrr_optimize.model import Location, Project

_LINE = 80
_SINGLE_EQUALS = re.compile(r"^\s*([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*=\s*([\w.*+!-]+)\s*$")


class Kind(StrEnum):
    """What kind of file or entry a requirement stands in."""

    REQUIREMENTS = "requirements"
    CONSTRAINTS = "constraints"
    PYPROJECT = "pyproject"
    SETUP_CFG = "setup.cfg"
    SETUP_PY = "setup.py"
    PIPFILE = "pipfile"
    CONDA = "conda"
    HATCH = "hatch"
    TOX = "tox"
    NOX = "nox"
    SCRIPT = "script"
    PRE_COMMIT = "pre-commit"
    COMMAND = "install-command"


class Layer(StrEnum):
    """What a requirement is for."""

    RUNTIME = "runtime"
    DEV = "dev"
    TEST = "test"
    EXTRA = "extra"
    GROUP = "group"
    BUILD = "build"
    CONSTRAINT = "constraint"
    OVERRIDE = "override"
    ENVIRONMENT = "environment"


_ISOLATED = frozenset({Layer.BUILD, Layer.ENVIRONMENT})


@dataclass(frozen=True, slots=True)
class Scope:
    """Project x layer; `name` is that of the extra, group, tool environment, hook or script."""

    project: Project
    layer: Layer
    name: str = ""

    @property
    def is_isolated(self) -> bool:
        """Whether it is installed into an environment of its own, where the rest of the repository does not matter."""
        return self.layer in _ISOLATED

    def __str__(self) -> str:
        if self.layer is Layer.BUILD:
            return "build-system"
        return f"{self.layer} {self.name}" if self.name else ""


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """One requirement as one file states it. Two declarations are the same only if they are one object.

    `package` is the canonical name and `spelled` the name as written; `specifier` is in PEP 440 form, whatever the
    file's own language; `marker_rows` are the environments in which its marker holds. `internal` marks a path or
    workspace source, `hashed` a line that names the hashes of what it may install. `part` tells apart what one file
    lists under one scope in several places: two commands, two hooks of one name, two tables.
    """

    package: str
    spelled: str
    specifier: str
    location: Location
    scope: Scope
    kind: Kind
    extras: frozenset[str] = frozenset()
    url: str | None = None
    marker: str | None = None
    marker_rows: int = ALL_ROWS
    editable: bool = False
    compiled: bool = False
    internal: bool = False
    hashed: bool = False
    part: str = ""

    @property
    def specifier_key(self) -> str:
        """The specifier in a spelling that is the same for equal ones."""
        return specifier_key(self.specifier)

    @property
    def pin(self) -> Version | None:
        """The one version that an exact `==` or `===` asks for, or None."""
        return exact_pin(self.specifier)

    @property
    def text(self) -> str:
        """The requirement without its marker, for messages: `uvicorn[standard]>=0.20`."""
        extras = f"[{','.join(sorted(self.extras))}]" if self.extras else ""
        tail = f" @ {self.url}" if self.url else self.specifier
        return f"{self.spelled}{extras}{tail}"

    @property
    def place(self) -> str:
        """Path and line, with the extra, group or environment it belongs to."""
        scope = str(self.scope)
        return f"{self.location} ({scope})" if scope else str(self.location)


class ProblemKind(StrEnum):
    """What can be wrong with the text of a requirement source."""

    INVALID = "invalid"
    AMBIGUOUS = "ambiguous"
    MISSING_INCLUDE = "missing-include"
    INCLUDE_CYCLE = "include-cycle"
    OUTSIDE_ROOT = "outside-root"
    DYNAMIC = "dynamic"
    UNQUOTED = "unquoted"
    UNREADABLE = "unreadable"
    NOT_ANALYSED = "not-analysed"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that a rule reports; `subject` names it without a line number.

    One that is NOT_ANALYSED is no finding: the file `subject` was not looked into, and `message` says why.
    """

    kind: ProblemKind
    location: Location
    message: str
    subject: str
    hint: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Include:
    """A `-r` or `-c` (or `dynamic = {file = ...}`) whose target is a file of the repository.

    `scope` and `part` say what the file is read for, where that is not the whole source: an extra, the build, one
    environment.
    """

    target: str
    constraint: bool
    location: Location
    scope: Scope | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read for requirements.

    `compiled_by` names the tool whose header says that it made the file, `compiled_from` the inputs that it names: for
    each the paths that it may mean, the likeliest first, and `compile_command` is the command as the header gives it.
    `rows` are the environments that the file itself admits.
    """

    path: str
    kind: Kind
    project: Project
    declarations: tuple[Declaration, ...] = ()
    includes: tuple[Include, ...] = ()
    problems: tuple[Problem, ...] = ()
    compiled_by: str | None = None
    compiled_from: tuple[tuple[str, ...], ...] = ()
    compile_command: str = ""
    rows: int | None = None


def declare(text: str, location: Location, scope: Scope, kind: Kind, *, part: str = "") -> Declaration | Problem:
    """Return the declaration that a PEP 508 string makes, or the problem with it."""
    parsed = parse_requirement(text)
    if isinstance(parsed, str):
        match = _SINGLE_EQUALS.match(text)
        return invalid(text, location, parsed, f"did you mean {match[1]}=={match[2]}?" if match else "")
    return Declaration(
        package=canonical(parsed.name),
        spelled=parsed.name,
        specifier=parsed.specifier,
        location=location,
        scope=scope,
        kind=kind,
        extras=parsed.extras,
        url=parsed.url,
        marker=parsed.marker,
        marker_rows=rows_of_marker(parsed.marker),
        internal=parsed.url is not None and is_local(parsed.url),
        part=part,
    )


def invalid(text: str, location: Location, reason: str, hint: str = "") -> Problem:
    """Return the problem of a requirement that cannot be read."""
    return Problem(ProblemKind.INVALID, location, f"{shorten(text)!r}: {reason}", text, hint, text)


def shorten(text: str) -> str:
    """Return a text that fits into a line of a terminal."""
    return text if len(text) <= _LINE else f"{text[: _LINE - 3]}..."
