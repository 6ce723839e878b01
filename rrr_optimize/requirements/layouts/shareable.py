"""Which packages several files can have from one line, and as what."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Kind, Layer
from rrr_optimize.facts.marker_rows import ALL_ROWS, rows_of_marker
from rrr_optimize.requirements.disagreements import group_by_package
from rrr_optimize.requirements.exceptions import covers, is_expired
from rrr_optimize.requirements.joining import join_specifiers
from rrr_optimize.requirements.layouts.layout_plan import LeftPackage
from rrr_optimize.requirements.satisfiability import find_contradictions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts.project_files import Entry, Key, ProjectFile

Form = frozenset["Key"]
"""The extras and markers of all lines with which one file names one package."""


def find_contested(
    repository: Repository, packages: Iterable[str], held: Mapping[str, Sequence[Declaration]]
) -> tuple[dict[str, LeftPackage], dict[str, frozenset[str]]]:
    """Return which of these packages cannot be had from one line, and why, and for others the files that cannot.

    They come from an address or a folder, belong to the repository itself, are excepted, or no one version meets all
    that is asked for: by the files of the projects, and by whatever else is ever installed together with these.

    `held` is what root files ask for already. A file that does not agree with that can have nothing of them, so that
    the others need not agree with it.
    """
    contested: dict[str, LeftPackage] = {}
    opponents: dict[str, frozenset[str]] = {}
    for package, items in sorted(group_by_package(_relevant(repository, frozenset(packages))).items()):
        opposed = {
            item.location.path for item in items if _is_of_a_file(item) and not agree(item, held.get(package, ()))
        }
        if opposed:
            opponents[package] = frozenset(opposed)
        if found := _judge(package, [item for item in items if item.location.path not in opposed], repository):
            contested[package] = found
    return contested, opponents


def agree(item: Declaration, others: Sequence[Declaration]) -> bool:
    """Return whether a declaration and each of the others can be met together."""
    place = item.url, item.editable, item.internal
    return all(
        place == (other.url, other.editable, other.internal)
        and not find_contradictions([(each.specifier, each.marker_rows) for each in (item, other)], ALL_ROWS)
        for other in others
    )


def _relevant(repository: Repository, wanted: frozenset[str]) -> tuple[Declaration, ...]:
    """Return what one version would have to serve: what is asked for and shared, and what is installed beside it."""
    facts = repository.requirements
    written = [
        item
        for item in facts.declarations
        if item.package in wanted
        and not item.compiled
        and not item.scope.is_isolated
        and item.scope.layer not in {Layer.OVERRIDE, Layer.CONSTRAINT}
    ]
    found = dict.fromkeys(written)
    for install_set in facts.install_sets:
        if any(_is_of_a_file(item) for item in install_set.members):
            found |= dict.fromkeys(item for item in install_set.members if item.package in wanted)
    return tuple(found)


def _is_of_a_file(item: Declaration) -> bool:
    return item.kind is Kind.REQUIREMENTS and not item.compiled


def _judge(package: str, items: Sequence[Declaration], repository: Repository) -> LeftPackage | None:
    if project := repository.requirements.internal.get(package):
        return LeftPackage(package, f"it is the project in {project.path}", items[0].location)
    for item in items:
        if item.internal or item.url or item.editable:
            return LeftPackage(package, f"{item.location} takes it from a place of its own", item.location)
        if "+" in item.specifier:
            return LeftPackage(package, f"{item.location} asks for a build of its own", item.location)
        if any(covers(each, item) and not is_expired(each, repository) for each in repository.settings.exceptions):
            return LeftPackage(package, f"the configuration lets {item.location} differ", item.location)
    contradictions = find_contradictions([(item.specifier, item.marker_rows) for item in items], ALL_ROWS)
    if contradictions:
        core = contradictions[0].core
        against = next(item for item in items if item.specifier in core)
        return LeftPackage(package, f"no version meets {' and '.join(core)}", against.location)
    return None


def choose_form(files: Iterable[ProjectFile], package: str) -> Form | None:
    """Return the form in which most files name a package, the plainest of equals; None where none can move."""
    counts = Counter(form for file in files if (form := form_of(file, package)))
    return min(counts, key=lambda form: (-counts[form], _size(form), _text(form)), default=None)


def form_of(file: ProjectFile, package: str) -> Form | None:
    """Return the form in which a file names a package; None where it does not, or with more than a line can carry."""
    entries = file.entries_of(package)
    return frozenset(entry.key for entry in entries) if entries and all(each.is_plain for each in entries) else None


def _size(form: Form) -> int:
    return sum(1 + len(extras) + (marker is not None) for extras, marker in form)


def _text(form: Form) -> list[tuple[list[str], str]]:
    return sorted((sorted(extras), marker or "") for extras, marker in form)


def join_form(form: Form, entries: Sequence[Entry]) -> dict[Key, str] | None:
    """Return the specifier of each line of a form; None where the entries, where they overlap, have none in common."""
    found: dict[Key, str] = {}
    for key in form:
        rows = rows_of_marker(key[1])
        joined = join_specifiers(entry.specifier for entry in entries if entry.rows & rows)
        if joined is None:
            return None
        found[key] = joined
    return found
