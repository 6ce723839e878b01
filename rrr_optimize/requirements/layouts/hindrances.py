"""Why a requirements file has to stay as it is, or cannot reference one root file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.model import Location


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What stands in the way, in one line, what to do about it, and where it shows."""

    reason: str
    hint: str
    location: Location


Barred = dict[str, dict[str, Hindrance]]
"""For each root file, the files that cannot reference it, and why."""
