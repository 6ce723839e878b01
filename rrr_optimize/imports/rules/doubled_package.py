"""Two projects offer the same top-level package.

Installed into one environment, the second overwrites the first or is never found; tests that collect both import the
wrong one. Each project with a package called `src` is the usual case.

    worktrees/monitoring/src/__init__.py
    worktrees/trading-engine/src/__init__.py

Give each its own name. Told as a note where they are not all distributions, because then nothing installs them
together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rrr_optimize.imports.wording import list_words
from rrr_optimize.model import Location, Related, Severity
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.module_names import Module
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("IMP005")

# Everybody has them and nobody installs them.
_BESIDE = frozenset(
    {"benchmarks", "doc", "docs", "examples", "features", "samples", "scripts", "test", "testing", "tests", "tools"}
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package name that several projects offer, at the first of them."""
    distributions = {project.path for project in repository.requirements.internal.values()}
    for name, by_project in sorted(_packages(repository).items()):
        if len(by_project) > 1:
            first, *others = by_project.values()
            yield RULE.finding(
                Location(first.path),
                f"the package {name} is offered by {len(by_project)} projects: {list_words(list(by_project))}",
                f"{name} {len(by_project)}",
                why="They cannot share an environment: one of them is found, the others are not.",
                hint="give each its own name",
                related=[Related(Location(other.path), f"{name} again") for other in others],
                severity=None if distributions.issuperset(by_project) else Severity.INFO,
            )


def _packages(repository: Repository) -> dict[str, dict[str, Module]]:
    """Return, by name and project, the regular packages directly in a project's folder or in its `src`."""
    found: defaultdict[str, dict[str, Module]] = defaultdict(dict)
    for module in repository.modules.top_level:
        project = repository.projects.of(module.path).path
        folders = {project, f"{project}/src".removeprefix("./")}
        if module.path.endswith("/__init__.py") and module.folder in folders and module.name not in _BESIDE:
            found[module.name].setdefault(project, module)
    return found
