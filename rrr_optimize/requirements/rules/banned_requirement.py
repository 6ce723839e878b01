"""A package, or a version of it, that the configuration bans.

    [tool.rrr-optimize.requirements]
    banned = [
      { package = "pycrypto", reason = "unmaintained; use pycryptodome" },
      { package = "requests<2.31", in = "worktrees/**", reason = "CVE-2023-32681" },
    ]

A ban with a version means requirements that only banned versions can meet: `requests==2.30` is caught, `requests>=2`
is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.specifiers import specifier_set
from rrr_optimize.path_globs import match_glob
from rrr_optimize.requirements.wording import describe
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.config import Ban
    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ020")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each requirement that a ban of the configuration means."""
    for ban in repository.settings.banned:
        for item in repository.requirements.declarations:
            if _is_banned(ban, item):
                yield RULE.finding(
                    item.location,
                    f"{describe(item)} is banned{': ' + ban.reason if ban.reason else ''}",
                    f"{ban.package}{ban.specifier} {item.specifier}",
                    why=f"The configuration bans {ban.package}{ban.specifier} in {ban.where}.",
                )


def _is_banned(ban: Ban, item: Declaration) -> bool:
    if item.package != ban.package or not match_glob(ban.where, item.location.path):
        return False
    if not ban.specifier:
        return True
    banned = specifier_set(ban.specifier)
    if item.pin:
        return banned.contains(item.pin, prereleases=True)
    return bool(item.specifier) and _is_subset(item, ban)


def _is_subset(item: Declaration, ban: Ban) -> bool:
    try:
        return specifier_set(item.specifier).is_subset(specifier_set(ban.specifier))
    except ValueError:  # `===` is compared as text and has no order
        return False
