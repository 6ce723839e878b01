"""The name under which an installation offers a file, and what to do where imports use another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.imports.entries import dotted_name
from rrr_optimize.imports.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.formats.python_imports import ImportSite
    from rrr_optimize.imports.resolution import Origin


@dataclass(frozen=True, slots=True)
class Need:
    """What a needed statement asks for: other names in the imports, or an installation that offers these."""

    verdict: Verdict
    advice: str
    evidence: tuple[str, ...] = ()


def canonical_names(path: str, codebase: Codebase) -> dict[str, str]:
    """Return the names under which the declared source roots offer a file, each with its root; the longest root first.

    One file may have several: a project inside the folder of another.
    """
    found: dict[str, str] = {}
    for root in sorted(codebase.roots, key=lambda root: -len(root.folder)):
        name = dotted_name(path, root.folder)
        if name is not None and root.offers(name.partition(".")[0]):
            found.setdefault(name, root.folder)
    return found


def advise_on_need(needing: Mapping[ImportSite, Origin], folders: Sequence[str], codebase: Codebase) -> Need:
    """Return how the imports that need a folder can do without the statement."""
    renamed: list[str] = []
    for site, origin in needing.items():
        path = origin.path
        names = canonical_names(path, codebase) if path.endswith(".py") else _names_of_folder(path, codebase)
        top = site.module.partition(".")[0]
        if names and top not in {name for name in names if "." not in name}:
            renamed.append(f"{site}: an installation offers {path} as {next(iter(names))}")
    shown = ", ".join(f"{folder}/" if folder != "." else "the root" for folder in folders)
    if renamed:
        return Need(
            Verdict.NEEDED_REWRITE, "write the imports by the names that an installation offers", tuple(renamed)
        )
    declared = {root.folder for root in codebase.roots}
    advice = (
        "install the project (pip install -e .)"
        if declared.issuperset(folders)
        else f"declare {shown} as a source root (packaging, or pytest's pythonpath) and install the project"
    )
    return Need(Verdict.NEEDED_PACKAGING, advice)


def _names_of_folder(path: str, codebase: Codebase) -> dict[str, str]:
    """Return the same for a namespace package, by its folder."""
    return {name.removesuffix(".x"): root for name, root in canonical_names(f"{path}/x.py", codebase).items()}
