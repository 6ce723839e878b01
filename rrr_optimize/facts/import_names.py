"""The names under which distributions are imported."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES_ONLY = ("types-", "-stubs")


@dataclass(frozen=True, slots=True)
class ImportNames:
    """What distributions, by canonical name, are imported as: `told` by somebody, else `seen` in an environment."""

    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, distribution: str) -> tuple[str, ...]:
        """Return the names under which a distribution, by its canonical name, is imported.

        For most that is their own name. Which one it is for the others only an installed copy can tell; well-known ones
        are listed. A name with dots begins with a namespace that others share. What holds types alone is not
        imported at all.
        """
        for names in (self.told, self.seen, known_import_names()):
            if distribution in names:
                return names[distribution]
        is_types = distribution.startswith(_TYPES_ONLY[0]) or distribution.endswith(_TYPES_ONLY[1])
        return () if is_types else (distribution.replace("-", "_"),)


@cache
def known_import_names() -> Mapping[str, tuple[str, ...]]:
    """Return the names of well-known distributions whose import name is not their own."""
    from importlib.resources import files

    text = files("rrr_optimize.facts").joinpath("import_names.txt").read_text(encoding="utf-8")
    rows = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {distribution: tuple(names.split()) for distribution, _, names in rows}
