"""One package comes from a URL here and with a version from an index there.

Which of the two an environment gets depends on what was installed; a version number cannot tell what the URL holds.
Against a pin this is a warning; a range may well admit what the URL holds, so against ranges only it is a note.

    # requirements.txt                                   # tools/requirements.txt
    httpx @ git+https://example.org/httpx@fix-timeouts   httpx==0.25.2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Severity
from rrr_optimize.requirements.disagreements import group_by_package, shared_declarations
from rrr_optimize.requirements.wording import first, places, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ010")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package that some declare by URL and others by version in the same environment."""
    rows_of = repository.requirements.rows_of
    for package, declarations in group_by_package(shared_declarations(repository)).items():
        by_url = [item for item in declarations if item.url and not item.internal]
        by_version = [
            item
            for item in declarations
            if not item.url and item.specifier and any(rows_of(item) & rows_of(other) for other in by_url)
        ]
        if by_url and by_version:
            primary = first(by_url)
            yield RULE.finding(
                primary.location,
                f"{package} comes from {primary.url} here, but as {by_version[0].text} from an index in "
                f"{places(by_version)}",
                f"{package} {primary.url}",
                severity=None if any(item.pin for item in by_version) else Severity.INFO,
                why="Nothing says which version the URL holds, so the two cannot be compared or shared.",
                hint="use one origin everywhere, or except one place in the configuration with a reason",
                related=relate([*by_url, *by_version], primary),
            )
