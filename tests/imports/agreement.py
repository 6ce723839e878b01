"""Tell where a trace and a real run disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import ModuleKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.imports.program import Trace
    from rrr_optimize.imports.resolution import Origin
    from tests.imports.real_python import Place, Run


def disagreements(run: Run, trace: Trace) -> list[str]:
    """Return, of each import that a real run came to, what it reached where the trace says something else.

    A name that is an attribute already is no import, and the trace may say nothing of it; whatever the real Python
    looked for has to be there. Where an error ends a run, what was not found on the way says nothing; at the end of any
    other the files that are loaded are the same too.
    """
    ours = said_by(trace)
    found: list[str] = []
    for place, real in run.at.items():
        path, _, line, is_late = place
        # A file that is loaded by its path has any name.
        own = ours.get(place) or ours.get((path, f"<{path}>", line, is_late), {})
        needed = {name for name in real if name in run.asked.get(place, ()) or "." not in name}
        for name in sorted(needed | own.keys()):
            first, second = real.get(name, ""), own.get(name, "not looked for")
            if not _agree(first, second) and (first or not run.code):
                found.append(f"{place}: {name} is {first or 'nothing'}, and we say {second or 'nothing'}")
    if not run.code:
        loaded = {(path, name) for path, names in trace.files.items() for name in names}
        found += [
            f"{path} as {name}: {'not loaded' if (path, name) in loaded else 'loaded'}"
            for path, name in sorted(loaded ^ run.loaded)
            if not name.startswith("<") and name not in {"conftest", "__main__"}
        ]
    return found


def _agree(real: str, ours: str) -> bool:
    """Tell whether both mean the same; what an import loads may add folders to its own namespace."""
    if real.startswith("namespace ") and ours.startswith("namespace "):
        return set(ours.split()[1].split(":")) <= set(real.split()[1].split(":"))
    return real == ours


def said_by(trace: Trace) -> Mapping[Place, Mapping[str, str]]:
    """Return what a trace says in the words of a real run."""
    said: dict[Place, dict[str, str]] = {}
    for (path, module, site, name, is_late), origin in trace.origins.items():
        if not site.is_text:
            said.setdefault((path, module, site.line, is_late), {})[name] = _where(origin)
    return said


def _where(origin: Origin) -> str:
    if origin.is_library:
        return "library"
    if origin.found is not None and origin.found.kind is ModuleKind.NAMESPACE:
        return "namespace " + ":".join(origin.found.folders)
    return origin.path
