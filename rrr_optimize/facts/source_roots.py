"""Folders from which an installed project's modules are imported, as its build backend is told."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.toml_tables import table
from rrr_optimize.formats.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

_NAME = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True)
class SourceRoot:
    """A folder whose modules an installation makes importable, with the configuration that says so.

    `folder` is relative to the root of the repository. `names` are the top-level modules and packages that are
    installed from it, empty where the configuration does not name them. `packages` are the dotted names that it lists
    one by one: then a sub-package that is not among them is missing from a wheel. `is_default` tells that nothing is
    written and the backend looks in its usual places.
    """

    folder: str
    config: str
    backend: str
    names: frozenset[str] = frozenset()
    packages: tuple[str, ...] = ()
    is_default: bool = False

    def offers(self, name: str) -> bool:
        """Return whether an installation makes a top-level name importable, as far as the configuration says."""
        return not self.names or name in self.names


def read_source_roots(snapshot: Snapshot) -> tuple[SourceRoot, ...]:
    """Return the source roots of every project of a snapshot that can be installed, in path order.

    A project with a pyproject.toml and a setup.cfg or setup.py is read in that order; the first that names a folder
    counts. What only running a setup.py would tell is left out.
    """
    found: list[SourceRoot] = []
    folders = sorted(
        {
            posixpath.dirname(path) or "."
            for name in ("pyproject.toml", "setup.cfg", "setup.py")
            for path in snapshot.files_named(name)
        }
    )
    for folder in folders:
        found += _read_project(snapshot, folder)
    return tuple(found)


def told_source_roots(snapshot: Snapshot, pairs: Iterable[tuple[str, str]], origin: str) -> tuple[SourceRoot, ...]:
    """Return the source roots that somebody tells: of each pair a top-level name, and the folder that holds it.

    The path may also be that of the package or the module itself. `origin` is where that is said. A pair whose path
    has nothing of that name is left out; `find_told_root` tells.
    """
    found = ((name, find_told_root(snapshot, name, path)) for name, path in pairs)
    return tuple(SourceRoot(root, origin, "told", frozenset({name})) for name, root in found if root is not None)


def find_told_root(snapshot: Snapshot, name: str, path: str) -> str | None:
    """Return the folder from which a name is imported, given that folder or what the name means; None for neither."""
    inside = path if path != "." else ""
    if snapshot.is_folder(posixpath.join(inside, name)) or snapshot.is_file(posixpath.join(inside, f"{name}.py")):
        return path
    is_there = snapshot.is_folder(path) or snapshot.is_file(path)
    is_it = posixpath.basename(path) in {name, f"{name}.py"} and path != "."
    return posixpath.dirname(path) or "." if is_there and is_it else None


def _read_project(snapshot: Snapshot, folder: str) -> list[SourceRoot]:
    project = _Project(snapshot, folder)
    data = project.toml("pyproject.toml")
    backend = _backend(data)
    reader = _READERS.get(backend, _read_nothing)
    found = list(reader(project, data))
    if backend == "setuptools":
        found = found or list(_read_setup_cfg(project)) or list(_read_setup_script(project))
    if not found and project.can_be_installed(data):
        found = list(_by_default(project, data, backend))
    return found


@dataclass(frozen=True, slots=True)
class _Project:
    snapshot: Snapshot
    folder: str

    def path(self, name: str) -> str:
        return posixpath.normpath(posixpath.join(self.folder, name))

    def source(self, name: str) -> SourceText | None:
        path = self.path(name)
        return self.snapshot.text(path) if self.snapshot.is_file(path) else None

    def toml(self, name: str) -> Mapping[str, Any]:
        from rrr_optimize.formats.toml_spans import read_toml

        source = self.source(name)
        try:
            return read_toml(source).data if source else {}
        except UnreadableError:
            return {}

    def can_be_installed(self, data: Mapping[str, Any]) -> bool:
        """Tell whether pip would build it: a pyproject.toml that only sets tools up makes no project."""
        if "build-system" in data or "project" in data or table(data, "tool", "poetry").get("name"):
            return table(data, "tool", "uv").get("package") is not False
        setup = self.source("setup.py")
        return setup is not None and ("setuptools" in setup.text or "distutils" in setup.text)


def _backend(data: Mapping[str, Any]) -> str:
    named = str(table(data, "build-system").get("build-backend", "setuptools"))
    known = {"hatchling": "hatch", "poetry": "poetry", "flit_core": "flit", "flit": "flit", "pdm": "pdm"}
    known |= {"setuptools": "setuptools", "uv_build": "uv_build", "poetry_core": "poetry"}
    return known.get(named.partition(".")[0].partition(":")[0], "other")


def _root(
    project: _Project, folder: Any, config: str, backend: str, names: Any = (), packages: tuple[str, ...] = ()
) -> Iterator[SourceRoot]:
    path = project.path(folder) if isinstance(folder, str) else ".."
    if not path.startswith(".."):
        offered = frozenset(name for name in names if isinstance(name, str))
        yield SourceRoot(path, project.path(config), backend, offered, packages)


def _read_nothing(project: _Project, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    del project, data
    yield from ()


def _read_setuptools(project: _Project, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow setuptools' pyproject.toml reference: package-dir, packages (a list or `find`), py-modules."""
    options = table(data, "tool", "setuptools")
    folders = {name: path for name, path in table(options, "package-dir").items() if isinstance(path, str)}
    packages = options.get("packages")
    modules = [name for name in options.get("py-modules", ()) if isinstance(name, str)]
    if isinstance(packages, list) or modules:
        yield from _listed(project, "pyproject.toml", [*(packages or ())], modules, folders)
        return
    find = table(options, "packages", "find") or table(options, "packages", "find-namespace")
    for where in find.get("where", ()) if isinstance(find.get("where", ()), list) else ():
        yield from _root(project, where, "pyproject.toml", "setuptools", _plain(find.get("include")))
    if "where" not in find and (folders.get("") or find):
        yield from _root(project, folders.get("", "."), "pyproject.toml", "setuptools", _plain(find.get("include")))


def _plain(patterns: Any) -> set[str]:
    """Return the top-level names of `include` patterns such as `trading*`; none where a star begins one."""
    texts = [item for item in patterns if isinstance(item, str)] if isinstance(patterns, list) else []
    names = {text.partition(".")[0].rstrip("*") for text in texts}
    return set() if "" in names or any("*" in text.partition(".")[0] for text in texts) else names


def _listed(
    project: _Project, config: str, packages: list[Any], modules: list[str], folders: Mapping[str, str]
) -> Iterator[SourceRoot]:
    names = [name for name in packages if isinstance(name, str)]
    by_folder: dict[str, list[str]] = {}
    for name in (*names, *modules):
        top = name.partition(".")[0]
        own = folders.get(top)
        # `package_dir={"pkg": "lib/pkg"}` makes lib a source root; another last name makes none that a path can show.
        where = posixpath.dirname(own) if own is not None and posixpath.basename(own) == top else folders.get("", ".")
        by_folder.setdefault(where or ".", []).append(name)
    for where, offered in by_folder.items():
        tops = {name.partition(".")[0] for name in offered}
        yield from _root(project, where, config, "setuptools", tops, tuple(n for n in offered if n in names))


def _read_setup_cfg(project: _Project) -> Iterator[SourceRoot]:
    from rrr_optimize.formats.ini_lines import read_ini

    source = project.source("setup.cfg")
    try:
        ini = read_ini(source, fold_case=False) if source else None
    except UnreadableError:
        ini = None
    if ini is None:
        return
    option = ini.option("options", "package_dir")
    pairs = [line.text.partition("=") for line in option.lines if "=" in line.text] if option else []
    folders = {name.strip(): path.strip() for name, _, path in pairs}
    packages, where = ini.option("options", "packages"), ini.option("options.packages.find", "where")
    words = [word for line in packages.lines for word in line.text.replace(",", " ").split()] if packages else []
    if words and not words[0].startswith("find"):
        yield from _listed(project, "setup.cfg", list(words), [], folders)
    elif words or folders:
        yield from _root(project, where.text.strip() if where else folders.get("", "."), "setup.cfg", "setuptools")


def _read_setup_script(project: _Project) -> Iterator[SourceRoot]:
    from rrr_optimize.formats.setup_folders import read_setup_folders

    source = project.source("setup.py")
    if source is None:
        return
    found = read_setup_folders(source)
    if found is not None:
        yield from _listed(project, "setup.py", list(found.packages), list(found.modules), found.folders)
        if not found.packages and not found.modules and (found.where or found.folders.get("")):
            yield from _root(project, found.where or found.folders.get("", "."), "setup.py", "setuptools")


def _read_hatch(project: _Project, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow Hatch's build configuration: `packages`, `only-include` and `sources` of the wheel target."""
    build = table(data, "tool", "hatch", "build")
    wheel = table(build, "targets", "wheel")
    listed = [path for path in wheel.get("packages", build.get("packages", ())) if isinstance(path, str)]
    by_folder: dict[str, set[str]] = {}
    for path in listed:
        folder, name = posixpath.split(path.strip("/"))
        by_folder.setdefault(folder or ".", set()).add(name)
    sources = wheel.get("sources", build.get("sources"))
    if isinstance(sources, list):
        by_folder |= {path: set() for path in sources if isinstance(path, str) and path not in by_folder}
    elif isinstance(sources, dict):
        by_folder |= {path: set() for path, prefix in sources.items() if prefix == "" and path not in by_folder}
    for folder, names in by_folder.items():
        yield from _root(project, folder, "pyproject.toml", "hatch", names)


def _read_poetry(project: _Project, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow Poetry's `packages`: each with `include` and, where it is not the project's folder, `from`."""
    packages = table(data, "tool", "poetry").get("packages")
    by_folder: dict[str, set[str]] = {}
    for entry in packages if isinstance(packages, list) else ():
        include = entry.get("include") if isinstance(entry, dict) else None
        if isinstance(include, str) and not include.startswith("*"):
            top = include.partition("/")[0].removesuffix(".py")
            by_folder.setdefault(str(entry.get("from", ".")), set()).add(top)
    for folder, names in by_folder.items():
        yield from _root(project, folder, "pyproject.toml", "poetry", names)


def _read_flit(project: _Project, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    name = table(data, "tool", "flit", "module").get("name") or table(data, "project").get("name")
    if isinstance(name, str):
        top = _NAME.sub("_", name.partition(".")[0])
        for folder in ("src", "."):
            if project.snapshot.is_folder(project.path(f"{folder}/{top}")):
                yield from _root(project, folder, "pyproject.toml", "flit", {top})
                return


def _read_pdm(project: _Project, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    folder = table(data, "tool", "pdm", "build").get("package-dir")
    if isinstance(folder, str):
        yield from _root(project, folder, "pyproject.toml", "pdm")


def _read_uv_build(project: _Project, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow uv's build backend: `module-root` (src unless told) and `module-name` (one or several)."""
    options = table(data, "tool", "uv", "build-backend")
    name = options.get("module-name", table(data, "project").get("name", ""))
    names = [each for each in (name if isinstance(name, list) else [name]) if isinstance(each, str)]
    tops = {_NAME.sub("_", each.partition(".")[0]).lower() for each in names}
    yield from _root(project, options.get("module-root", "src") or ".", "pyproject.toml", "uv_build", tops)


def _by_default(project: _Project, data: Mapping[str, Any], backend: str) -> Iterator[SourceRoot]:
    """Yield where a backend looks when nothing is written: `src` if there is one, else the folder of the project."""
    name = table(data, "project").get("name") or table(data, "tool", "poetry").get("name")
    top = _NAME.sub("_", name).lower() if isinstance(name, str) else ""
    config = "pyproject.toml" if data else "setup.py"
    src = project.path("src")
    # A package called src is an ordinary one, and the layout is flat.
    has_src = project.snapshot.is_folder(src) and not project.snapshot.is_file(f"{src}/__init__.py")
    folder = src if has_src else project.folder
    names = frozenset({top}) if backend != "setuptools" and top else frozenset()
    yield SourceRoot(folder, project.path(config), backend, names, is_default=True)


_READERS: Mapping[str, Callable[[_Project, Mapping[str, Any]], Iterator[SourceRoot]]] = {
    "setuptools": _read_setuptools,
    "hatch": _read_hatch,
    "poetry": _read_poetry,
    "flit": _read_flit,
    "pdm": _read_pdm,
    "uv_build": _read_uv_build,
}
