"""The words by which code that imports, or changes how imports work, is told."""

from __future__ import annotations

TARGETING = frozenset({"patch", "setattr", "delattr", "import_string", "locate", "run", "resolve_name"})
"""Functions that are given the name of what they import."""
LOADING = frozenset({"import_module", "__import__"})
"""Functions that import a module."""
RUNNING = frozenset(
    {
        "exec",
        "execfile",
        "run_path",
        "run_module",
        "exec_module",
        "load_module",
        "load_source",
        "timeit",
        "runctx",
        "testmod",
        "testfile",
        "DocTestSuite",
    }
)
"""Functions that run code which stands elsewhere."""
MACHINERY = frozenset({"meta_path", "path_hooks"})
"""Attributes of `sys` that decide how modules are found."""
ASKING = frozenset({"find_spec", "find_loader"})
"""Functions that say whether there is a module."""
CHOOSING = frozenset(
    {"iter_modules", "walk_packages", "fileConfig", "loadTestsFromName", "loadTestsFromNames", "entry_points"}
)
"""Functions that import, or list, modules that others name."""
RELOADING = frozenset({"reload", "invalidate_caches"})
MOVING = frozenset({"chdir", "fchdir"})
PICKLING = frozenset({"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "torch"})
"""Modules with functions that load objects."""
UNPICKLING = frozenset({"load", "loads", "Unpickler", "open", "read_pickle"})
"""Those functions."""
PLUGINS = "pytest_plugins"
SYSTEM, PACKAGE_PATH = "sys", "__path__"

ALL_WORDS = (
    TARGETING
    | LOADING
    | RUNNING
    | MACHINERY
    | ASKING
    | CHOOSING
    | RELOADING
    | MOVING
    | PICKLING
    | {"read_pickle", PLUGINS, SYSTEM, PACKAGE_PATH}
)
