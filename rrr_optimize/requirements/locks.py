"""Compiled files: which requirements they follow from, and which of their pins no longer do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.facts.installer import PROJECT_KINDS, Installer
from rrr_optimize.facts.marker_rows import iter_common_rows
from rrr_optimize.requirements.satisfiability import is_unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rrr_optimize.facts.declarations import Declaration, Source
    from rrr_optimize.facts.requirement_facts import RequirementFacts


class LockedPin(NamedTuple):
    """A pin of a compiled file, and what its input asks of the same package."""

    lock: Source
    pin: Declaration
    asked: tuple[Declaration, ...]


def find_locked_pins(facts: RequirementFacts) -> Iterator[LockedPin]:
    """Yield each pin of a compiled file whose header names an input that asks for the package."""
    installer = Installer(facts.sources, {})
    for source in facts.sources:
        by_package: dict[str, list[Declaration]] = {}
        for item in (item for paths in source.compiled_from for item in _wanted(paths, installer)):
            by_package.setdefault(item.package, []).append(item)
        for pinned in source.declarations if by_package else ():
            if pinned.pin and pinned.package in by_package:
                yield LockedPin(source, pinned, tuple(by_package[pinned.package]))


def _wanted(paths: Iterable[str], installer: Installer) -> Iterator[Declaration]:
    """Yield what the first of these paths asks for, with what it includes.

    Of a project's own file only what every installation of it needs: whether an extra was compiled in is not known.
    """
    path = next((path for path in paths if path in installer.by_path), "")
    for item in installer.chain(path):
        if item.kind not in PROJECT_KINDS or item.scope.layer is Layer.RUNTIME:
            yield item


def find_excluding(pinned: Declaration, asked: Sequence[tuple[Declaration, str]]) -> tuple[Declaration, ...]:
    """Return what keeps a pin of a compiled file from being what its input asks for, each with its specifier.

    Nothing, if in some environment it is: a compiled file may be made for one of them only.
    """
    taking_part = [
        (item, specifier) for item, specifier in asked if specifier and item.marker_rows & pinned.marker_rows
    ]
    for members, _ in iter_common_rows([item.marker_rows for item, _ in taking_part], pinned.marker_rows):
        if members and not is_unsatisfiable([pinned.specifier, *(taking_part[index][1] for index in members)]):
            return ()
    return tuple(item for item, _ in taking_part)
