"""Profiles that nobody starts: by them a service is switched off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rrr_optimize.facts.compose.files import ComposeFiles
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.workspace.snapshot import Snapshot

_NEEDLES = ("--profile", "COMPOSE_PROFILES")
_SUFFIXES = (
    *("Makefile", "makefile", "justfile", "Justfile", ".mk", ".sh", ".bash", ".zsh", ".fish", ".bat", ".cmd", ".ps1"),
    *(".yml", ".yaml", ".toml", ".json", ".md", ".rst", ".txt", ".py", ".js", ".ts", ".rb", ".go", "Jenkinsfile"),
    *(".env", ".envrc", ".example", ".sample", ".template", ".dist", ".local", ".dev", ".prod", ".test"),
)
# As an option in a command or in the list of words of a program, and as a variable; a default counts.
_OPTION = re.compile(r"--profile[\s\"',=]{1,6}([\w.-]+)")
_VARIABLE = re.compile(
    r"COMPOSE_PROFILES[\"'\]]{0,2}[ \t]{0,4}[:=][ \t]{0,4}[\"']?(?:\$\{\w{1,60}:?-)?([\w.-]+(?:,[ \t]?[\w.-]+)*)"
)
_SAYS_OFF = re.compile(
    r"(?:disabled?|off|unused|inactive|(?:do[-_]?not|dont)[-_]?(?:run|start|use))|never(?:[-_.].*)?|.*[-_.]never",
    re.IGNORECASE,
)


def find_off_profiles(
    projects: Sequence[ComposeProject],
    library: ComposeFiles,
    snapshot: Snapshot,
    find_holding: Callable[[Sequence[str], Sequence[str]], Iterable[str]] | None,
) -> list[frozenset[str]]:
    """Return for each project the profiles that nothing in the repository starts and that are there to start nothing.

    Those are they whose name says so, and those that only an override gives to services of the files below it.
    """
    found = [_find_candidates(library, project) for project in projects]
    if not any(found):
        return found
    started = _find_started(snapshot, find_holding) if find_holding else frozenset()
    return [names - started for names in found]


def _find_candidates(library: ComposeFiles, project: ComposeProject) -> frozenset[str]:
    by_name: dict[str, list[bool]] = {}
    decided_elsewhere: set[str] = set()
    for service in project.services.values():
        for item in service.items("profiles"):
            by_name.setdefault(item.text, []).append(_is_laid_over(library, project, service.name, item))
            if "$" in _written(item):
                decided_elsewhere.add(item.text)
    off = {name for name, laid_over in by_name.items() if _SAYS_OFF.fullmatch(name) or all(laid_over)}
    return frozenset(off - decided_elsewhere)


def _written(item: Value) -> str:
    return item.place.source.text[item.place.span.start : item.place.span.end]


def _is_laid_over(library: ComposeFiles, project: ComposeProject, name: str, profile: Value) -> bool:
    """Return whether an override gives a profile to a service that a file below it has without any."""
    path = profile.place.location.path
    below = project.files[: project.files.index(path)] if path in project.files else ()
    found = [
        service
        for file in map(library.get, below)
        for document in (file.documents if file else ())
        if (service := document.get("services", name))
    ]
    return bool(found) and not any("profiles" in service.mapping for service in found)


def _find_started(
    snapshot: Snapshot, find_holding: Callable[[Sequence[str], Sequence[str]], Iterable[str]]
) -> frozenset[str]:
    texts = ((snapshot.peek(path) or b"").decode("utf-8", "replace") for path in find_holding(_NEEDLES, _SUFFIXES))
    return frozenset(name for text in texts for name in _read_started(text))


def _read_started(text: str) -> Iterator[str]:
    yield from _OPTION.findall(text)
    for names in _VARIABLE.findall(text):
        yield from (name.strip() for name in names.split(","))
