"""A module hides a package that its project requires.

`import redis` finds the first `redis` on the search path. Where a folder of the repository offers one of its own, the
required package is never found, or is found only when the file is started in another way.

    services/cache/requirements.txt     redis==5.0.1
    services/cache/redis/__init__.py    # `import redis` finds this one

Only folders count from which modules are imported: a project's own, its `src`, and those that a statement puts on the
search path. Under which name a package is imported is known for well-known ones (`beautifulsoup4` is `bs4`,
`google-cloud-storage` is `google.cloud.storage`); for others it is their own name, unless the environment that
`fix-imports.site-packages` names or the configuration says another:

    [tool.rrr-optimize.fix-imports.import-names]
    our-client = ["client", "client_types"]

A folder without `__init__.py` hides nothing, for it is joined with the others of its name.

Three and more in one folder are told together: they are copies of packages, or scripts called like what they use. Of
copies that are meant to be found, the requirements say versions that nothing installs.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_forms import PathBase
from rrr_optimize.model import Location, Related
from rrr_optimize.phrases import listed
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.module_names import Module
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("IMP004")

# A stand-in for a package hides it on purpose.
_STAND_INS = frozenset({"fakes", "mocks", "stubs", "test", "tests"})
# So many in one folder have one cause, and one answer.
_MANY = 3
_MOST_RELATED = 11


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each folder with modules that hide requirements of the project that they stand in."""
    wanted = _requirements(repository)
    folders = _folders_looked_at(repository)
    hiding: dict[tuple[str, str], list[tuple[Module, Declaration]]] = {}
    for module in repository.modules.top_level:
        project = repository.projects.of(module.path)
        names = _names_of(module, folders)
        declaration = next((wanted[project.path, name] for name in names if (project.path, name) in wanted), None)
        if declaration and not _STAND_INS.intersection(module.path.split("/")):
            hiding.setdefault((project.path, module.folder), []).append((module, declaration))
    for (_, folder), pairs in hiding.items():
        if len(pairs) < _MANY:
            yield from (_tell(module, declaration) for module, declaration in pairs)
        else:
            yield _tell_together(folder, pairs)


def _tell(module: Module, declaration: Declaration) -> Finding:
    return RULE.finding(
        Location(module.path),
        f"hides {declaration.package}, which {declaration.place} asks for",
        f"{module.name} {declaration.package}",
        why=f"`import {module.name}` finds this one first, or depends on how the program is started.",
        hint="rename it",
        related=[Related(declaration.location, declaration.text)],
    )


def _tell_together(folder: str, pairs: Sequence[tuple[Module, Declaration]]) -> Finding:
    """Return the one finding for a folder with many, which have one cause."""
    packages = [declaration.package for _, declaration in pairs]
    where = "the root" if folder == "." else f"{folder}/"
    return RULE.finding(
        Location(pairs[0][0].path),
        f"{where} hides {len(pairs)} requirements of its project: {listed(packages)}",
        f"{folder} {' '.join(sorted(packages))}",
        why="Their imports find these first, or depend on how the program is started.",
        hint="rename them; of copies that are meant to be found, take the requirements out",
        related=[
            Related(Location(module.path), f"hides {declaration.text}")
            for module, declaration in pairs[1:_MOST_RELATED]
        ],
    )


def _requirements(repository: Repository) -> dict[tuple[str, str], Declaration]:
    """Return the requirements by project and import name, but for those that the repository itself provides.

    Of a dotted name the beginnings count as well: a package of that name that is no namespace hides the rest.
    """
    facts = repository.requirements
    found: dict[tuple[str, str], Declaration] = {}
    for declaration in facts.declarations:
        is_own = declaration.internal or declaration.url or declaration.package in facts.internal
        if not is_own and not declaration.scope.is_isolated:
            for name in repository.import_names.of(declaration.package):
                for beginning in accumulate(name.split("."), lambda start, part: f"{start}.{part}"):
                    found.setdefault((declaration.scope.project.path, beginning), declaration)
    return found


def _names_of(module: Module, folders: frozenset[str]) -> Iterator[str]:
    """Yield the names under which a module is imported from a folder that it stands in, or below as in a namespace."""
    name, folder = module.name, module.folder
    while True:
        if folder in folders:
            yield name
        folder, _, part = folder.rpartition("/")
        if not part.isidentifier():
            return
        name, folder = f"{part}.{name}", folder or "."


def _folders_looked_at(repository: Repository) -> frozenset[str]:
    own = {path for project in repository.projects for path in (project.path, f"{project.path}/src".removeprefix("./"))}
    values = (value for hack in repository.imports.statements for value in hack.statement.values)
    return frozenset(own | {value.path for value in values if value.base is PathBase.FILE})
