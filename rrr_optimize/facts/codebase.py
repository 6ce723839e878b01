"""All that a judgement about imports rests on: the files, who imports whom, and how programs are entered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.facts.import_texts import ImportText, find_import_texts
from rrr_optimize.facts.module_index import INIT, ModuleIndex
from rrr_optimize.facts.program_files import ReadProgramFiles
from rrr_optimize.facts.pytest_settings import PytestFacts, read_pytest_facts
from rrr_optimize.facts.source_roots import SourceRoot, read_source_roots
from rrr_optimize.formats.path_forms import PathBase
from rrr_optimize.workspace.memory import NoMemory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.facts.installed import Installed
    from rrr_optimize.facts.invocations import Invocation
    from rrr_optimize.workspace.memory import Memory
    from rrr_optimize.workspace.snapshot import Snapshot

Dotted = tuple[str, ...]
"""The parts of a dotted name."""

_SUBMODULE = re.compile(r"^[ \t]*path[ \t]*=[ \t]*(.+?)[ \t\r]*$", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Codebase:
    """The Python of a repository; each part is made when first asked for, and files are parsed one by one.

    `directories` are those in which programs are started, where somebody has said so. `told_roots` are the source
    roots that somebody has named; they come before those that the projects declare. `installed` is the environment in
    which programs run, where somebody has named it.
    """

    snapshot: Snapshot
    hacks: tuple[PathHack, ...]
    invocations: tuple[Invocation, ...] = ()
    directories: tuple[str, ...] = ()
    told_roots: tuple[SourceRoot, ...] = ()
    installed: Installed | None = None
    memory: Memory = field(default_factory=NoMemory)
    _known_importers: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False)
    _meant: dict[str, _Meant] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def index(self) -> ModuleIndex:
        """What folders offer."""
        values = {value for hack in self.hacks for value in hack.statement.values}
        outside = {value.path for value in values if value.base is PathBase.ABSOLUTE or value.path.startswith("..")}
        return ModuleIndex.of(self.snapshot, outside, self.installed)

    @cached_property
    def files(self) -> ReadProgramFiles:
        """The files as parts of programs."""
        return ReadProgramFiles(self.snapshot, self.hacks, self.memory)

    @cached_property
    def pytest(self) -> PytestFacts:
        """How pytest is set up."""
        return read_pytest_facts(self.snapshot)

    @cached_property
    def roots(self) -> tuple[SourceRoot, ...]:
        """From where installed projects are imported."""
        return (*self.told_roots, *read_source_roots(self.snapshot))

    @cached_property
    def submodules(self) -> tuple[str, ...]:
        """The folders of git submodules, as .gitmodules names them."""
        source = self.snapshot.text(".gitmodules") if self.snapshot.is_file(".gitmodules") else None
        return tuple(_SUBMODULE.findall(source.text)) if source else ()

    @cached_property
    def texts(self) -> Mapping[str, tuple[ImportText, ...]]:
        """The imports of each Python file and notebook, as a look at their lines finds them."""
        python = [path for path in self.snapshot.files if path.endswith((".py", ".ipynb"))]
        return find_import_texts(self.snapshot, python, self.memory)

    def words(self, path: str) -> frozenset[str]:
        """Return the names in the imports of a file."""
        return frozenset(word for text in self.texts.get(path, ()) for word in text.words)

    @cached_property
    def _by_word(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.texts:
            for word in self.words(path):
                found.setdefault(word, []).append(path)
        return found

    def files_with(self, words: Iterable[str]) -> list[str]:
        """Return the Python files and notebooks that hold one of some words in their imports, sorted."""
        return sorted({path for word in words for path in self._by_word.get(word, ())})

    def importers(self, path: str) -> list[str]:
        """Return the files with an import that may mean a file: its name, and what stands before it, fit the path.

        Whether it is the one that is meant depends on the search path; those that cannot are left out. Whoever imports
        a part of a package by its whole name imports the package first.
        """
        if path not in self._known_importers:
            parts = tuple(path.removesuffix(".py").split("/"))
            is_package = parts[-1] == INIT
            # A script beside it may say `import __init__`.
            found = self._importers(path, parts)
            if is_package and len(parts) > 1:
                found += self._importers(path, parts[:-1], is_package=True)
            self._known_importers[path] = sorted(set(found))
        return self._known_importers[path]

    def _importers(self, path: str, parts: Dotted, *, is_package: bool = False) -> list[str]:
        others = self.files_with({parts[-1]})
        return [other for other in others if other != path and self._may_import(other, parts, is_package=is_package)]

    def _may_import(self, other: str, parts: Dotted, *, is_package: bool) -> bool:
        if other not in self._meant:
            self._meant[other] = _Meant.by(self.texts[other], other)
        meant = self._meant[other]
        dotted = meant.modules.get(parts[-1], ())
        return any(_fits(each, parts) for each in dotted) or (
            is_package and any(_fits(each, parts) for each in meant.packages.get(parts[-1], ()))
        )


@dataclass(frozen=True, slots=True)
class _Meant:
    """What the imports of a file may mean, by the last part of the name: modules, and packages on the way to them."""

    modules: Mapping[str, set[Dotted]]
    packages: Mapping[str, set[Dotted]]

    @classmethod
    def by(cls, texts: Iterable[ImportText], path: str) -> _Meant:
        """Return what the imports of a file mean; relative ones are made whole."""
        folder = tuple(path.split("/")[:-1])
        modules: dict[str, set[Dotted]] = {}
        packages: dict[str, set[Dotted]] = {}
        for text in texts:
            module = text.module.lstrip(".")
            level = len(text.module) - len(module)
            base = folder[: len(folder) - level + 1] if level else ()
            stem = (*base, *(module.split(".") if module else ()))
            for name in text.names:
                modules.setdefault(name, set()).add((*stem, name))
            for end in range(1, len(stem) + 1):
                # A text may go on with a class and an attribute.
                kind = modules if text.is_text or end == len(stem) else packages
                kind.setdefault(stem[end - 1], set()).add(stem[:end])
        return cls(modules, packages)


def _fits(dotted: Dotted, parts: Dotted) -> bool:
    """Tell whether the shorter of both is the end of the longer."""
    length = min(len(dotted), len(parts))
    return dotted[-length:] == parts[-length:]
