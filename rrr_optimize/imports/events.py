"""What happens when a file is loaded, in order, as far as it can matter to the search path or to what is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.facts.standard_library import STANDARD
from rrr_optimize.formats.path_forms import PathStatement, Placement
from rrr_optimize.formats.python_imports import ImportSite, Timing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.module_index import ModuleIndex
    from rrr_optimize.facts.program_files import ProgramFile, ProgramFiles

UNCERTAIN = frozenset({Placement.GUARD, Placement.TRY, Placement.LOOP, Placement.CONDITION, Placement.UNKNOWN})
"""Where a statement stands that may run or not when its file is loaded."""


class Binding(NamedTuple):
    """Names that imports make in their file, of which nothing else matters."""

    names: tuple[str, ...]


Event = ImportSite | PathStatement | Binding
"""One thing that happens when a file is loaded."""


class Events:
    """The events of files, each with when it happens; what never happens is left out.

    With an index the events are brief: of imports whose name no folder of the repository offers nothing is kept but the
    names they bind, and of those only what the repository offers. Whatever the search path is, the others do not reach
    it.
    """

    def __init__(self, files: ProgramFiles, index: ModuleIndex | None = None) -> None:
        self.files = files
        self._index = index
        self._known: dict[str, tuple[tuple[Timing, Event], ...] | None] = {}

    def of(self, path: str) -> tuple[tuple[Timing, Event], ...] | None:
        """Return what happens when a file is loaded; None where it is no Python that parses."""
        if path not in self._known:
            file = self.files.read(path) if path.endswith((".py", ".ipynb")) else None
            self._known[path] = tuple(self._kept(file)) if file else None
        return self._known[path]

    def _kept(self, file: ProgramFile) -> Iterator[tuple[Timing, Event]]:
        for event in file.events:
            timing = timing_of(event)
            if timing is Timing.NEVER:
                continue
            if isinstance(event, ImportSite) and self._index is not None and self._is_elsewhere(event, self._index):
                # What is installed binds as well, where it is known what is.
                is_known = event.module.partition(".")[0] in STANDARD
                if names := tuple(name for name in event.binds if is_known and name in self._index.names):
                    yield timing, Binding(names)
                continue
            yield timing, event

    @staticmethod
    def _is_elsewhere(site: ImportSite, index: ModuleIndex) -> bool:
        """Tell whether an import is of a name that no folder of the repository offers."""
        top = site.module.partition(".")[0]
        if site.level or top in index.names:
            return False
        return top in STANDARD or index.installed is None


def timing_of(event: ImportSite | PathStatement) -> Timing:
    """Return when an import or a path statement runs."""
    if isinstance(event, ImportSite):
        return event.timing
    match event.placement:
        case Placement.FUNCTION:
            return Timing.LATER
        case Placement.MAIN:
            return Timing.MAIN
    return Timing.MAYBE if event.placement in UNCERTAIN else Timing.ALWAYS
