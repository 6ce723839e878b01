"""A `version` at the top of a Compose file.

Compose has ignored it since version 2 and warns of it at every run. Information only.

    version: "3.8"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP031")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each file with a version."""
    for file in repository.compose.files:
        for document in file.documents:
            version = document.get("version")
            if version and document.get("services"):
                yield RULE.finding(
                    version.where,
                    f"version: {version.text} is ignored",
                    f"version {file.path}",
                    why="Compose warns of it at every run.",
                    hint="take the line out",
                )
