"""A wheel that would miss parts of its own package.

setuptools puts into a wheel the packages that it is told, and nothing below them. What works in a checkout, and after
`pip install -e`, then fails after a real installation.

    [tool.setuptools]
    packages = ["src"]          # src/core/ and all other sub-packages are missing from the wheel

Write `[tool.setuptools.packages.find]`, or list every sub-package. A search that takes no namespaces (`find_packages`,
`find:`, `namespaces = false`) misses a folder without `__init__.py` as well; that is told where something imports from
the folder.

Not told: folders called like tests, examples or documents, which are left out on purpose; projects whose files travel
as data of their packages (`MANIFEST.in`, `package_data`, setuptools-scm); what only running a setup.py would tell.
Hatch, Poetry, Flit, PDM and uv take every folder below the packages that they are given, and setuptools' automatic
discovery finds them all.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import INIT, join
from rrr_optimize.facts.wheel_contents import WheelPackages, read_wheel_packages
from rrr_optimize.imports.set_apart import is_template, is_test_data
from rrr_optimize.imports.wording import list_words
from rrr_optimize.model import Location, Related
from rrr_optimize.phrases import counted
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding
    from rrr_optimize.workspace.snapshot import Snapshot

RULE = get_rule("IMP008")
_LEFT_OUT = frozenset(
    {"benchmark", "benchmarks", "demo", "demos", "doc", "docs", "example", "examples", "samples", "scripts"}
    | {"test", "testing", "tests", "tools"}
)
_MOST_RELATED = 3


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each list of packages, or search for them, that leaves sub-packages behind."""
    snapshot = repository.snapshot
    for packages in read_wheel_packages(snapshot):
        missing = {
            name: folder
            for name, folder in packages.left_behind(snapshot).items()
            if not _LEFT_OUT.intersection(name.split("."))
            and not is_template(f"{folder}/")
            and not is_test_data(f"{folder}/")
            and (_is_package(folder, packages, snapshot) or _is_imported(folder, repository))
        }
        if missing:
            yield _report(packages, missing, snapshot)


def _report(packages: WheelPackages, missing: dict[str, str], snapshot: Snapshot) -> Finding:
    modules = sum(len(_modules(folder, snapshot)) for folder in packages.folders.values())
    names = sorted(missing)
    how = "finds" if packages.search else "lists"
    lacking = sum(len(_modules(folder, snapshot)) for folder in missing.values())
    return RULE.finding(
        packages.location,
        f"a wheel of {counted(modules, 'module')}: it {how} {list_words(sorted(packages.folders))} and misses "
        f"{counted(len(names), 'sub-package')} of {counted(lacking, 'module')}: {list_words(names)}",
        " ".join(sorted({name.partition(".")[0] for name in packages.folders})),
        why="What is installed from the wheel fails to import them; a checkout and `pip install -e` do not.",
        hint=_advise(packages),
        related=[_first_file(missing[name], snapshot) for name in names[:_MOST_RELATED]],
    )


def _advise(packages: WheelPackages) -> str:
    if packages.search and packages.search.include != ("*",):
        return "let `include` fit the sub-packages as well, or add the missing __init__.py"
    if packages.search:
        return "add the missing __init__.py, or search for namespace packages as well"
    return "use [tool.setuptools.packages.find], or list the sub-packages as well"


def _first_file(folder: str, snapshot: Snapshot) -> Related:
    return Related(Location(_modules(folder, snapshot)[0]), "not in the wheel")


def _modules(folder: str, snapshot: Snapshot) -> Sequence[str]:
    below = snapshot.files_below(folder)
    return [path for path in below if path.endswith(".py") and (posixpath.dirname(path) or ".") == folder]


def _is_package(folder: str, packages: WheelPackages, snapshot: Snapshot) -> bool:
    """Tell whether a folder and those above it, down to a package of the wheel, all say that they are packages."""
    while folder not in packages.folders.values():
        if not snapshot.is_file(join(folder, f"{INIT}.py")):
            return False
        folder = posixpath.dirname(folder) or "."
    return True


def _is_imported(folder: str, repository: Repository) -> bool:
    return any(repository.codebase.importers(path) for path in _modules(folder, repository.snapshot))
