"""A Compose file that is not YAML, or that cannot be read at all.

Compose stops at it, and nothing in it was audited. A file that is not text in its own encoding, that is too large
or that its aliases make too large counts too; so does one that holds something else than a mapping.

    services:
        web:            # a tab cannot indent
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding

RULE = get_rule("CMP001")


def check(repository: WithCompose) -> Iterator[Finding]:
    """Yield a finding for each file that cannot be read as YAML, or is no mapping."""
    for file in repository.compose.files:
        if file.error:
            yield RULE.finding(
                file.location,
                f"not read: {file.error}",
                f"{file.path} {file.error}",
                why="Compose stops here, and nothing in this file was audited.",
            )
        for document in file.documents:
            if not isinstance(document.data, dict) and document.data is not None:
                yield RULE.finding(document.where, "a Compose file is a mapping", f"{file.path} no mapping")
