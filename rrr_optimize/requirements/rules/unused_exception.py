"""An exception in the configuration that excepts nothing, or whose day is over.

An exception names one version in one place. When nothing there asks for that version any more, the exception only
waits for the day on which it hides something new. One that has expired is no longer in force.

    [[tool.rrr-optimize.requirements.exceptions]]
    allow = "jsii==1.129.0"
    in = "cdk/**"
    reason = "the construct library needs it"
    expires = 2027-01-31
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Location
from rrr_optimize.requirements.exceptions import covers, is_expired
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ021")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each exception that covers no requirement or has expired."""
    origin = Location(repository.settings.origin or "pyproject.toml")
    for exception in repository.settings.exceptions:
        said = f"the exception for {exception.package}{exception.specifier} in {exception.where}"
        subject = f"{exception.package}{exception.specifier} {exception.where}"
        if is_expired(exception, repository):
            yield RULE.finding(
                origin,
                f"{said} expired on {exception.expires}",
                subject,
                why=f"It was made because: {exception.reason}. It is no longer in force.",
                hint="renew it or take it out",
            )
        elif not any(covers(exception, item) for item in repository.requirements.declarations):
            yield RULE.finding(
                origin,
                f"{said} excepts nothing",
                subject,
                why="Nothing in that place asks for that version; it only waits to hide something new.",
                hint="take it out",
            )
