"""Which statements are hacks, which are meant, and how to speak of them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_forms import PathBase, Placement, StatementKind

if TYPE_CHECKING:
    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.formats.path_forms import PathValue

_ADDING = frozenset(
    {
        StatementKind.INSERT,
        StatementKind.APPEND,
        StatementKind.EXTEND,
        StatementKind.AUGASSIGN,
        StatementKind.ASSIGN,
        StatementKind.SLICE,
        StatementKind.ADDSITEDIR,
    }
)
_DOCUMENTATION = frozenset({"doc", "docs", "documentation"})


def adds_a_folder(hack: PathHack) -> bool:
    """Return whether a statement adds to the search path of its own process; taking away and restoring is no hack."""
    return hack.statement.kind in _ADDING and not hack.statement.restores


def reason_to_stay(hack: PathHack) -> str:
    """Return why a statement that adds a folder is plainly meant, or nothing for a hack."""
    statement = hack.statement
    folders = hack.location.path.split("/")
    if statement.placement is Placement.NOTEBOOK:
        return "a notebook has no package to be part of"
    if statement.undone:
        return "it is taken back again"
    if folders[-1] == "conf.py" and _DOCUMENTATION.intersection(folders[:-1]):
        return "Sphinx finds what it documents in this way"
    if any("{{" in value.path for value in statement.values):
        return "it is a template, filled in when it is used"
    if statement.is_dynamic and not statement.values:
        return f"the folder is chosen when the program runs: {statement.reason}"
    return ""


def describe_folders(hack: PathHack) -> str:
    """Return the folders that a statement adds, the way a colleague would name them."""
    values = hack.statement.values
    if not values:
        return f"a folder that only running the file would tell ({hack.statement.reason})"
    shown = [_describe(value) for value in dict.fromkeys(values)]
    if len(shown) > 2:  # noqa: PLR2004 - more would fill the line
        return f"{shown[0]} and {len(shown) - 1} more folders"
    return " and ".join(shown) + _absence(hack)


def place_of(hack: PathHack) -> str:
    """Return the end of the search path at which a statement adds: in front of all else, or behind it."""
    match hack.statement.kind:
        case StatementKind.INSERT:
            return "in front of the search path"
        case StatementKind.APPEND | StatementKind.EXTEND | StatementKind.AUGASSIGN | StatementKind.ADDSITEDIR:
            return "at the end of the search path"
    return "on the search path"


def _describe(value: PathValue) -> str:
    is_here = value.path == "."
    match value.base:
        case PathBase.FILE if is_here:
            return "the root of the repository"
        case PathBase.FILE if value.path.startswith(".."):
            return f"{value.path}, outside the repository,"
        case PathBase.FILE:
            return f"{value.path}/"
        case PathBase.CWD if is_here:
            return "the working directory"
        case PathBase.CWD:
            return f"{posixpath.join(value.path, '')} of the working directory"
    return value.path


def _absence(hack: PathHack) -> str:
    return ", which does not exist," if hack.exists is False and len(hack.statement.values) == 1 else ""
