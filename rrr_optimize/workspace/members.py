"""The folders that a pyproject.toml names as parts of its workspace, or as local dependencies."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from rrr_optimize.toml_text import TomlTextError, load_toml, strings, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PDM_ROOT = "file:///${PROJECT_ROOT}"


def find_members(text: str, folder: str, folders: Iterable[str]) -> frozenset[str]:
    """Return those of `folders` that the pyproject.toml in `folder` makes members of its workspace.

    Read are the uv and Hatch workspaces with their globs, and the path dependencies of uv, Poetry and PDM. A file that
    is not TOML has no members; the reader of declarations reports it.
    """
    if not any(word in text for word in ("workspace", "path", _PDM_ROOT)):
        return frozenset()
    try:
        data = load_toml(text)
    except TomlTextError:
        return frozenset()
    tool = table(data, "tool")
    wanted = [*_uv_members(tool), *_hatch_members(tool), *_path_dependencies(tool), *_project_urls(data)]
    members = _match(wanted, folder, folders)
    return members - _match(strings(table(tool, "uv", "workspace").get("exclude")), folder, members)


def match_folders(glob: str, folders: Iterable[str]) -> frozenset[str]:
    """Return the folders that a glob relative to the root means: `*` stays within one part, `**` is any number."""
    pattern = [part for part in glob.split("/") if part not in {"", "."}]
    if not pattern:
        return frozenset(folder for folder in folders if folder == ".")
    return frozenset(folder for folder in folders if folder != "." and _matches(folder.split("/"), pattern))


def _matches(parts: list[str], pattern: list[str]) -> bool:
    # All places in the pattern that one can be at after each part; the work is bounded, whatever the pattern.
    reached = _skip_double_stars({0}, pattern)
    for part in parts:
        inside = {at for at in reached if at < len(pattern)}
        stay = {at for at in inside if pattern[at] == "**"}
        go = {at + 1 for at in inside - stay if fnmatchcase(part, pattern[at])}
        reached = _skip_double_stars(stay | go, pattern)
    return len(pattern) in reached


def _skip_double_stars(reached: set[int], pattern: list[str]) -> set[int]:
    # A double star may also stand for no part at all.
    for at, part in enumerate(pattern):
        if part == "**" and at in reached:
            reached.add(at + 1)
    return reached


def _match(globs: Iterable[str], folder: str, folders: Iterable[str]) -> frozenset[str]:
    known = frozenset(folders)
    found: set[str] = set()
    for glob in globs:
        place = posixpath.normpath(posixpath.join(folder, glob))
        # What lies above the root, or is absolute, is not ours.
        if not place.startswith(("../", "/")) and place not in {"..", folder}:
            found |= match_folders(place, known)
    return frozenset(found - {folder})


def _uv_members(tool: Mapping[str, Any]) -> Iterator[str]:
    yield from strings(table(tool, "uv", "workspace").get("members"))


def _hatch_members(tool: Mapping[str, Any]) -> Iterator[str]:
    environments = [table(environment) for environment in table(tool, "hatch", "envs").values()]
    for workspace in (table(tool, "hatch", "workspace"), *(table(each, "workspace") for each in environments)):
        members = workspace.get("members")
        yield from strings(members)
        yield from (member["path"] for member in _tables(members) if isinstance(member.get("path"), str))


def _path_dependencies(tool: Mapping[str, Any]) -> Iterator[str]:
    poetry = table(tool, "poetry")
    groups = [table(group, "dependencies") for group in table(poetry, "group").values()]
    sources = table(tool, "uv", "sources")
    for named in (sources, table(poetry, "dependencies"), table(poetry, "dev-dependencies"), *groups):
        for value in named.values():
            candidates = [value] if isinstance(value, dict) else list(_tables(value))
            yield from (each["path"] for each in candidates if isinstance(each.get("path"), str))


def _project_urls(data: dict[str, Any]) -> Iterator[str]:
    groups = [*table(data, "project", "optional-dependencies").values(), *table(data, "dependency-groups").values()]
    groups += table(data, "tool", "pdm", "dev-dependencies").values()
    for group in (table(data, "project").get("dependencies"), *groups):
        for requirement in strings(group):
            _, marker, path = requirement.partition(_PDM_ROOT)
            if marker:
                yield path.partition(";")[0].partition("#")[0].strip().lstrip("/")


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()
