"""Statements about which nothing is concluded: what they are, and what a person can do."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_forms import PathBase, Placement, StatementKind
from rrr_optimize.imports.hacks import reason_to_stay
from rrr_optimize.imports.verdicts import Judgement, Reason, Verdict
from rrr_optimize.model import Lane

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.import_facts import PathHack

_DOCUMENTATION = frozenset({"doc", "docs", "documentation"})
_MADE = frozenset(
    {"build", "dist", "out", "target", "gen", "generated", "_build", "tmp", "temp", "managed_components", "vendor"}
)
_ASKING = re.compile(r"\b(?:exists|is_?dir|is_?file|lexists|mkdir|makedirs|copytree|extractall|unpack_archive)\(")
_NEAR = 8


def reason_to_leave(hack: PathHack, codebase: Codebase) -> Judgement | None:
    """Return the judgement on a statement that is left as it is, or None for one that can be judged by its imports."""
    statement = hack.statement
    if stays := reason_to_stay(hack):
        return _leave(hack, _code(hack), stays, "it is plainly meant: leave it")
    if not statement.values:
        return _leave(hack, Reason.CHOSEN, statement.reason, "write the folder so that it can be read off")
    if hack.exists is not False and any(_is_outside(value.base, value.path) for value in statement.values):
        return _leave(
            hack, Reason.OUTSIDE, "the folder is outside the repository", "install what is imported from there"
        )
    if any(codebase.snapshot.is_file(each) for value in statement.values for each in _with_folders(value.path)):
        return _leave(hack, Reason.ARCHIVE, "it names a file", "install what is in the archive")
    if hack.exists is False and (made := _made_later(hack, codebase)):
        return _leave(hack, Reason.MADE_LATER, made, "see whether the folder is there when the program runs")
    if statement.kind is StatementKind.ADDSITEDIR and any(
        path.endswith(".pth") for value in statement.values for path in codebase.snapshot.files_below(value.path)
    ):
        return _leave(hack, Reason.PATH_FILES, "its .pth files add folders of their own", "install what they name")
    if codebase.files.read(hack.location.path) is None:
        return None
    if statement.kind in {StatementKind.ASSIGN, StatementKind.SLICE, StatementKind.OTHER} and hack.exists is not False:
        return _leave(hack, Reason.FORM, "it sets the whole path", "use insert or append, or install the project")
    return None


def _with_folders(path: str) -> Iterator[str]:
    """Yield a path and the folders above it: one may be an archive, and the rest a folder in that."""
    while path not in {"", ".", "/"} and not path.startswith(".."):
        yield path
        path = posixpath.dirname(path)


def _leave(hack: PathHack, reason: Reason, text: str, advice: str) -> Judgement:
    return Judgement(hack, Verdict.LEAVE, Lane.REFUSED, reason, (text,), advice)


def _code(hack: PathHack) -> Reason:
    if hack.statement.placement is Placement.NOTEBOOK:
        return Reason.NOTEBOOK
    if hack.statement.undone:
        return Reason.TAKEN_BACK
    folders = hack.location.path.split("/")
    if folders[-1] == "conf.py" and _DOCUMENTATION.intersection(folders[:-1]):
        return Reason.DOCUMENTATION
    return Reason.TEMPLATE if hack.statement.values else Reason.CHOSEN


def _is_outside(base: PathBase, path: str) -> bool:
    return base is PathBase.ABSOLUTE or (base is PathBase.FILE and path.startswith(".."))


def _made_later(hack: PathHack, codebase: Codebase) -> str:
    """Return why an absent folder may be there when the program runs: a submodule, or the work of a build."""
    submodules = codebase.submodules
    for value in hack.statement.values:
        path = value.path
        if any(path == each or path.startswith(f"{each}/") for each in submodules):
            return "the folder is of a submodule that is not checked out"
        made = _MADE.intersection(posixpath.normpath(path).split("/"))
        if made and value.base is not PathBase.ABSOLUTE:
            return f"{min(made)}/ is where builds put their work"
    source = codebase.snapshot.text(hack.location.path)
    rows = source.text.splitlines() if source else []
    above = rows[max(0, hack.location.line - _NEAR) : hack.location.line]
    return "the lines above it ask whether it exists, or make it" if any(_ASKING.search(row) for row in above) else ""
