"""The ways in which a file can be entered, each as a program with the search path that Python gives it."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import INIT, join
from rrr_optimize.imports.program import Load, Mode, Program
from rrr_optimize.imports.search_path import EntryKind, SearchPath, begin, folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.facts.module_index import Found, ModuleIndex
    from rrr_optimize.facts.pytest_settings import PytestSettings

_MAIN = "__main__"
_CONFTEST = "conftest.py"


def as_script(path: str, directory: str = ".", *, environment: SearchPath = (), behind: SearchPath = ()) -> Program:
    """Return `python path`: the folder of the file comes first, wherever the program is started.

    `environment` are the entries of PYTHONPATH, `behind` those of `.pth` files (an editable installation).
    """
    first = folder(posixpath.dirname(path) or ".")
    load = Load(path, _MAIN)
    return Program(Mode.SCRIPT, (load,), begin(first, *environment, behind=behind), directory)


def as_module(
    path: str,
    index: ModuleIndex,
    directory: str = ".",
    *,
    environment: SearchPath = (),
    module: str = "",
) -> Program | None:
    """Return `python -m a.b` for a file below the working directory, which comes first, or of that name below another.

    None where no name fits.
    """
    name = name_from(path, root_of(path, module, directory, environment, index), index)
    if name is None:
        return None
    stem = posixpath.basename(path).removesuffix(".py")
    is_folder = stem in {INIT, _MAIN} and name.rpartition(".")[2] != stem
    package = name if is_folder else name.rpartition(".")[0]
    # What is started of a package without `__main__.py` is the package; then Python gives up.
    own = name if is_folder and stem == INIT else _MAIN
    load = Load(path, own, package, shown=name)
    return Program(Mode.MODULE, (load,), begin(folder(directory), *environment), directory)


def as_tests(
    paths: Iterable[str],
    settings: PytestSettings,
    index: ModuleIndex,
    *,
    directory: str | None = None,
    environment: SearchPath = (),
    behind: SearchPath = (),
) -> Program:
    """Return a session of pytest over some test files, with the conftest.py files above them.

    When all of them are loaded, and before the first test runs, pytest loads the `__init__.py` of every folder above.

    `directory` is where `python -m pytest` is started, which adds it to the search path; None is the command `pytest`,
    which adds nothing.
    """
    loaded: dict[str, None] = {}
    for path in paths:
        loaded |= dict.fromkeys((*_conftests(path, settings.rootdir, index), path))
    for place in dict.fromkeys(map(posixpath.dirname, loaded)):
        loaded |= dict.fromkeys(_packages(place, settings.rootdir, index))
    loads = tuple(_load_test(path, settings, index) for path in loaded)
    own = () if directory is None else (folder(directory),)
    first = (*(folder(each) for each in settings.pythonpath), *own)
    mode = Mode.PYTEST if directory is None else Mode.PYTEST_MODULE
    start = settings.rootdir if directory is None else directory
    return Program(mode, loads, begin(*first, *environment, behind=behind), start)


def as_imported(path: str, root: str, index: ModuleIndex, *, environment: SearchPath = ()) -> Program | None:
    """Return `import a.b` of an installed source root, as a console script or a server does it."""
    name = name_from(path, root, index)
    if name is None:
        return None
    package = name if posixpath.basename(path).startswith(f"{INIT}.") else name.rpartition(".")[0]
    return Program(Mode.IMPORT, (Load(path, name, package),), begin(*environment, behind=(folder(root),)))


def as_served(
    path: str, directory: str, index: ModuleIndex, *, environment: SearchPath = (), module: str = ""
) -> Program | None:
    """Return `import a.b` by a server that puts its working directory first, as uvicorn, gunicorn and Flask do."""
    program = as_imported(path, root_of(path, module, directory, environment, index), index)
    if program is None:
        return None
    return replace(program, path=begin(folder(directory), *environment), directory=directory)


def root_of(path: str, module: str, directory: str, environment: SearchPath, index: ModuleIndex) -> str:
    """Return the first folder on the search path from which a file has a name; the working directory where none is."""
    roots = (directory, *(entry.path for entry in environment if entry.kind is EntryKind.FOLDER))
    return next((root for root in roots if name_from(path, root, index) == module), directory)


def name_from(path: str, root: str, index: ModuleIndex) -> str | None:
    """Return the name that leads from a folder to a file when it is imported, or None where none does."""
    name = dotted_name(path, root)
    found: Found | None = None
    folders: tuple[str, ...] = (root,)
    for part in name.split(".") if name else ():
        found = index.find(part, folders)
        folders = found.folders if found else ()
    return (
        name if found is not None and path in {found.path, *(join(each, "__main__.py") for each in folders)} else None
    )


def dotted_name(path: str, root: str) -> str | None:
    """Return the name under which a file is imported from a folder, or None where its path is no name."""
    prefix = "" if root == "." else f"{root}/"
    if not path.startswith(prefix) or not path.endswith(".py"):
        return None
    parts = path.removeprefix(prefix).removesuffix(".py").split("/")
    if parts[-1] in {INIT, "__main__"} and len(parts) > 1:
        parts = parts[:-1]
    return ".".join(parts) if all(part.isidentifier() for part in parts) else None


def base_of(path: str, index: ModuleIndex) -> str:
    """Return the first folder upward from a file that has no `__init__.py`: what pytest puts on the search path."""
    base = posixpath.dirname(path)
    while base and join(base, f"{INIT}.py") in index.files and posixpath.basename(base).isidentifier():
        base = posixpath.dirname(base)
    return base or "."


def _load_test(path: str, settings: PytestSettings, index: ModuleIndex) -> Load:
    base = base_of(path, index)
    is_package = (posixpath.dirname(path) or ".") != base
    root = base if is_package or settings.import_mode != "importlib" else settings.rootdir
    name = dotted_name(path, root) or posixpath.basename(path).removesuffix(".py")
    package = name if posixpath.basename(path) == f"{INIT}.py" else name.rpartition(".")[0]
    own = (folder(base),)
    match settings.import_mode:
        case "importlib":
            return Load(path, name, package)
        case "append":
            return Load(path, name, package, behind=own)
    return Load(path, name, package, before=own)


def _packages(place: str, rootdir: str, index: ModuleIndex) -> Iterator[str]:
    """Yield the `__init__.py` files in a folder and above it, the outermost first."""
    return reversed([init for each in _above(place, rootdir) if (init := join(each, f"{INIT}.py")) in index.files])


def _conftests(path: str, rootdir: str, index: ModuleIndex) -> Iterator[str]:
    """Yield the conftest.py files that a test file sees, that of the rootdir first."""
    found = [join(each, _CONFTEST) for each in _above(posixpath.dirname(path), rootdir)]
    return reversed([each for each in found if each in index.files and each != path])


def _above(place: str, rootdir: str) -> Iterator[str]:
    """Yield a folder and those above it, up to the rootdir."""
    current = place or "."
    while current not in {rootdir, "."}:
        yield current
        current = posixpath.dirname(current) or "."
    yield current
