"""The words for a statement that changes where Python looks for modules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StatementKind(StrEnum):
    """What a statement does to the search path."""

    INSERT = "insert"
    APPEND = "append"
    EXTEND = "extend"
    AUGASSIGN = "augassign"
    ASSIGN = "assign"
    SLICE = "slice"
    REMOVE = "remove"
    POP = "pop"
    DELETE = "delete"
    ADDSITEDIR = "addsitedir"
    PYTHONPATH_ENV = "pythonpath_env"
    SPEC_FROM_FILE = "spec_from_file"
    OTHER = "other"


class PathForm(StrEnum):
    """How the folder is written; of nested forms the outermost, `str()` and a list of one apart."""

    LITERAL = "literal"
    NAME = "name"
    PATHLIB = "pathlib"
    OS_PATH = "os_path"
    F_STRING = "f_string"
    CONCATENATION = "concatenation"
    LIST = "list"
    CALL = "call"
    OTHER = "other"
    NONE = "none"


class Placement(StrEnum):
    """Where the statement stands: the first of these that holds."""

    NOTEBOOK = "notebook"
    FUNCTION = "function"
    CLASS = "class"
    MAIN = "main"
    GUARD = "guard"
    TRY = "try"
    LOOP = "loop"
    CONDITION = "condition"
    WITH = "with"
    MODULE = "module"
    UNKNOWN = "unknown"


class PathBase(StrEnum):
    """What a folder is relative to."""

    FILE = "file"
    CWD = "cwd"
    ABSOLUTE = "absolute"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PathValue:
    """One folder that a statement names, normalised, with forward slashes.

    With base FILE it is relative to the root of the repository, with base CWD to the working directory of whoever runs
    the file; both may climb out with `..`. `is_text` is false for a path object as an entry of the search path: Python
    passes over all that is no text there.
    """

    base: PathBase
    path: str
    is_text: bool = True


AT_END = 1_000_000
"""The position behind all entries."""


@dataclass(frozen=True, slots=True)
class PathStatement:
    """One statement that changes the search path, or loads a module by its file.

    Lines and columns count from 1, columns in UTF-8 bytes of the line. `values` are the folders that it names, in
    order; where there are none, `reason` says why, and it is empty for a statement that names none (`pop`).
    `restores` tells that it puts a saved path back, `undone` that the same function takes its change back, and
    `is_dynamic` that the folder is made or chosen when the program runs. `position` is where it adds them, as `insert`
    counts, or None where that is not read off.
    """

    kind: StatementKind
    line: int
    column: int
    end_line: int
    end_column: int
    form: PathForm
    placement: Placement
    values: tuple[PathValue, ...] = ()
    reason: str = ""
    is_dynamic: bool = False
    restores: bool = False
    undone: bool = False
    position: int | None = None

    @property
    def base(self) -> PathBase:
        """What the first folder is relative to."""
        return self.values[0].base if self.values else PathBase.NONE
