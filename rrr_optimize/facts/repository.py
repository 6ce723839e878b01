"""The repository as rules see it: files, projects, settings, and facts made when first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.workspace.memory import NoMemory

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rrr_optimize.config import Settings
    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.compose.reading import ComposeFacts
    from rrr_optimize.facts.import_facts import ImportFacts, SyntaxFacts
    from rrr_optimize.facts.import_names import ImportNames
    from rrr_optimize.facts.installed import Installed
    from rrr_optimize.facts.module_names import ModuleNames
    from rrr_optimize.facts.own_modules import OwnModules
    from rrr_optimize.facts.requirement_facts import RequirementFacts
    from rrr_optimize.model import ChangeGroup
    from rrr_optimize.workspace.memory import Memory
    from rrr_optimize.workspace.projects import Projects
    from rrr_optimize.workspace.site_packages import SitePackages
    from rrr_optimize.workspace.snapshot import Snapshot
    from rrr_optimize.workspace.syntax import SyntaxChecker, Version


@dataclass(frozen=True, eq=False)
class Repository:
    """What every rule is given. `today` decides whether an exception has expired.

    `find_scripts` returns the Python files that hold a string, `find_documents` the Markdown files; `on_file` is told
    how many files are read, of how many, while facts are made. `find_holding` returns the files with one of some
    endings that hold one of some strings, and `find_versions` what files held earlier; without `syntax` no file is
    parsed for its own sake. `below` is the repository that this one lies over: what it read is taken over where a
    text is the same. `memory` knows what files were found to import in earlier runs.
    """

    snapshot: Snapshot
    projects: Projects
    settings: Settings
    today: dt.date
    find_scripts: Callable[[str], Iterable[str]]
    find_documents: Callable[[str], Iterable[str]]
    on_file: Callable[[int, int], None] | None = None
    find_holding: Callable[[Sequence[str], Sequence[str]], Iterable[str]] | None = None
    syntax: SyntaxChecker | None = None
    find_versions: Callable[[Sequence[str]], Mapping[str, Sequence[Version]]] | None = None
    below: Repository | None = None
    memory: Memory = field(default_factory=NoMemory)

    @cached_property
    def requirements(self) -> RequirementFacts:
        """The requirements of the repository."""
        from rrr_optimize.facts.requirement_sources import read_requirement_facts

        earlier = self.below.requirements if self.below and "requirements" in vars(self.below) else None
        return read_requirement_facts(
            self.snapshot, self.projects, self.settings, self.find_scripts, self.on_file, earlier
        )

    @cached_property
    def imports(self) -> ImportFacts:
        """The statements that change where Python looks for modules."""
        from rrr_optimize.facts.import_scan import SUFFIXES, scan_imports

        return scan_imports(
            self.snapshot,
            self.find_holding or (lambda _needles, _suffixes: [p for p in self.snapshot.files if p.endswith(SUFFIXES)]),
            self.settings.fix_imports.cwd,
        )

    @cached_property
    def codebase(self) -> Codebase:
        """What a judgement about imports rests on."""
        from rrr_optimize.facts.codebase import Codebase
        from rrr_optimize.facts.container_runs import read_container_runs
        from rrr_optimize.facts.invocations import read_invocations
        from rrr_optimize.facts.source_roots import read_source_roots, told_source_roots
        from rrr_optimize.formats.command_words import LAUNCHERS

        said = self.settings.fix_imports
        words = ("python", "pytest", *LAUNCHERS)
        documents = self.find_holding(words, (".md",)) if self.find_holding else ()
        written = read_invocations(self.snapshot, documents, read_source_roots(self.snapshot))
        invocations = (*written, *read_container_runs(self.compose.projects, self.snapshot))
        told = told_source_roots(self.snapshot, said.roots, self.settings.origin or "the command line")
        return Codebase(
            self.snapshot, self.imports.statements, invocations, said.cwd, told, self.installed, self.memory
        )

    @cached_property
    def import_names(self) -> ImportNames:
        """What distributions are imported as."""
        from rrr_optimize.facts.import_names import ImportNames
        from rrr_optimize.facts.installed_names import read_installed_names

        told = dict(self.settings.fix_imports.import_names)
        return ImportNames(told, read_installed_names(self.site_packages) if self.site_packages else {})

    @cached_property
    def site_packages(self) -> SitePackages | None:
        """The environment in which programs run; None where none is named, or where it is not there.

        It is no part of the snapshot: a repository laid over another one has the same.
        """
        from rrr_optimize.errors import ConfigurationError
        from rrr_optimize.workspace.site_packages import find_site_packages, open_site_packages

        if self.below is not None:
            return self.below.site_packages
        told = self.settings.fix_imports.site_packages
        try:
            return open_site_packages(find_site_packages(told, self.snapshot.root)) if told else None
        except ConfigurationError:
            return None

    @cached_property
    def installed(self) -> Installed | None:
        """What that environment offers."""
        from rrr_optimize.facts.installed import read_installed

        return read_installed(self.site_packages, self.snapshot) if self.site_packages else None

    @cached_property
    def modules(self) -> ModuleNames:
        """The modules that its folders offer."""
        from rrr_optimize.facts.module_names import ModuleNames

        return ModuleNames(self.snapshot)

    @cached_property
    def own_modules(self) -> OwnModules:
        """Its modules by name, and from where each file may import them."""
        from rrr_optimize.facts.own_modules import OwnModules
        from rrr_optimize.facts.python_paths import PythonPaths, read_python_paths

        search = self.find_holding
        return OwnModules(
            self.codebase, lambda: read_python_paths(self.snapshot, search) if search else PythonPaths(frozenset())
        )

    @cached_property
    def unparsable(self) -> SyntaxFacts:
        """The Python files that do not parse."""
        from rrr_optimize.facts.import_facts import SyntaxFacts
        from rrr_optimize.facts.syntax_stage import check_syntax

        if self.syntax is None:
            return SyntaxFacts()
        pythons = self.requirements.pythons
        find_versions = self.find_versions or (lambda _paths: {})
        return check_syntax(self.snapshot, self.projects, pythons, self.syntax, find_versions, self.on_file)

    @cached_property
    def compose(self) -> ComposeFacts:
        """The Compose projects of the repository."""
        from rrr_optimize.facts.compose.reading import read_compose_facts

        return read_compose_facts(self.snapshot, self.find_documents, self.find_holding)

    def overlay(self, groups: Iterable[ChangeGroup]) -> Repository:
        """Return the repository as it would be with these groups of one plan applied; its facts are made anew.

        Raises EditConflictError as `Snapshot.overlay` does.
        """
        return replace(self, snapshot=self.snapshot.overlay(groups), on_file=None, below=self)
