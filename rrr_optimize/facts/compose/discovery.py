"""Find out which Compose files there are and which of them go together."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.files import ComposeFiles
    from rrr_optimize.formats.compose_commands import ComposeCommand
    from rrr_optimize.model import Location
    from rrr_optimize.workspace.snapshot import Snapshot

STANDARD = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_NAME = re.compile(r"(?:.*[._-])?(?:docker-?)?compose(?:[._-].*)?\.ya?ml", re.IGNORECASE)
_DEFINING = ("image", "build", "extends", "provider")
_TEMPLATE = re.compile(r"\{%|(?<!\$)\{\{")


@dataclass(frozen=True, slots=True)
class FileSet:
    """Files that Compose is given together, and the folder that their paths start from.

    `is_guess` where only the services that the files share speak for it.
    """

    files: tuple[str, ...]
    directory: str
    named_by: Location | None = None
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file that a command names and that is not there; `instead` is the only file of that name."""

    name: str
    directory: str
    location: Location
    instead: str | None


def is_compose_name(path: str) -> bool:
    """Return whether a file's name says that it is for Compose."""
    return _NAME.fullmatch(posixpath.basename(path)) is not None


def is_template(text: str) -> bool:
    """Return whether a text is made into YAML by something else first, Jinja say."""
    return _TEMPLATE.search(text) is not None


def find_standard_sets(snapshot: Snapshot) -> Iterator[FileSet]:
    """Yield, for each folder, the file that Compose takes there by itself, with its override."""
    folders = {posixpath.dirname(path) for name in STANDARD for path in snapshot.files_named(name)}
    for folder in sorted(folders):
        base = next(path for name in STANDARD if snapshot.is_file(path := posixpath.join(folder, name)))
        above = [path for name in _OVERRIDES if snapshot.is_file(path := posixpath.join(folder, name))]
        yield FileSet((base, *above[:1]), folder or ".")


def relate_standard_sets(sets: list[FileSet], library: ComposeFiles) -> Iterator[FileSet]:
    """Yield the sets, each file that waits for services which only a file further up has laid over that one."""
    for each in sets:
        own = service_definitions(library, each.files[0]) or {}
        lacking = asked_services(library, each.files[0]) - set(own)
        outer = [other for other in sets if lacking and other is not each and _is_above(other, each.directory)]
        bases = [other for other in outer if lacking <= set(service_definitions(library, other.files[0]) or ())]
        if len(each.files) == 1 and bases:
            base = max(bases, key=lambda other: len(other.directory))
            yield FileSet((base.files[0], each.files[0]), base.directory, is_guess=True)
        else:
            yield each


def _is_above(base: FileSet, folder: str) -> bool:
    return base.directory == "." or f"{folder}/".startswith(f"{base.directory}/")


def resolve_command(
    command: ComposeCommand, location: Location, snapshot: Snapshot
) -> tuple[FileSet | None, list[MissingFile]]:
    """Return the set that a command names, and the files that are not where it looks for them.

    The text rarely says where a script is started: the folder is the one it moves to, from the root or from the
    folder of the script, in which its first file is, and where that is so of both, the one with more of its files. A
    missing file is replaced by the only file of that name.
    """
    folder = posixpath.dirname(location.path)
    start = command.directory or "."
    candidates = [posixpath.normpath(posixpath.join(base, start)) for base in (".", folder)]
    first = command.files[0]
    directory = max(
        (each for each in candidates if snapshot.is_file(_join(each, first))),
        key=lambda each: sum(snapshot.is_file(_join(each, file)) for file in command.files),
        default=None,
    )
    if directory is None:
        near = [path for path in snapshot.files_named(posixpath.basename(first)) if path.endswith(first.lstrip("./"))]
        if len(near) != 1 or len(command.files) > 1:
            return None, []
        directory = near[0].removesuffix(first.lstrip("./")).rstrip("/") or "."
    files: list[str] = []
    missing: list[MissingFile] = []
    for name in command.files:
        path = _join(directory, name)
        if not snapshot.is_file(path):
            near = list(snapshot.files_named(posixpath.basename(path)))
            missing.append(MissingFile(name, directory, location, near[0] if len(near) == 1 else None))
            path = near[0] if len(near) == 1 else ""
        files.append(path)
    if "" in files:
        return None, missing
    home = _join(directory, command.project_directory) if command.project_directory else posixpath.dirname(files[0])
    return FileSet(tuple(dict.fromkeys(files)), home or ".", location), missing


def _join(directory: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(directory, path))


def find_single_sets(
    snapshot: Snapshot, library: ComposeFiles, used: frozenset[str], bases: list[FileSet]
) -> Iterator[FileSet]:
    """Yield a set for each Compose file that no other set uses: by itself if it can stand alone, else on its base.

    The base is the file of the same folder or of one above that defines most of its services.
    """
    for path in snapshot.files:
        if path in used or not is_compose_name(path) or posixpath.basename(path) in {*STANDARD, *_OVERRIDES}:
            continue
        services = service_definitions(library, path)
        if services is None:
            continue
        folder = posixpath.dirname(path)
        asked = asked_services(library, path)
        if all(services.values()) and asked <= set(services):
            yield FileSet((path,), folder or ".", is_guess=True)
        elif base := _choose_base(set(services) | asked, folder, bases, library):
            yield FileSet((*base.files[:1], path), base.directory, is_guess=True)


def _choose_base(services: set[str], folder: str, bases: list[FileSet], library: ComposeFiles) -> FileSet | None:
    above = [base for base in bases if _is_above(base, folder)]
    shared = {base: len(services & set(service_definitions(library, base.files[0]) or ())) for base in above}
    best = max(above, key=lambda base: (shared[base], len(base.directory)), default=None)
    return best if best and shared[best] else None


def asked_services(library: ComposeFiles, path: str) -> set[str]:
    """Return the services that those of a file depend on."""
    file = library.get(path)
    found: set[str] = set()
    for document in file.documents if file else ():
        services = document.get("services")
        for service in services.mapping.values() if services else ():
            given = service.get("depends_on")
            found |= {item.text for item in given.items} | set(given.mapping) if given else set()
    return found


def service_definitions(library: ComposeFiles, path: str) -> dict[str, bool] | None:
    """Return for each service of a file whether it says what runs; None for a file that is not Compose's."""
    file = library.get(path)
    found: dict[str, bool] = {}
    is_compose = False
    for document in file.documents if file else ():
        services = document.get("services")
        is_compose = is_compose or services is not None or document.get("include") is not None
        for name, service in services.mapping.items() if services else ():
            found[name] = found.get(name, False) or any(key in service.mapping for key in _DEFINING)
    return found if is_compose else None
