"""A program as a value: the files it is made of, how it is entered, and what its imports reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.path_forms import PathStatement
from rrr_optimize.formats.python_imports import ImportSite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.imports.resolution import Origin
    from rrr_optimize.imports.search_path import SearchPath


_AROUND_TESTS = ("conftest.py", "__init__.py")


class Mode(Enum):
    """How a program is entered; the value reads well in a sentence."""

    SCRIPT = "python {path}"
    MODULE = "python -m {module}"
    PYTEST = "pytest {path}"
    PYTEST_MODULE = "python -m pytest {path}"
    IMPORT = "import {module}"


class Load(NamedTuple):
    """One file that a program begins with: its name and its package, for relative imports.

    `before` and `behind` are added to the search path first, unless they are there. `shown` is the name for the reader.
    """

    path: str
    module: str
    package: str = ""
    before: SearchPath = ()
    behind: SearchPath = ()
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """A way to enter: the search path at the beginning, the files loaded one after the other, where it is started.

    Files may put entries on the path just before they are loaded, as pytest does. `is_shown` tells that a document, a
    script or a configuration of the repository starts it so, `is_installed` that the projects of the repository are
    installed so that their files stay where they are (`pip install -e`).
    """

    mode: Mode
    loads: tuple[Load, ...]
    path: SearchPath
    directory: str = "."
    is_shown: bool = field(default=False, compare=False)
    is_installed: bool = False
    # A session of tests begins with hundreds of files, and is looked up as often.
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        own = hash((self.mode.value, self.loads, self.path, self.directory, self.is_installed))
        object.__setattr__(self, "_hash", own)

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        tests = [load for load in self.loads if not load.path.endswith(_AROUND_TESTS)] or list(self.loads)
        last = tests[-1]
        more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
        command = self.mode.value.format(path=last.path, module=last.shown or last.module) + more
        command += "" if self.directory == "." else f" in {self.directory}/"
        return f"{command}, installed" if self.is_installed else command


class Conditions(NamedTuple):
    """What is assumed of statements whose running nobody can foresee.

    `maybe` tells that imports and path statements under a condition run, `changes` that these path statements do where
    the imports do, `at_once` that a function that changes the path is called where it is defined; else it is called at
    the end. `uncalled` tells that no function changes the path, or loads what does, before the imports of others run.
    `running` are path statements under a condition that run although `changes` is not set. `again` tells that
    `if folder not in sys.path` holds although the folder is there, written in another way.
    """

    maybe: bool = True
    changes: bool = True
    at_once: bool = False
    uncalled: bool = False
    again: bool = False
    running: frozenset[Applied] = frozenset()


Applied = tuple[str, PathStatement]
"""A path statement, with the file in which it stands."""

Key = tuple[str, str, ImportSite, str, bool]
"""One import in a program: file, name under which the file is loaded, the import, the part of it, and whether it is
looked up when everything is loaded."""


@dataclass(frozen=True, slots=True)
class Change:
    """One path statement as it runs; `is_there` tells that it asks for its folder, and that this is there already."""

    applied: Applied
    is_there: bool


class Stretch(NamedTuple):
    """What is done on one search path: what made it, and what each top-level name led to that was searched on it."""

    begin: Load | Change
    found: dict[str, Origin]


@dataclass(slots=True)
class Trace:
    """What each import of a program reaches, in the order in which they are looked up, and the files loaded, by path.

    `files` maps each path to the names under which it was loaded. `passed` is how far the program was when each
    statement ran: the number of imports looked up before it. `stretches` are all that the search path goes through, in
    order: files that the program begins with and statements that change it, and what was searched on it. `has_maybe`
    tells that something ran under a condition, `has_change` that a path statement did, `has_later` that a function
    changes the path, `has_late` that one did, or loaded what did, `has_guard` that a statement was passed over because
    its folder was there already, `is_cut` that there were too many files, or too many in a chain.
    """

    origins: dict[Key, Origin] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    passed: dict[Applied, int] = field(default_factory=dict)
    stretches: list[Stretch] = field(default_factory=list)
    has_maybe: bool = False
    has_change: bool = False
    has_later: bool = False
    has_late: bool = False
    has_guard: bool = False
    is_cut: bool = False

    def begin_stretch(self, begin: Load | Change) -> None:
        """Note that the search path may be another one from here on."""
        self.stretches.append(Stretch(begin, {}))

    def differences(self, other: Trace) -> Iterator[Key]:
        """Yield the imports that reach something else in the other trace, or that only one of them has."""
        for key, origin in self.origins.items():
            if key not in other.origins or not origin.is_same(other.origins[key]):
                yield key
        yield from (key for key in other.origins if key not in self.origins)


def arrive(path: SearchPath, load: Load) -> SearchPath:
    """Return the search path when a program begins with a file."""
    if path[: len(load.before)] != load.before:
        path = load.before + path
    return path + tuple(entry for entry in load.behind if entry not in path)


Removed = frozenset[Applied]
"""Statements that are thought away, each with the file in which it stands."""
