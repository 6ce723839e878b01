"""The source roots that setuptools is told: in pyproject.toml, setup.cfg or a setup.py."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.source_roots.project import root_of
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.toml_text import strings, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.facts.source_roots.model import SourceRoot
    from rrr_optimize.facts.source_roots.project import BuiltProject


def read_setuptools(project: BuiltProject, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
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
        yield from root_of(project, where, "pyproject.toml", "setuptools", _plain(find.get("include")))
    if "where" not in find and (folders.get("") or find):
        yield from root_of(project, folders.get("", "."), "pyproject.toml", "setuptools", _plain(find.get("include")))


def _plain(patterns: Any) -> set[str]:
    """Return the top-level names of `include` patterns such as `trading*`; none where a star begins one."""
    texts = strings(patterns)
    names = {text.partition(".")[0].rstrip("*") for text in texts}
    return set() if "" in names or any("*" in text.partition(".")[0] for text in texts) else names


def _listed(
    project: BuiltProject, config: str, packages: list[Any], modules: list[str], folders: Mapping[str, str]
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
        yield from root_of(project, where, config, "setuptools", tops, tuple(n for n in offered if n in names))


def read_setup_cfg(project: BuiltProject) -> Iterator[SourceRoot]:
    """Follow `[options]` of a setup.cfg: package_dir, packages and `where` of `find`."""
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
        yield from root_of(project, where.text.strip() if where else folders.get("", "."), "setup.cfg", "setuptools")


def read_setup_script(project: BuiltProject) -> Iterator[SourceRoot]:
    """Follow the literal arguments of a setup.py, which is never run."""
    from rrr_optimize.formats.setup_folders import read_setup_folders

    source = project.source("setup.py")
    if source is None:
        return
    found = read_setup_folders(source)
    if found is not None:
        yield from _listed(project, "setup.py", list(found.packages), list(found.modules), found.folders)
        if not found.packages and not found.modules and (found.where or found.folders.get("")):
            yield from root_of(project, found.where or found.folders.get("", "."), "setup.py", "setuptools")
