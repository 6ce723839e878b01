"""The repository as rules see it: files, projects, settings, and facts made when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from rrr_optimize.config import Settings
    from rrr_optimize.facts.compose.reading import ComposeFacts
    from rrr_optimize.facts.requirement_facts import RequirementFacts
    from rrr_optimize.workspace.projects import Projects
    from rrr_optimize.workspace.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Repository:
    """What every rule is given. `today` decides whether an exception has expired.

    `find_scripts` returns the Python files that hold a string,
    `find_documents` the Markdown files; `on_file` is told how many files are read, of how many, while facts are made.
    """

    snapshot: Snapshot
    projects: Projects
    settings: Settings
    today: dt.date
    find_scripts: Callable[[str], Iterable[str]]
    find_documents: Callable[[str], Iterable[str]]
    on_file: Callable[[int, int], None] | None = None

    @cached_property
    def requirements(self) -> RequirementFacts:
        """The requirements of the repository."""
        from rrr_optimize.facts.requirement_sources import read_requirement_facts

        return read_requirement_facts(self.snapshot, self.projects, self.settings, self.find_scripts, self.on_file)

    @cached_property
    def compose(self) -> ComposeFacts:
        """The Compose projects of the repository."""
        from rrr_optimize.facts.compose.reading import read_compose_facts

        return read_compose_facts(self.snapshot, self.find_documents)
