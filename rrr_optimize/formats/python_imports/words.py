"""The words by which code that imports, or changes how imports work, is told."""

from __future__ import annotations

TARGETING = frozenset({"patch", "setattr", "delattr", "import_string", "locate", "run", "resolve_name"})
"""Functions that are given the name of what they import."""
LOADING = frozenset({"import_module", "__import__"})
"""Functions that import a module."""
RUNNING = frozenset({"exec", "execfile", "run_path", "run_module", "exec_module", "load_module", "load_source"})
"""Functions that run code which stands elsewhere."""
MACHINERY = frozenset({"meta_path", "path_hooks"})
"""Attributes of `sys` that decide how modules are found."""
SYSTEM, PACKAGE_PATH, MOVING = "sys", "__path__", "chdir"

ALL_WORDS = TARGETING | LOADING | RUNNING | MACHINERY | {SYSTEM, PACKAGE_PATH, MOVING}
