"""What a module's name leads to at one point of a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import Found, ModuleKind
from rrr_optimize.facts.standard_library import FIXED, HIDEABLE
from rrr_optimize.imports.search_path import INSTALLED, Entry, EntryKind, folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.installed import Installed
    from rrr_optimize.facts.module_index import ModuleIndex
    from rrr_optimize.imports.search_path import SearchPath


@dataclass(frozen=True, slots=True)
class Origin:
    """What a name leads to: `found` in the repository, the standard library, or nothing that is seen.

    `is_library` tells that it is known to be there without being in the repository; with `is_installed` it is no part
    of the standard library, but an environment that was looked at has it.
    `before` are the entries that come earlier and may hold anything: each of them may have the name, and then it wins.
    Two origins that are equal lead to the same thing whatever those entries hold.
    """

    found: Found | None = None
    is_library: bool = False
    before: tuple[Entry, ...] = ()
    is_installed: bool = False

    @property
    def path(self) -> str:
        """The file that is run, the first folder of a namespace, or nothing."""
        if self.found is None:
            return ""
        return self.found.path or self.found.folders[0]

    @property
    def is_first_party(self) -> bool:
        """Whether the repository itself offers it."""
        return self.found is not None

    def is_same(self, other: Origin) -> bool:
        """Return whether an import that reaches the one could as well reach the other.

        Of a namespace only that it is one counts: what is found in it is looked up and compared on its own.
        """
        kinds = {found.kind if found else None for found in (self.found, other.found)}
        if kinds == {ModuleKind.NAMESPACE}:
            return self.before == other.before
        return self == other

    def __str__(self) -> str:
        if self.is_library:
            return "an installed package" if self.is_installed else "the standard library"
        return self.path or "nothing in the repository"


_LIBRARY = Origin(is_library=True)


def resolve(index: ModuleIndex, name: str, path: SearchPath) -> Origin:
    """Return what a top-level name leads to on a search path.

    Built-in and frozen modules come before any folder. A folder without `__init__.py` is only used if no entry behind
    it has a module or a regular package, so an entry that is not seen always counts as being before it.
    """
    if name in FIXED:
        return _LIBRARY
    portions: list[str] = []
    before: list[Entry] = []
    for entry in dict.fromkeys(path if index.installed is None else _look_behind(path, index.installed, name)):
        match entry.kind:
            case EntryKind.UNSEEN if entry.path not in index.absent:
                before.append(entry)
            case EntryKind.LIBRARY if name in HIDEABLE:
                return Origin(is_library=True, before=tuple(before))
            case EntryKind.LISTED if name in index.listed(entry.path).regular:
                return Origin(is_library=True, before=tuple(before), is_installed=True)
            case EntryKind.LISTED if name in index.listed(entry.path).open:
                before.append(entry)
            case EntryKind.FOLDER:
                found = index.look_in(entry.path, name)
                if found is not None and found.kind is not ModuleKind.NAMESPACE:
                    return Origin(found, before=tuple(before))
                portions += found.folders if found else ()
    return _resolve_last(index, name, portions, tuple(before))


def _resolve_last(index: ModuleIndex, name: str, portions: list[str], before: tuple[Entry, ...]) -> Origin:
    """Return what a name leads to that no entry has as module or regular package: a namespace, or what hooks know."""
    if portions:
        return Origin(Found(ModuleKind.NAMESPACE, "", tuple(dict.fromkeys(portions))), before=before)
    is_open = any(entry.kind is EntryKind.LISTED for entry in before)
    if index.installed is None or is_open or name not in index.installed.hooked:
        return Origin(before=before)
    hooked = index.find_hooked(name)
    return Origin(hooked, is_library=hooked is None, before=before, is_installed=hooked is None)


def _look_behind(path: SearchPath, installed: Installed, name: str) -> Iterator[Entry]:
    """Yield the entries of a path with what is known of an environment in place of the entry that stands for it."""
    for entry in path:
        if entry != INSTALLED or name in installed.unsure:
            yield entry
        if entry != INSTALLED:
            continue
        for place in installed.places:
            if place is None:
                yield INSTALLED
            elif isinstance(place, str):
                yield folder(place)
            else:
                yield Entry(EntryKind.LISTED, place.path)
