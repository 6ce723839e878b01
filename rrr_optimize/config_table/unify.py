"""`[tool.rrr-optimize.unify]`: how versions are chosen, and how requirements are laid out."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from rrr_optimize.config_table.policies import read_entries, read_policy
from rrr_optimize.package_globs import canonical_glob
from rrr_optimize.unify_settings import UnifySettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from rrr_optimize.config_table.values import Values

LAYOUTS = ("layered", "constraints")
"""The layouts that can be asked for."""
_LAYER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_unify(values: Values, key: str, value: Any) -> UnifySettings:
    """Return what the table says; for a mistake, what holds without it."""
    readers: dict[str, Callable[[str, Any], Any]] = {
        "policy": partial(read_policy, values),
        "policies": partial(read_entries, values),
        "allow-major": values.strings,
        "layout": partial(_read_layout, values),
        "layers": partial(_read_layers, values),
        "threshold": partial(_read_share, values),
        "max-added": partial(values.number, least=0),
    }
    found: dict[str, Any] = {}
    for name, said in values.table(key, value).items():
        if reader := readers.get(name):
            found[name.replace("-", "_")] = reader(f"{key}.{name}", said)
        else:
            values.unknown(name, readers, f"{key}.")
    return UnifySettings(**found)


def _read_layout(values: Values, key: str, value: Any) -> str | None:
    if value in LAYOUTS:
        return str(value)
    values.wrong(key, value, " or ".join(map(repr, LAYOUTS)))
    return None


def _read_layers(values: Values, key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the layers; a name becomes part of a file's name, so two that would be one file are one too many."""
    layers: dict[str, tuple[str, ...]] = {}
    homes: dict[str, str] = {}
    for said, packages in values.table(key, value, "a table of layers").items():
        name = canonical_glob(said)
        globs = values.strings(f"{key}.{said}", packages)
        if not _LAYER.fullmatch(name):
            values.mistakes.append(f"{key}: {said!r} is no name of a layer: letters, digits and single dashes only")
        elif name in layers:
            values.mistakes.append(f"{key}: the layer {name!r} is named twice; keep one, with the packages of both")
        for glob in map(canonical_glob, globs):
            if homes.setdefault(glob, name) != name:
                values.mistakes.append(
                    f"{key}: {glob!r} is in two layers, {homes[glob]!r} and {name!r}; take it out of one"
                )
        layers[name] = globs
    return tuple(layers.items())


def _read_share(values: Values, key: str, value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1:
        return float(value)
    values.wrong(key, value, "a share of the projects, above 0 and up to 1")
    return None
