"""Everything that stands in the way of a layout, found once."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Kind
from rrr_optimize.formats.requirements_lines import LineKind
from rrr_optimize.model import Location
from rrr_optimize.requirements.layouts.hindrances import Hindrance
from rrr_optimize.requirements.layouts.images import find_barred_by_images
from rrr_optimize.requirements.layouts.locks import find_locks
from rrr_optimize.requirements.layouts.project_files import INDEX_OPTIONS
from rrr_optimize.requirements.layouts.readers import find_read_files
from rrr_optimize.requirements.layouts.travelling import find_travelling
from rrr_optimize.requirements.layouts.unmovable import find_unmovable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts.flattening import Flattener
    from rrr_optimize.requirements.layouts.hindrances import Barred
    from rrr_optimize.requirements.layouts.project_files import ProjectFile


@dataclass(frozen=True, slots=True)
class Refusals:
    """What must not be done, by path.

    `hindered` are the projects' files that stay as they are, `barred` those that cannot reference one root file.
    `unusable` are root files that are there and cannot be one of a layout, `fixed` those that must not be changed, and
    `closed` those that nobody may newly include. `locks` names a lock for each file that one is compiled from.
    """

    hindered: Mapping[str, Hindrance]
    barred: Barred
    unusable: Mapping[str, Hindrance]
    fixed: Mapping[str, Hindrance]
    closed: Mapping[str, Hindrance]
    locks: Mapping[str, str]


def find_refusals(
    repository: Repository, files: Mapping[str, ProjectFile], flattener: Flattener, roots: Sequence[str]
) -> Refusals:
    """Return what stands in the way of a layout with these root files, which are among the files if they are there."""
    found = find_unmovable(repository, files) | find_read_files(repository, frozenset(files))
    hindered = {**find_travelling(repository, files, flattener), **found}
    hindered = {path: each for path, each in hindered.items() if path not in roots}
    hindered |= {path: each for path, each in _find_included(files, flattener, roots).items() if path not in hindered}
    there = {path: files[path] for path in roots if path in files}
    return Refusals(
        hindered,
        find_barred_by_images(repository, flattener, roots),
        {path: each for path in roots if path not in files and (each := _explain_unusable(repository, path))},
        {path: each for path, each in (_find_asked(flattener, roots) | found).items() if path in roots},
        {path: each for path, file in there.items() if (each := _find_local(file))},
        find_locks(repository.requirements.sources, flattener),
    )


def _find_asked(flattener: Flattener, roots: Sequence[str]) -> dict[str, Hindrance]:
    """Return why a constraints file must not get lines: somebody includes it by `-r` and would get the packages."""
    found = {}
    for root in roots:
        source = flattener.by_path.get(root)
        if source and source.kind is Kind.CONSTRAINTS:
            user = next((path for path in flattener.by_path if root in flattener.includes(path)), None)
            if user:
                reason = f"{user} includes it with -r and would get every package that is put there"
                found[root] = Hindrance(reason, f"let {user} name it with -c", Location(user))
    return found


def _find_included(
    files: Mapping[str, ProjectFile], flattener: Flattener, roots: Sequence[str]
) -> dict[str, Hindrance]:
    """Return the files that a root file includes: to include that in turn would close a circle."""
    found = {}
    for root in roots:
        for path in flattener.includes(root) if root in files else ():
            if path in files and path not in roots:
                hint = f"take the -r out of {root} first"
                found[path] = Hindrance(f"{root} includes it, so it cannot include {root}", hint, Location(path))
    return found


def _explain_unusable(repository: Repository, path: str) -> Hindrance | None:
    if not repository.snapshot.is_there(path):
        return None
    source = next((each for each in repository.requirements.sources if each.path == path), None)
    if source and source.compiled_by:
        reason = f"{source.compiled_by} makes it, so that no line can be put there"
        return Hindrance(reason, "lay out the file that it is made from, under another name", Location(path))
    return Hindrance("it is there and is no requirements file", "name the layer otherwise", Location(path))


def _find_local(file: ProjectFile) -> Hindrance | None:
    """Return what in a root file holds only for those who install it from where they do now.

    pip looks for `-e ./lib` from the working directory, wherever the line stands (seen with pip 26.3), and an index
    that a file names is asked for everything that is installed with it.
    """
    for line in file.file.lines:
        location = file.source.locate(line.content)
        is_local = line.target is not None and line.kind in {LineKind.EDITABLE, LineKind.PATH_OR_URL}
        if is_local and "://" not in (line.target or ""):
            reason = (
                f"{posixpath.basename(file.path)} names {line.target}, which pip looks for in the working directory"
            )
            return Hindrance(reason, f"take that line out of {file.path}", location)
        if named := next((name for name, _ in line.options if name in INDEX_OPTIONS), None):
            reason = f"{posixpath.basename(file.path)} has {named}, which would hold for this file too"
            return Hindrance(reason, f"take that line out of {file.path}", location)
    return None
