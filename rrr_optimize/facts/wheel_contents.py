"""What setuptools puts into a wheel: the packages that its configuration lists or finds, and what it leaves behind."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import INIT, join
from rrr_optimize.formats.setup_packages import PackageSearch, read_setup_packages
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.toml_text import strings, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.model import Location
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

# Plug-ins that make every file that git tracks data of its package.
_FROM_GIT = re.compile(r"setuptools[-_](?:scm|git)|\bpbr\b|use_scm_version")
_MODULE_PATTERN = re.compile(r"(?:.*/)?(?:\*\*?|[^/]*\.py\w?|\*\.\*)")


@dataclass(frozen=True, slots=True)
class WheelPackages:
    """The packages of a wheel, each with its folder, and where the configuration says which they are.

    `search` is how they are found; None where they are listed one by one.
    """

    location: Location
    folders: Mapping[str, str]
    search: PackageSearch | None = None

    def left_behind(self, snapshot: Snapshot) -> dict[str, str]:
        """Return the folders with Python files below a package that are no package of the wheel, by dotted name.

        Those whose path is no name are left out, as are those of another project and those that the configuration
        excludes by a pattern.
        """
        found: dict[str, str] = {}
        tops = {name: folder for name, folder in self.folders.items() if name.rpartition(".")[0] not in self.folders}
        for name, top in tops.items():
            for path in snapshot.files_below(top):
                folder = posixpath.dirname(path)
                rest = folder[len(top) :].strip("/") if top != "." else folder
                dotted = ".".join([name, *rest.split("/")]) if rest else name
                if path.endswith(".py") and dotted not in self.folders and self._may_be_meant(dotted):
                    found.setdefault(dotted, folder)
        return {name: folder for name, folder in found.items() if not _is_project(folder, self.folders, snapshot)}

    def _may_be_meant(self, dotted: str) -> bool:
        excluded = self.search.exclude if self.search else ()
        parents = [dotted[: match.start()] for match in re.finditer(r"\.", dotted)]
        return all(part.isidentifier() for part in dotted.split(".")) and not any(
            fnmatchcase(each, pattern) for each in (dotted, *parents) for pattern in excluded
        )


def read_wheel_packages(snapshot: Snapshot) -> Iterator[WheelPackages]:
    """Yield what setuptools would put into the wheel of each project that lists or searches for its packages.

    Follows setuptools' "Package Discovery": a search in pyproject.toml takes namespaces unless told otherwise, `find:`
    of setup.cfg and `find_packages` of setup.py do not. Left out are projects of other build backends, those whose
    packages only running a program would tell, and those that may carry more as data of their packages.
    """
    folders = {posixpath.dirname(path) or "." for name in _NAMES for path in snapshot.files_named(name)}
    for folder in sorted(folders):
        sources = [source for name in _NAMES if (source := _text(snapshot, join(folder, name))) is not None]
        manifest = _text(snapshot, join(folder, "MANIFEST.in"))
        if any(_FROM_GIT.search(source.text) for source in sources) or (manifest and _carries_modules(manifest.text)):
            continue
        for source in sources:
            found, ends = _READERS[posixpath.basename(source.path)](snapshot, source)
            if found is not None and found.folders:
                yield found
            if ends:
                break


def _text(snapshot: Snapshot, path: str) -> SourceText | None:
    return snapshot.text(path) if snapshot.is_file(path) else None


def _carries_modules(manifest: str) -> bool:
    return any(
        row.split()[:1]
        and row.split()[0] in {"graft", "recursive-include", "include", "global-include"}
        and (row.startswith("graft") or ".py" in row or row.rstrip().endswith("*"))
        for row in manifest.splitlines()
    )


def _read_pyproject(snapshot: Snapshot, source: SourceText) -> tuple[WheelPackages | None, bool]:
    from rrr_optimize.formats.toml_spans import read_toml

    try:
        toml = read_toml(source)
    except UnreadableError:
        return None, True
    backend = table(toml.data, "build-system").get("build-backend", "setuptools.build_meta")
    if not str(backend).startswith("setuptools"):
        return None, True
    options = table(toml.data, "tool", "setuptools")
    packages = options.get("packages")
    span = toml.span("tool", "setuptools", "packages") or toml.key_span("tool", "setuptools", "packages")
    if span is None or not isinstance(packages, list | dict):
        return None, False
    if any(_is_for_modules(strings(patterns)) for patterns in table(options, "package-data").values()):
        return None, True
    where = source.locate(span)
    project = posixpath.dirname(source.path) or "."
    if isinstance(packages, list):
        folders = {name: path for name, path in table(options, "package-dir").items() if isinstance(path, str)}
        return WheelPackages(where, _list(strings(packages), folders, project)), True
    options = table(packages, "find")
    places = strings(options.get("where", ["."]))
    takes = options.get("namespaces") is not False
    search = PackageSearch("", strings(options.get("include", ["*"])), strings(options.get("exclude", [])), takes)
    found = {
        name: folder
        for place in places
        for name, folder in _search(snapshot, project, replace(search, where=place)).items()
    }
    return WheelPackages(where, found, search), True


def _read_cfg(snapshot: Snapshot, source: SourceText) -> tuple[WheelPackages | None, bool]:
    from rrr_optimize.formats.ini_lines import read_ini

    try:
        ini = read_ini(source, fold_case=False)
    except UnreadableError:
        return None, True
    option = ini.option("options", "packages")
    if option is None or not option.lines:
        return None, False
    data = ini.sections.get("options.package_data")
    if data and any(_is_for_modules(tuple(each.text.replace(",", " ").split())) for each in data.options.values()):
        return None, True
    project = posixpath.dirname(source.path) or "."
    where = source.locate(option.key.span)
    if option.lines[0].text.strip().startswith("find"):
        told = {key: ini.option("options.packages.find", key) for key in ("where", "include", "exclude")}
        words = {key: tuple(each.text.replace(",", " ").split()) if each else () for key, each in told.items()}
        takes = option.lines[0].text.strip().startswith("find_namespace")
        search = PackageSearch("".join(words["where"][:1]) or ".", words["include"] or ("*",), words["exclude"], takes)
        return WheelPackages(where, _search(snapshot, project, search), search), True
    names = [word for line in option.lines for word in line.text.replace(",", " ").split()]
    pairs = ini.option("options", "package_dir")
    folders = dict(line.text.partition("=")[::2] for line in pairs.lines) if pairs else {}
    stripped = {name.strip(): path.strip() for name, path in folders.items()}
    return WheelPackages(where, _list(tuple(names), stripped, project)), True


def _read_script(snapshot: Snapshot, source: SourceText) -> tuple[WheelPackages | None, bool]:
    found = read_setup_packages(source)
    if found is None or _is_for_modules(found.data):
        return None, True
    project = posixpath.dirname(source.path) or "."
    where = source.locate(found.span)
    if found.search is not None:
        return WheelPackages(where, _search(snapshot, project, found.search), found.search), True
    return WheelPackages(where, _list(found.listed, found.folders, project)), True


_READERS = {"pyproject.toml": _read_pyproject, "setup.cfg": _read_cfg, "setup.py": _read_script}
_NAMES = tuple(_READERS)


def _is_for_modules(patterns: tuple[str, ...]) -> bool:
    """Tell whether patterns of package data fit Python files."""
    return any(_MODULE_PATTERN.fullmatch(pattern) for pattern in patterns)


def _list(names: tuple[str, ...], folders: Mapping[str, str], project: str) -> dict[str, str]:
    """Return the folder of each listed package, by the longest beginning of its name that `package_dir` knows."""
    found: dict[str, str] = {}
    for name in names:
        parts = name.split(".")
        known = next((end for end in range(len(parts), 0, -1) if ".".join(parts[:end]) in folders), 0)
        base = folders[".".join(parts[:known])] if known else folders.get("", ".")
        found[name] = posixpath.normpath(posixpath.join(project, base, *parts[known:]))
    return found


def _search(snapshot: Snapshot, project: str, search: PackageSearch) -> dict[str, str]:
    """Return what `find_packages` finds: it goes into every folder whose name is one, and below packages only."""
    root = posixpath.normpath(posixpath.join(project, search.where))
    prefix = "" if root == "." else f"{root}/"
    found: dict[str, str] = {}
    stopped: set[str] = set()
    for folder in sorted(each for each in snapshot.folders if each.startswith(prefix) and each not in {".", root}):
        above = posixpath.dirname(folder)
        is_package = search.takes_namespaces or snapshot.is_file(join(folder, f"{INIT}.py"))
        name = folder[len(prefix) :].replace("/", ".")
        if above in stopped or "." in posixpath.basename(folder) or not is_package:
            stopped.add(folder)
        elif any(fnmatchcase(name, each) for each in search.include) and not any(
            fnmatchcase(name, each) for each in search.exclude
        ):
            found[name] = folder
    return found


def _is_project(folder: str, folders: Mapping[str, str], snapshot: Snapshot) -> bool:
    """Tell whether a folder belongs to a project inside a package."""
    while folder and folder not in folders.values():
        if any(snapshot.is_file(join(folder, name)) for name in _NAMES):
            return True
        folder = posixpath.dirname(folder)
    return False
