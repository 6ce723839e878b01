"""A file that a service mounts is not in the repository.

Docker then makes an empty folder of that name and mounts it in place of the file, and the service fails in a way
that is hard to understand. Folders that are missing are made as they should be, and are no finding; nor is what
looks like a secret or a key, which a repository rightly does not hold, nor what git ignores.

    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]       # there is no nginx.conf
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.compose.paths import is_ignored, is_inside, is_mended_elsewhere
from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding
    from rrr_optimize.workspace.snapshot import Snapshot

RULE = get_rule("CMP019")
_SECRET = re.compile(r"secret|credential|\.pem$|\.key$|\.crt$|\.p12$|(?:^|/)\.env", re.IGNORECASE)
_FILES = frozenset(
    {
        *(".yml", ".yaml", ".json", ".toml", ".ini", ".conf", ".cfg", ".cnf", ".properties", ".xml", ".template"),
        *(".sql", ".sh", ".py", ".js", ".lua", ".rb", ".txt", ".html"),
    }
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each mounted file that is not there."""
    return tell_once(
        finding for project in repository.compose.projects for finding in _check(project, repository.snapshot)
    )


def _check(project: ComposeProject, snapshot: Snapshot) -> Iterator[Finding]:
    for service in project.services.values():
        for mount in service.items("volumes"):
            source, target = mount.get("source"), mount.get("target")
            if source is None or target is None or mount.mapping["type"].text != "bind" or mount.unset or source.unset:
                continue
            path = source.text
            if not is_inside(path) or not _is_file_name(path, target.text) or _SECRET.search(path):
                continue
            is_there = snapshot.is_file(path) or snapshot.is_folder(path) or is_ignored(snapshot, path)
            if not is_there and not is_mended_elsewhere(snapshot, project, path):
                yield RULE.finding(
                    mount.where,
                    f"{service.name} mounts {path}, which is not in the repository",
                    f"{service.name} {path}",
                    why="Docker makes an empty folder of that name, and the service finds a folder for a file.",
                )


def _is_file_name(source: str, target: str) -> bool:
    """Tell whether both ends look like files: `conf.d` and `data.v1` are folders."""
    suffixes = [posixpath.splitext(path)[1].lower() for path in (source, target)]
    return all(suffix in _FILES for suffix in suffixes)
