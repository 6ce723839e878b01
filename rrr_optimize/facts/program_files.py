"""Python files as parts of programs: what each imports and what it does to the search path."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from rrr_optimize.formats.notebook_cells import read_notebook
from rrr_optimize.formats.path_statements import find_path_statements
from rrr_optimize.formats.python_imports import ImportSite, read_imports
from rrr_optimize.formats.python_imports.plain_data import from_data, to_data
from rrr_optimize.formats.python_rows import split_rows
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.telling_lines import find_telling_lines
from rrr_optimize.formats.unreadable import PythonError
from rrr_optimize.workspace.memory import NoMemory, key_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.formats.path_forms import PathStatement
    from rrr_optimize.formats.python_imports import PythonImports
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.memory import Memory
    from rrr_optimize.workspace.snapshot import Snapshot

_NO_MEMORY = NoMemory()


@dataclass(frozen=True, slots=True, eq=False)
class ProgramFile:
    """What a file does to the program that loads it: its imports, its path statements, and both in source order."""

    imports: PythonImports
    statements: tuple[PathStatement, ...] = ()
    events: tuple[ImportSite | PathStatement, ...] = field(init=False)

    def __post_init__(self) -> None:
        events: list[ImportSite | PathStatement] = [*self.imports.sites, *self.statements]
        object.__setattr__(self, "events", tuple(sorted(events, key=lambda event: (event.line, event.column))))


class ProgramFiles(Protocol):
    """Reads the files of a repository as parts of programs; each is parsed when it is first asked for."""

    def read(self, path: str) -> ProgramFile | None:
        """Return what a file does when it is loaded; None where it is no Python that parses."""
        ...


def read_program(module: ast.Module, text: str, path: str) -> ProgramFile:
    """Return what a file does when it is loaded, by its tree and text; `path` is relative to the root."""
    rows = split_rows(text)
    return ProgramFile(read_imports(module, text), find_path_statements(module, rows, find_telling_lines(rows), path))


class ReadProgramFiles:
    """Reads the files of a snapshot, each once; the path statements are those that the scan of imports found."""

    def __init__(self, snapshot: Snapshot, statements: Iterable[PathHack], memory: Memory = _NO_MEMORY) -> None:
        self._snapshot = snapshot
        self._memory = memory
        self._statements: dict[str, list[PathStatement]] = {}
        self._known: dict[str, ProgramFile | None] = {}
        for hack in statements:
            self._statements.setdefault(hack.location.path, []).append(hack.statement)

    def read(self, path: str) -> ProgramFile | None:
        """Return what a file does when it is loaded, or the cells of a notebook; None for what does not parse."""
        if path not in self._known:
            self._known[path] = self._parse(path)
        return self._known[path]

    def _parse(self, path: str) -> ProgramFile | None:
        source = self._snapshot.text(path)
        if source is None:
            return None
        if path.endswith(".ipynb"):
            code = read_notebook(source.text, lambda _row: True)
            source = replace(source, text=code.text) if code else source
        imports = self._read_imports(source)
        return ProgramFile(imports, tuple(self._statements.get(source.path, ()))) if imports else None

    def _read_imports(self, source: SourceText) -> PythonImports | None:
        key = key_of(source.text.encode("utf-8", "surrogatepass"))
        known = self._memory.recall("imports", key)
        if known is not None and (found := from_data(known)):
            return found
        try:
            imports = read_imports(parse_python(source).module, source.text)
        except PythonError:
            return None
        self._memory.learn("imports", key, to_data(imports))
        return imports
