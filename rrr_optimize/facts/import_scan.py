"""The scan stage of imports: the files that hold a telling string are parsed, and no others are read."""

from __future__ import annotations

import ast
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.import_facts import ImportFacts, PathHack
from rrr_optimize.formats.notebook_cells import read_notebook
from rrr_optimize.formats.path_forms import PathBase
from rrr_optimize.formats.path_statements import find_path_statements
from rrr_optimize.formats.python_outline import outline
from rrr_optimize.formats.python_recovery import recover_module
from rrr_optimize.formats.python_rows import split_rows
from rrr_optimize.formats.python_tree import parse_module
from rrr_optimize.formats.telling_lines import NEEDLES, find_telling_lines, is_telling
from rrr_optimize.formats.unreadable import PythonError
from rrr_optimize.model import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rrr_optimize.formats.path_forms import PathStatement
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

# A stub (.pyi) is never run, so its path statements change nothing.
SUFFIXES = (".py", ".ipynb")
_SILENT = re.compile(r"#\s*noqa(?::\s*(?P<codes>[A-Z][A-Z0-9, ]*))?", re.IGNORECASE)


def scan_imports(
    snapshot: Snapshot,
    find_holding: Callable[[Sequence[str], Sequence[str]], Iterable[str]],
    directories: tuple[str, ...] = (),
) -> ImportFacts:
    """Return the statements that change the search path, in `.py` files and in the Python cells of notebooks.

    A file that does not parse is read as far as it can be. A file that cannot be decoded is left out, and the snapshot
    says why. A link to a file of the root is the file. `directories` are those in which programs are started, where
    somebody has said so.
    """
    found: dict[str, tuple[PathHack, ...]] = {}
    for path in find_holding(NEEDLES, SUFFIXES):
        source = snapshot.text(path)
        if source is not None and source.path not in found:
            found[source.path] = tuple(_read(source, _Places(snapshot, directories)))
    files = sum(path[-3:] == ".py" for path in snapshot.files)
    return ImportFacts(files, tuple(hack for path in sorted(found) for hack in found[path]))


@dataclass(frozen=True, slots=True)
class _Places:
    """What there is in a repository, for programs that are started in some directories, or in any."""

    snapshot: Snapshot
    directories: tuple[str, ...]

    def has(self, statement: PathStatement, path: str) -> bool | None:
        """Return whether the first folder of a statement exists, or None where that depends on the directory."""
        if not statement.values:
            return None
        value = statement.values[0]
        folder = posixpath.dirname(path)
        match value.base:
            case PathBase.FILE | PathBase.ABSOLUTE:
                return self.snapshot.is_there(value.path)
            case PathBase.CWD:
                # Commands are started in the root, beside the file, or anywhere between.
                usual = [folder, *(folder[:end] for end in range(len(folder)) if folder[end] == "/"), "."]
                starts = self.directories or usual
                places = [posixpath.normpath(posixpath.join(start, value.path)) for start in starts]
                verdicts = {self.snapshot.is_there(place) for place in places}
                return verdicts.pop() if len(verdicts) == 1 else None
        return None


def _read(source: SourceText, places: _Places) -> Iterator[PathHack]:
    if source.path.endswith(".ipynb"):
        yield from _read_notebook(source, places)
        return
    rows = split_rows(source.text)
    lines = find_telling_lines(rows)
    if not lines:
        return
    module, rows, is_whole = _parse(source, rows, lines)
    statements = find_path_statements(module, rows, lines, source.path, is_whole=is_whole)
    if not statements:
        return
    silenced = list(_find_silenced(module, rows, source.path))
    for number, statement in enumerate(statements):
        following = statements[number + 1].line if number + 1 < len(statements) else len(rows) + 1
        served = tuple(each for each in silenced if statement.line <= each.line < following)
        yield PathHack(_locate(source.path, statement, rows), statement, places.has(statement, source.path), served)


def _parse(source: SourceText, rows: list[str], lines: list[int]) -> tuple[ast.Module, list[str], bool]:
    """Return the tree of what matters to the lines, the rows that it was made of, and whether all of that parsed."""
    kept = outline(rows, lines)
    for text, own in (("\n".join(kept), kept), (source.text, rows)):
        try:
            return parse_module(text), own, True
        except PythonError:
            continue
    return recover_module("\n".join(kept), is_telling), kept, False


def _read_notebook(source: SourceText, places: _Places) -> Iterator[PathHack]:
    code = read_notebook(source.text, is_telling)
    if code is None:
        return
    rows = split_rows(code.text)
    lines = find_telling_lines(rows)
    if not lines:
        return
    try:
        module = parse_module(code.text)
    except PythonError:
        module = recover_module(code.text, is_telling)
    for statement in find_path_statements(module, rows, lines, source.path, is_notebook=True):
        line = code.lines[statement.line - 1]
        yield PathHack(Location(source.path, line, 1, line, 1), statement, places.has(statement, source.path))


def _locate(path: str, statement: PathStatement, rows: list[str]) -> Location:
    return Location(
        path,
        statement.line,
        _column(rows, statement.line, statement.column),
        statement.end_line,
        _column(rows, statement.end_line, statement.end_column),
    )


def _column(rows: list[str], line: int, column: int) -> int:
    """Turn a column in UTF-8 bytes into one in characters."""
    row = rows[line - 1]
    return column if row.isascii() else len(row.encode()[: column - 1].decode("utf-8", "ignore")) + 1


def _find_silenced(module: ast.Module, rows: list[str], path: str) -> Iterator[Location]:
    for statement in module.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            line = statement.lineno
            # A comment counts on any line of the import, and none of its lines holds a string.
            for row in rows[line - 1 : statement.end_lineno or line]:
                match = _SILENT.search(row)
                if match and (match["codes"] is None or "E402" in match["codes"].upper()):
                    yield Location(path, line, 1, line, len(rows[line - 1]) + 1)
                    break
