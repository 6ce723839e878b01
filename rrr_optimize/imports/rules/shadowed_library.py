"""A module hides one of the standard library.

Python looks first in the folders that `sys.path.insert(0, ...)` names. A module there that is called like one of the
standard library is imported in its place, by other libraries too.

    sys.path.insert(0, str(Path(__file__).parent / "services"))
    import requests         # its `import queue` now finds services/queue.py

Rename the module, or take the folder off the front of the search path.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_forms import PathBase, StatementKind
from rrr_optimize.model import Location, Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("IMP003")

# Loaded before any folder is looked at, or run by name and never imported.
_LOADED = {"abc", "codecs", "encodings", "genericpath", "io", "ntpath", "os", "posixpath", "site", "stat"}
_SAFE = frozenset(sys.builtin_module_names) | _LOADED | {"antigravity", "idlelib", "test", "this", "turtledemo"}
_HIDEABLE = frozenset(name for name in sys.stdlib_module_names if not name.startswith("_")) - _SAFE


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each module that hides one of the standard library."""
    in_front = _folders_in_front(repository)
    # A folder with `os` in it is a copy of the standard library, as in the sources of a Python.
    copies = {module.folder for module in repository.modules.top_level if module.name == "os"}
    for module in repository.modules.top_level:
        if module.name in _HIDEABLE and module.folder in in_front and module.folder not in copies:
            hack = in_front[module.folder]
            yield RULE.finding(
                Location(module.path),
                f"hides {module.name} of the standard library: {hack.location} puts its folder in front",
                f"{module.name} standard library",
                why=f"Every library that imports {module.name} gets this file.",
                hint="rename it, or take its folder off the front of the search path",
                related=[Related(hack.location, "puts the folder in front of the search path")],
            )


def _folders_in_front(repository: Repository) -> dict[str, PathHack]:
    found: dict[str, PathHack] = {}
    for hack in repository.imports.statements:
        if hack.statement.kind is StatementKind.INSERT:
            for value in hack.statement.values:
                if value.base is PathBase.FILE:
                    found.setdefault(value.path, hack)
    return found
