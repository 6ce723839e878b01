"""Which imports a folder on the search path can serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import ModuleIndex, ModuleKind
from rrr_optimize.facts.standard_library import FIXED

if TYPE_CHECKING:
    from rrr_optimize.facts.module_index import Found
    from rrr_optimize.formats.python_imports import ImportSite


def serves(index: ModuleIndex, folder: str, site: ImportSite) -> bool:
    """Return whether an import finds all that it names in this folder, if the folder is the first to be asked.

    A relative import asks no folder. A namespace alone serves nothing: any folder of that name is one.
    """
    if site.level or not site.module:
        return False
    found = _walk(index, folder, site.module.split("."), is_text=site.is_text)
    if found is None:
        return False
    if found.kind is not ModuleKind.NAMESPACE:
        return True
    return any(_walk(index, folder, [*site.module.split("."), name], is_text=False) for name in site.names)


def _walk(index: ModuleIndex, folder: str, parts: list[str], *, is_text: bool) -> Found | None:
    """Follow a dotted name; of a text, the end may be a class or an attribute of a module."""
    if parts[0] in FIXED:
        return None
    folders: tuple[str, ...] = (folder,)
    found: Found | None = None
    for number, part in enumerate(parts):
        inner = index.find(part, folders)
        if inner is None:
            is_attribute = is_text and found is not None and found.kind is not ModuleKind.NAMESPACE
            return found if is_attribute and number else None
        found, folders = inner, inner.folders
    return found
