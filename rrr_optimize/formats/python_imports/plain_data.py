"""The imports of a file as plain data, and back."""

from __future__ import annotations

from typing import Any

from rrr_optimize.formats.python_imports.model import Doubt, ImportSite, PythonImports, Timing

_TIMINGS, _DOUBTS = tuple(Timing), tuple(Doubt)


def to_data(imports: PythonImports) -> list[Any]:
    """Return the imports of a file as JSON can hold them; `from_data` gives them back."""
    return [
        [_site_to_data(site) for site in imports.sites],
        dict(imports.bound),
        list(imports.exported),
        [_DOUBTS.index(doubt) for doubt in imports.doubts],
        imports.has_main,
        imports.acts,
    ]


def from_data(data: Any) -> PythonImports | None:
    """Return the imports that data tell of, or None for data of another form."""
    try:
        sites, bound, exported, doubts, has_main, acts = data
        return PythonImports(
            tuple(_site_from_data(site) for site in sites),
            {str(name): int(line) for name, line in bound.items()},
            tuple(exported),
            frozenset(_DOUBTS[number] for number in doubts),
            bool(has_main),
            bool(acts),
        )
    except (AttributeError, TypeError, ValueError, IndexError):
        return None


def _site_to_data(site: ImportSite) -> list[Any]:
    flags = site.tolerates + 2 * site.is_text + 4 * site.is_target
    timing = _TIMINGS.index(site.timing)
    return [site.line, site.column, site.module, site.level, list(site.names), timing, flags, list(site.binds)]


def _site_from_data(site: list[Any]) -> ImportSite:
    line, column, module, level, names, timing, flags, binds = site
    return ImportSite(
        line,
        column,
        module,
        level,
        tuple(names),
        _TIMINGS[timing],
        tolerates=bool(flags & 1),
        is_text=bool(flags & 2),
        is_target=bool(flags & 4),
        binds=tuple(binds),
    )
