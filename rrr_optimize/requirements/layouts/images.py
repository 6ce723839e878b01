"""Requirements files that a Dockerfile installs, and whether the image has the root files where they would look."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.image_files import ImageFiles
from rrr_optimize.facts.source_kinds import Role, find_roles
from rrr_optimize.formats.command_scripts import Dialect
from rrr_optimize.formats.image_steps import read_image_steps
from rrr_optimize.formats.install_commands import FileRole, find_install_commands
from rrr_optimize.requirements.layouts.hindrances import Barred, Hindrance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Span
    from rrr_optimize.requirements.layouts.flattening import Flattener
    from rrr_optimize.source import SourceText


@dataclass(frozen=True, slots=True)
class _Install:
    """A requirements file that a step of a Dockerfile installs, by its place in the image."""

    dockerfile: SourceText
    place: str
    span: Span


def find_barred_by_images(repository: Repository, flattener: Flattener, roots: Sequence[str]) -> Barred:
    """Return which files cannot reference which root files, because an image is built from them.

    `pip install -r` in an image looks for `-r ../../requirements.txt` beside the copy, not in the repository: the root
    file has to be copied to the same place above it. Where nothing says from which folder an image is built, that of
    the Dockerfile and the root are taken for possible.
    """
    found: Barred = {}
    installs = list(_find_installs(repository))
    builds = _find_builds(repository) if installs else {}
    for install in installs:
        for image in _images(repository, install.dockerfile, builds, roots):
            for path, place in _reach(image, install, flattener):
                for root in roots:
                    wanted = _beside(place, posixpath.relpath(root, posixpath.dirname(path) or "."))
                    if path != root and root not in image.find(wanted, install.span.start):
                        hindrance = _explain(install, image.context, root, wanted)
                        found.setdefault(root, {}).setdefault(path, hindrance)
    return found


def _find_installs(repository: Repository) -> Iterator[_Install]:
    for path, role in find_roles(repository.snapshot.files):
        source = repository.snapshot.text(path) if role is Role.DOCKERFILE else None
        if source is None:
            continue
        for command in find_install_commands(source, Dialect.DOCKERFILE):
            for file in command.files:
                if command.directory is not None and file.role is FileRole.REQUIREMENT:
                    place = posixpath.normpath(posixpath.join("/", command.directory, file.path))
                    yield _Install(source, place, command.span)


def _find_builds(repository: Repository) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Return the folders that Compose builds each Dockerfile from, with the arguments."""
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for project in repository.compose.projects:
        for service in project.services.values():
            context = service.text("build", "context")
            if context and "://" not in context:
                folder = posixpath.normpath(context)
                path = posixpath.normpath(posixpath.join(folder, service.text("build", "dockerfile") or "Dockerfile"))
                arguments = {name: value.text for name, value in service.entries("build", "args").items()}
                found.setdefault(path, []).append((folder, arguments))
    return found


def _images(
    repository: Repository,
    dockerfile: SourceText,
    builds: dict[str, list[tuple[str, dict[str, str]]]],
    roots: Sequence[str],
) -> Iterator[ImageFiles]:
    snapshot = repository.snapshot
    guesses: list[tuple[str, dict[str, str]]] = [(posixpath.dirname(dockerfile.path) or ".", {}), (".", {})]
    told: list[tuple[str, dict[str, str]]] = []
    for build in builds.get(dockerfile.path, guesses):
        if build not in told:
            told.append(build)
            context, arguments = build
            names = (f"{dockerfile.path}.dockerignore", posixpath.normpath(posixpath.join(context, ".dockerignore")))
            ignore = next((text for name in names if (text := snapshot.text(name))), None)
            steps = read_image_steps(dockerfile.text, arguments)
            yield ImageFiles(steps, snapshot, context, frozenset(roots), ignore.text if ignore else "")


def _reach(image: ImageFiles, install: _Install, flattener: Flattener) -> Iterator[tuple[str, str]]:
    """Yield every requirements file that an install reads, with its place in the image."""
    for path in sorted(image.find(install.place, install.span.start)):
        for name, _ in flattener.chain(path):
            yield name, _beside(install.place, posixpath.relpath(name, posixpath.dirname(path) or "."))


def _beside(place: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), relative))


def _explain(install: _Install, context: str, root: str, wanted: str) -> Hindrance:
    location = install.dockerfile.locate(install.span)
    if context == ".":
        reason = f"{location} installs it in an image that does not have {root} as {wanted}"
        hint = f"copy {root} to {wanted} before that line, or let the Dockerfile install a lock that holds everything"
    else:
        reason = f"{location} installs it in an image that is built from {context}, which does not hold {root}"
        hint = (
            f"build the image from the root and copy {root} to {wanted}, "
            "or let the Dockerfile install a lock that holds everything"
        )
    return Hindrance(reason, hint, location)
