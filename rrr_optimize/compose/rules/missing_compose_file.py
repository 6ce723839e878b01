"""A command in a script, a CI file, a Makefile, a tox.ini or a document names a Compose file that is not there.

The file is looked for from the folder that the command runs in: the root or the folder of the script, and where
`cd` leads from there. Where the repository has exactly one file of that name the finding says which, and the set is
audited with it.

    docker compose -f docker-compose.yml -f docker-compose.prod.yml up     # it is deploy/docker-compose.prod.yml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.discovery import MissingFile
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP006")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each missing file and each file that names it, the other commands there as related places."""
    groups: dict[tuple[str, str], list[MissingFile]] = {}
    for missing in repository.compose.missing:
        groups.setdefault((missing.location.path, missing.name), []).append(missing)
    for (path, name), items in groups.items():
        first = items[0]
        place = "the root" if first.directory == "." else first.directory
        where = f"; the only one of that name is {first.instead}" if first.instead else ""
        yield RULE.finding(
            first.location,
            f"{name} is not in {place}{where}",
            f"{name} {path}",
            why="Compose stops at a file that is not there.",
            hint=f"name {first.instead}" if first.instead else "",
            related=[Related(item.location, "named here too") for item in items[1:]],
        )
