"""What a layout is told: which of them, its layers, and how far it may widen a project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

CORE = "core"
CONSTRAINTS_FILE = "constraints.txt"
_CORE_FILE = "requirements.txt"
_SEPARATORS = re.compile(r"[^a-z0-9]+")


class Layout(StrEnum):
    """Where the versions of shared packages live; `docs/layouts.md` compares them."""

    LAYERED = "layered"
    CONSTRAINTS = "constraints"


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """What the user chose.

    `layers` names the layers beside the core, in order, each with globs of the packages that belong to it whatever
    else speaks for them; naming `core` pins packages to the core. `threshold`, above 0 and at most 1, is the part of a
    layer's packages that a file has to name to get the layer, and the part of those files that has to name a package
    for it to be in the layer. `max_added` is how many packages a file may get that it did not ask for; None leaves
    that to the user's yes.
    """

    layout: Layout = Layout.LAYERED
    layers: tuple[tuple[str, tuple[str, ...]], ...] = (("dev", ()), ("ml", ()), ("trading", ()))
    threshold: float = 0.5
    max_added: int | None = None

    @property
    def share(self) -> Fraction:
        """The threshold as the number that was written, so that seven of ten are 0.7."""
        return Fraction(str(self.threshold))

    @property
    def names(self) -> tuple[str, ...]:
        """The layers in order, the core first."""
        return tuple(dict.fromkeys((CORE, *(name for name, _ in self.layers))))

    def file_of(self, layer: str) -> str:
        """Return the root file of a layer: requirements.txt, requirements-dev.txt."""
        return _CORE_FILE if layer == CORE else f"requirements-{_SEPARATORS.sub('-', layer.lower()).strip('-')}.txt"
