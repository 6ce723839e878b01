"""A layout before it is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.model import ChangeGroup


@dataclass(frozen=True, slots=True)
class Draft:
    """The groups, those that are refused included, and why files stay as they are, by path."""

    groups: tuple[ChangeGroup, ...]
    refused: Mapping[str, str]
