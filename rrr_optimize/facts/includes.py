"""Check what requirements files include: is it there, is it inside the root, does it come back to itself."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer, Problem, ProblemKind
from rrr_optimize.workspace.snapshot import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rrr_optimize.facts.declarations import Include, Source
    from rrr_optimize.workspace.snapshot import Snapshot


def is_outside(target: str) -> bool:
    """Return whether a normalised path, relative to the root, leaves it."""
    return target.startswith(("../", "/")) or target == ".." or target[1:3] == ":/"


def find_include_problems(sources: Sequence[Source], snapshot: Snapshot) -> Iterator[Problem]:
    """Yield a problem for each target outside the root (once), each that is missing, and each circle (once).

    A target that is there and yet no part of what is read, such as a generated file, is told as not analysed.
    """
    by_path = {source.path: source for source in sources}
    outside: set[str] = set()
    for source in sources:
        for include in source.includes:
            presence = snapshot.look_for(include.target) if not is_outside(include.target) else None
            match presence:
                case Presence.LISTED:
                    continue
                case Presence.MISSING:
                    yield _missing(source, include, snapshot)
                case Presence.OUTSIDE | None:
                    if include.target not in outside:
                        outside.add(include.target)
                        yield _outside(include, through_link=presence is Presence.OUTSIDE)
                case _:
                    reason = f"included, but {presence.value}"
                    yield Problem(ProblemKind.NOT_ANALYSED, include.location, reason, include.target)
    yield from _find_cycles(by_path)


def _outside(include: Include, *, through_link: bool) -> Problem:
    where = "leaves the root through a link" if through_link else "lies outside the root"
    return _problem(ProblemKind.OUTSIDE_ROOT, include, f"{where} and was not opened")


def _missing(source: Source, include: Include, snapshot: Snapshot) -> Problem:
    folder = posixpath.dirname(source.path)
    from_root = posixpath.normpath(posixpath.relpath(include.target, folder or "."))
    if folder and snapshot.is_file(from_root):
        up = posixpath.relpath(from_root, folder)
        hint = f"a path is relative to the file it stands in; {from_root} is -r {up} from here"
    else:
        name = posixpath.basename(include.target)
        near = [path for path in snapshot.files_named(name) if path != source.path]
        hint = f"there is {near[0]}" if len(near) == 1 else ""
    return _problem(ProblemKind.MISSING_INCLUDE, include, "does not exist", hint)


def _find_cycles(by_path: Mapping[str, Source]) -> Iterator[Problem]:
    done: set[str] = set()
    for start in by_path:
        trail: dict[str, None] = {}
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            path, index = stack.pop()
            includes = by_path[path].includes if path in by_path else ()
            if path in done or index >= len(includes):
                trail.pop(path, None)
                done.add(path)
                continue
            trail[path] = None
            stack.append((path, index + 1))
            include = includes[index]
            if include.target in trail:
                members = [*list(trail)[list(trail).index(include.target) :], include.target]
                yield _problem(ProblemKind.INCLUDE_CYCLE, include, f"closes a circle: {' -> '.join(members)}")
            elif include.target in by_path and include.target not in done:
                stack.append((include.target, 0))


def _problem(kind: ProblemKind, include: Include, said: str, hint: str = "") -> Problem:
    # Only setuptools' own `file:` is read for an extra, the build or the project itself.
    is_directive = include.scope is not None and include.scope.layer is not Layer.ENVIRONMENT
    option = "file:" if is_directive else "-c" if include.constraint else "-r"
    return Problem(kind, include.location, f"{option} {include.target} {said}", include.target, hint)
