"""The imports of a file as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Timing(Enum):
    """When a statement runs.

    ALWAYS when the file is loaded, MAYBE where a condition, a loop or a block that goes on behind an error decides
    (`try`, `with suppress(...)`), MAIN when the file is the program itself, LATER in the body of a function, NEVER
    where only a type checker looks (`if TYPE_CHECKING`).
    """

    ALWAYS = "always"
    MAYBE = "maybe"
    MAIN = "main"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True, eq=False)
class ImportSite:
    """One import; two are the same only if they are one object.

    `import a.b` has the module `a.b` and no names, `from ..a import b, c` level 2 and two names. `binds` are the names
    that it makes in its file, one for each name or one for the module. Line and column count from 1, the column in
    UTF-8 bytes. `tolerates` tells that an `except` around it catches an ImportError. `is_text` marks a string that
    reads like the name of a module, which may be imported by somebody; `is_target` one that a function is given which
    imports such names (`mock.patch`).
    """

    line: int
    column: int
    module: str
    level: int = 0
    names: tuple[str, ...] = ()
    timing: Timing = Timing.ALWAYS
    tolerates: bool = False
    is_text: bool = False
    is_target: bool = False
    binds: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.is_text:
            return f'"{self.module}"'
        module = "." * self.level + self.module
        return f"from {module} import {', '.join(self.names)}" if self.names else f"import {module}"


class Doubt(Enum):
    """What makes a proof about a file's imports incomplete; the value says it in words."""

    CHOSEN = "it imports a module whose name is chosen at run time"
    RUN = "it runs code that stands elsewhere"
    MACHINERY = "it changes the import machinery"
    READ = "it reads the search path"
    MOVED = "it changes the working directory"
    DATA = "it loads objects, and the data say which modules they are of"


@dataclass(frozen=True, slots=True)
class PythonImports:
    """The imports of one file in source order, the names that its top level binds otherwise, and what raises doubts.

    `bound` maps these names to the lines in which they are bound first. `has_main` tells that the file is meant to be
    run as a program, `acts` that its top level does something besides importing, defining, and changing the search
    path. `exported` are the names of a literal `__all__`.
    """

    sites: tuple[ImportSite, ...] = ()
    bound: Mapping[str, int] = field(default_factory=dict)
    exported: tuple[str, ...] = ()
    doubts: frozenset[Doubt] = frozenset()
    has_main: bool = False
    acts: bool = False
