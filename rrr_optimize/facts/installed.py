"""What an environment offers to imports, told by its folders alone: installed packages, and what is edited in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_configuration import EditableFinder, PathFile, read_editable_finder, read_path_file
from rrr_optimize.workspace.site_packages import ImportFolder, list_folder, path_inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rrr_optimize.workspace.site_packages import SitePackages
    from rrr_optimize.workspace.snapshot import Snapshot

# Run when an interpreter starts, if they are there.
_CUSTOM = frozenset({"sitecustomize", "usercustomize"})


@dataclass(frozen=True, eq=False)
class Installed:
    """What stands where installed packages stand on the search path, in the order in which it is asked.

    `places` are folders of the repository, by their paths, and others with the names that they offer; None may hold
    anything. `hooked` are names that an import hook knows, which is asked when every folder has been; each with its
    path in the repository, or None where that is outside. `unsure` are names of which more may be there than is seen.
    """

    places: tuple[str | ImportFolder | None, ...] = ()
    hooked: Mapping[str, str | None] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()

    @cached_property
    def folders(self) -> Mapping[str, ImportFolder]:
        """The folders outside of the repository, by their paths."""
        return {each.path: each for each in self.places if isinstance(each, ImportFolder)}


def read_installed(site: SitePackages, snapshot: Snapshot) -> Installed:
    """Return what an environment offers. `import` lines of `.pth` files are read where they are known, and never run.

    Where there is one that is not known it may have installed any hook, and that may come before all.
    """
    read = {name: read_path_file(site.text(name)) for name in site.files}
    finders = [(name, read_editable_finder(site.text(f"{name}.py"))) for name in _finders(read.values())]
    hooks = [finder for _, finder in finders if finder is not None]
    is_known = len(hooks) == len(finders) and not any(each.unknown for each in read.values())
    is_known = is_known and not _CUSTOM & site.folder.regular
    named = [site.find_folder(folder) for each in read.values() for folder in each.folders]
    places: list[str | ImportFolder | None] = [] if is_known else [None]
    places.append(site.folder)
    places += [_place(folder, snapshot) for folder in dict.fromkeys(named) if folder is not None]
    if not site.is_alone:
        places.append(None)
    return Installed(tuple(places), dict(_hooked(hooks, snapshot)), frozenset(_unsure(read.values(), hooks)))


def _finders(files: Iterable[PathFile]) -> list[str]:
    return list(dict.fromkeys(name for each in files for name in each.finders))


def _place(folder: str, snapshot: Snapshot) -> str | ImportFolder:
    """Return a folder of the repository by its path; one without listed files is looked into like any other."""
    inside = path_inside(folder, snapshot.root)
    return inside if inside is not None and snapshot.is_folder(inside) else list_folder(folder)


def _hooked(hooks: Iterable[EditableFinder], snapshot: Snapshot) -> Iterator[tuple[str, str | None]]:
    for hook in hooks:
        for name, path in hook.modules.items():
            if "." not in name:
                yield name, path_inside(path, snapshot.root)


def _unsure(files: Iterable[PathFile], hooks: Iterable[EditableFinder]) -> Iterator[str]:
    yield from (name for each in files for name in each.namespaces)
    for hook in hooks:
        dotted = [name for name in hook.modules if "." in name]
        yield from (name.partition(".")[0] for name in (*dotted, *hook.namespaces))
