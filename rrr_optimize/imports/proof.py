"""Show that an edited file does what it did: its tree, and what every import around it reaches."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from rrr_optimize.facts.program_files import read_program
from rrr_optimize.facts.standard_library import STANDARD
from rrr_optimize.formats.python_equality import have_same_tree
from rrr_optimize.formats.python_rows import split_rows
from rrr_optimize.formats.removal_agreement import find_disagreement
from rrr_optimize.imports.comparing import Comparison
from rrr_optimize.model import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.program_files import ProgramFile, ProgramFiles
    from rrr_optimize.formats.python_removal import Removal
    from rrr_optimize.formats.python_tree import PythonTree
    from rrr_optimize.imports.judging import Judge
    from rrr_optimize.imports.program import Key, Program, Removed, Trace
    from rrr_optimize.imports.resolution import Origin
    from rrr_optimize.imports.verdicts import Judgement


class _Edited:
    """The files of a codebase with one of them as it would be."""

    def __init__(self, below: ProgramFiles, path: str, file: ProgramFile) -> None:
        self._below = below
        self._path = path
        self._file = file

    def read(self, path: str) -> ProgramFile | None:
        return self._file if path == self._path else self._below.read(path)


def same_tree(path: str, text: str, expected: ast.Module, before: PythonTree | None = None) -> Proof:
    """Return the proof that an edited text parses, and to the tree that was meant.

    Where a top-level statement of the expected tree is one of the file `before`, and the same characters stand there,
    its tree is not looked at.
    """
    claim = f"{path} parses, and nothing else in it has changed"
    try:
        found = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Proof(claim, holds=False, evidence=(f"it does not parse: {error}",))
    return Proof(claim, holds=have_same_tree(found, split_rows(text), expected, before))


def same_deletion(tree: PythonTree, removal: Removal) -> Proof:
    """Return the proof that LibCST, deleting the same in its lossless tree, leaves the same code and no comment more.

    Raises NotRemovableError where LibCST does not follow the file.
    """
    claim = f"LibCST deletes the same from {tree.source.path}, and every other comment is left"
    differs = find_disagreement(tree, removal)
    return Proof(claim, holds=not differs, evidence=(differs,) if differs else ())


def prove_deletion(
    codebase: Codebase, judge: Judge, removed: Sequence[Judgement], path: str, text: str
) -> Iterator[Proof]:
    """Yield the proof that every import of every way to enter a file reaches what it did before the edit.

    The edited text is read anew and followed, in each case in which what nobody can foresee is looked at; only imports
    that the edit took out may be missing. Which statements under conditions run together is not gone through: what is
    in doubt for their sake is for REVIEW. Where the file does not parse, nothing is yielded: `same_tree` has said so.
    """
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    after = read_program(module, text, path)
    edited = Comparison(codebase.index, _Edited(codebase.files, path, after))
    programs = dict.fromkeys(program for judged in removed for program in judge.ways(judged.hack).programs)
    lost = _lost_imports(codebase.files.read(path), after, path)
    statements = frozenset((judged.hack.location.path, judged.hack.statement) for judged in removed)
    changed = lost or [
        f"`{program}`: {row}"
        for program in programs
        if (row := next(filter(None, _changes(judge.comparison, edited, program, statements)), ""))
    ]
    claim = f"each import of {len(programs)} ways to enter reaches what it did"
    shown = tuple(changed[:3]) if changed else tuple(str(program) for program in list(programs)[:5])
    yield Proof(claim, holds=not changed, evidence=shown)


def _changes(before: Comparison, edited: Comparison, program: Program, removed: Removed) -> Iterator[str]:
    """Yield what changes in a program, or nothing, under each of the conditions that nobody can foresee."""
    path = next(path for path, _ in removed)
    for conditions in before.cases(program, removed):
        # What runs alone is out; a statement that moved to its line is another one.
        after = edited.follow(program, conditions=conditions._replace(running=frozenset()))
        yield _first_change(before.follow(program, conditions=conditions), after, path)


def _lost_imports(before: ProgramFile | None, after: ProgramFile, path: str) -> list[str]:
    """Return the imports that are gone from a file, but for those of the library: only the statements needed these."""
    lost = _asked(before) - _asked(after) if before else Counter()
    return [
        f"import {'.' * level}{module} in {path} is gone"
        for level, module, _ in lost
        if level or module.partition(".")[0] not in STANDARD
    ]


def _asked(file: ProgramFile) -> Counter[tuple[int, str, str]]:
    sites = (site for site in file.imports.sites if not site.is_text)
    return Counter((site.level, site.module, name) for site in sites for name in site.names or ("",))


def _first_change(before: Trace, after: Trace, path: str) -> str:
    """Return the first import that reaches something else after the edit of a file, in words, or nothing.

    Lines have moved, so the imports are compared in the order in which they are looked up. One of the library that only
    a statement needed went with it.
    """
    rows = iter(after.origins.items())
    now = next(rows, None)
    for key, origin in before.origins.items():
        if now is not None and _name(key) == _name(now[0]) and origin.is_same(now[1]):
            now = next(rows, None)
        elif key[0] != path or not _is_standard(origin):
            return _describe(key, origin, now)
    return f"{_name(now[0])[2]} in {now[0][0]} reaches {now[1]}, and before it was not looked up" if now else ""


def _describe(key: Key, origin: Origin, now: tuple[Key, Origin] | None) -> str:
    if now is None or _name(key) != _name(now[0]):
        return f"{_name(key)[2]} in {key[0]} is looked up no more"
    return f"{_name(key)[2]} in {key[0]} reaches {now[1]}, and before {origin}"


def _is_standard(origin: Origin) -> bool:
    return origin.is_library and not origin.is_installed


def _name(key: Key) -> tuple[str, str, str, str]:
    path, module, site, name, _ = key
    return path, module, f"import {'.' * site.level}{site.module}", name
