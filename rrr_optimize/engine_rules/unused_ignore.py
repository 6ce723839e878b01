"""An ignore comment that ignores nothing.

What it once switched off is gone, or its code was never right. Left in place it would hide the next finding there.

    requests==2.31.0  # rrr: ignore[REQ004] the exchange's SDK needs it

The engine itself makes these findings, after all other rules have run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("RRR002")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield nothing: whether an ignore is used is known when all other rules have run."""
    del repository
    return iter(())
