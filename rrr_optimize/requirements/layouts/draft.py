"""A layout before it is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.model import ChangeGroup
    from rrr_optimize.requirements.layouts.layout_plan import LeftPackage


@dataclass(frozen=True, slots=True)
class Draft:
    """The groups, those that are refused included, why files stay as they are, by path, and what is left to each."""

    groups: tuple[ChangeGroup, ...]
    refused: Mapping[str, str]
    left: tuple[LeftPackage, ...] = ()
