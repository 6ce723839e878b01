"""What a requirements file holds, or where it stands, that keeps its lines from being shared."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.formats.requirement_quirks import QuirkKind
from rrr_optimize.formats.requirements_lines import LineKind
from rrr_optimize.requirements.layouts.hindrances import Hindrance
from rrr_optimize.workspace.requirement_names import is_requirements_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts.project_files import ProjectFile

_HASH_OPTIONS = frozenset({"--hash", "--require-hashes"})
_UNSEEN = frozenset({QuirkKind.LINE_END, QuirkKind.SWALLOWED_LINE, QuirkKind.TRAILING_BACKSLASH})


def find_unmovable(repository: Repository, files: Mapping[str, ProjectFile]) -> dict[str, Hindrance]:
    """Return which files have to stay as they are because of what they are themselves."""
    links = _find_links(repository)
    found = {}
    for path, file in files.items():
        if hindrance := _judge(file) or _judge_links(file, links.get(path, ())):
            found[path] = hindrance
    return found


def _judge(file: ProjectFile) -> Hindrance | None:
    for line in file.file.lines:
        location = file.source.locate(line.content)
        if any(name in _HASH_OPTIONS for name, _ in line.options):
            reason = f"{location} has a hash, and one hash demands hashes of everything"
            return Hindrance(reason, "compile it from a file without hashes, and lay that out", location)
        if line.kind is LineKind.INVALID:
            return Hindrance(f"pip does not read {location}: {line.error}", line.hint or "mend this line", location)
        if any(quirk.kind in _UNSEEN for quirk in line.quirks):
            reason = f"{location} ends in a way that pip and other tools read differently"
            return Hindrance(reason, "write ordinary line ends", location)
    return None


def _find_links(repository: Repository) -> dict[str, list[str]]:
    """Return the links that lead to each requirements file."""
    found: dict[str, list[str]] = {}
    for path in repository.snapshot.files:
        if is_requirements_file(path) and (target := repository.snapshot.canonical(path)) not in {None, path}:
            found.setdefault(target or path, []).append(path)
    return found


def _judge_links(file: ProjectFile, links: list[str] | tuple[()]) -> Hindrance | None:
    """Tell whether a file has a second name elsewhere: pip looks for `-r` beside the name that it was given."""
    folder = posixpath.dirname(file.path)
    other = next((link for link in links if posixpath.dirname(link) != folder), None)
    if other is None:
        return None
    location = file.source.locate(file.file.lines[0].span) if file.file.lines else None
    reason = f"{other} is a link to it, from where a -r would lead elsewhere"
    return Hindrance(reason, "replace the link by a file with a -r", location) if location else None
