"""A build context, or the Dockerfile in it, that is not in the repository.

A context that another repository or a variable gives is not looked at, nor one that git ignores here or that lies
outside of the root. Of a file that nobody names together with others nothing is said where the context is found from
another folder.

    build: ./services/api       # there is no such folder
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.compose.paths import find_folder, is_ignored, is_inside, is_mended_elsewhere, is_remote
from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding
    from rrr_optimize.workspace.snapshot import Snapshot

RULE = get_rule("CMP018")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each build that has nothing to build from."""
    return tell_once(
        finding for project in repository.compose.projects for finding in _check(project, repository.snapshot)
    )


def _check(project: ComposeProject, snapshot: Snapshot) -> Iterator[Finding]:
    for service in project.services.values():
        context = service.value.get("build", "context")
        if context is None or context.unset or not is_inside(context.text) or is_remote(context.text):
            continue
        folder = find_folder(snapshot, context.text)
        if folder is None:
            if is_ignored(snapshot, context.text) or is_mended_elsewhere(snapshot, project, context.text):
                continue
            yield RULE.finding(
                context.where,
                f"{service.name} is built from {context.text}, which is not in the repository",
                f"{service.name} {context.text}",
                why="The image cannot be built from a fresh clone.",
                hint=_suggest(context.text, service.name, snapshot),
            )
            continue
        dockerfile = service.value.get("build", "dockerfile")
        if dockerfile and not dockerfile.unset and not _has_dockerfile(folder, dockerfile.text, snapshot):
            yield RULE.finding(
                dockerfile.where if dockerfile.place != context.place else context.where,
                f"{service.name} is built by {dockerfile.text}, which {context.text} does not have",
                f"{service.name} {context.text} {dockerfile.text}",
                why="The image cannot be built from a fresh clone.",
            )


def _has_dockerfile(context: str, dockerfile: str, snapshot: Snapshot) -> bool:
    path = posixpath.normpath(posixpath.join(context, dockerfile))
    return not is_inside(path) or snapshot.is_file(path)


def _suggest(context: str, service: str, snapshot: Snapshot) -> str:
    names = {posixpath.basename(context), service}
    near = [f for f in snapshot.files_named("Dockerfile") if posixpath.basename(posixpath.dirname(f)) in names]
    return f"there is a Dockerfile in {posixpath.dirname(near[0])}" if len(near) == 1 else ""
