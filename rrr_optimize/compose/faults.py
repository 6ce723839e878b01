"""What keeps a Compose file from being judged at all: each a change that is refused, at the place where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.compose.rules import (
    broken_compose_reference,
    compose_schema,
    dependency_cycle,
    duplicate_compose_key,
    invalid_compose_file,
    invalid_short_form,
    undefined_dependency,
    undefined_resource,
)
from rrr_optimize.facts.compose.discovery import STANDARD
from rrr_optimize.model import ChangeGroup, Lane, Location
from rrr_optimize.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.reading import ComposeFacts

_RULES = (
    invalid_compose_file,
    duplicate_compose_key,
    compose_schema,
    invalid_short_form,
    broken_compose_reference,
    undefined_resource,
    undefined_dependency,
    dependency_cycle,
)
_SECTIONS = frozenset({"services", "include", "networks", "volumes", "configs", "secrets", "models", "name", "version"})
_OTHER = "this is not a Compose file: it has no services"
_FEW = 3


class Fault(NamedTuple):
    """Where, what is wrong, and what to do about it."""

    location: Location
    message: str
    hint: str = ""


class _Part(NamedTuple):
    compose: ComposeFacts


def find_faults(facts: ComposeFacts) -> dict[str, list[Fault]]:
    """Return by path what Compose stops at, in the order of the files: nothing is planned under it."""
    found = {fault.location.path: [fault] for fault in _others(facts)}
    for fault in (*_of_rules(facts), *_of_projects(facts)):
        known = found.setdefault(fault.location.path, [])
        # What is not for Compose at all is told once, not key by key.
        if fault not in known and _OTHER not in {each.message for each in known}:
            known.append(fault)
    return {path: sorted(found[path]) for path in sorted(found)}


def _others(facts: ComposeFacts) -> Iterator[Fault]:
    for file in facts.files:
        keys = {key for document in file.documents for key in document.mapping}
        if file.path.rpartition("/")[2] in STANDARD and keys and not keys & _SECTIONS:
            yield Fault(file.documents[0].where, _OTHER)


def _of_rules(facts: ComposeFacts) -> Iterator[Fault]:
    for rule in _RULES:
        for finding in rule.check(_Part(facts)):
            yield Fault(finding.location, finding.message, finding.hint)


def _of_projects(facts: ComposeFacts) -> Iterator[Fault]:
    for project in facts.projects:
        for problem in project.loaded.problems:
            if problem.kind == "remote":
                yield Fault(problem.location, problem.message, "what it holds is not known here")
        for service in project.services.values():
            if (mode := service.value.get("network_mode")) and service.networks:
                message = f"{service.name} has a network_mode and networks, which exclude each other"
                yield Fault(mode.where, message, "take one of them out")


def name_fault(path: str) -> str:
    """Return the id of the refused change of a file that Compose stops at."""
    return f"broken:{path}"


def group_faults(faults: dict[str, list[Fault]]) -> tuple[ChangeGroup, ...]:
    """Return a refused group for each file, at its first fault."""
    return tuple(_group(path, each) for path, each in faults.items())


def _group(path: str, faults: list[Fault]) -> ChangeGroup:
    first, *more = faults
    lines = list(dict.fromkeys(str(fault.location.line) for fault in more))
    rest = f"; and {counted(len(more), 'mistake')} more, in line {listed(lines, _FEW)}" if more else ""
    why = "under a file that Docker Compose stops at, or that is not all here, no networks are planned"
    return ChangeGroup(name_fault(path), Lane.REFUSED, first.message + rest, why, first.hint, first.location)
