"""A network, a volume, a secret or a config that no service of any project with this file uses.

Nothing breaks: Compose leaves it out. It is often what a removed service has left behind.

    volumes:
      cache:          # no service mounts it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.uses import find_uses
from rrr_optimize.compose.wording import list_names
from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Finding

RULE = get_rule("CMP009")
_KINDS = ("networks", "volumes", "secrets", "configs")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each file and kind of thing, with all that is unused."""
    declared: dict[tuple[str, str], dict[str, Value]] = {}
    used: dict[tuple[str, str], set[str]] = {}
    for project in repository.compose.projects:
        uses = list(find_uses(project))
        for kind in _KINDS:
            names = {use.name for use in uses if use.kind == kind}
            names |= _names_with_variables(project, kind)
            for name, value in project.section(kind).items():
                key = (value.where.path, kind)
                declared.setdefault(key, {})[name] = value
                if name in names or not project.loaded.is_whole or name == "default":
                    used.setdefault(key, set()).add(name)
    for key, values in sorted(declared.items()):
        unused = {name: value for name, value in values.items() if name not in used.get(key, set())}
        if unused:
            yield _report(*key, unused)


def _names_with_variables(project: ComposeProject, kind: str) -> set[str]:
    """Return everything that might be meant where a variable decides which volume is mounted."""
    mounts = [mount.get("source") for service in project.services.values() for mount in service.items(kind)]
    return set(project.section(kind)) if any(source and source.unset for source in mounts) else set()


def _report(path: str, kind: str, unused: dict[str, Value]) -> Finding:
    names, places = list(unused), [value.where for value in unused.values()]
    noun = kind if len(names) > 1 else kind.removesuffix("s")
    return RULE.finding(
        places[0],
        f"no service uses the {noun} {list_names(names)}",
        f"{names[0]} {kind} {path}",
        why="Compose leaves it out, so nobody misses it.",
        hint="take it out, or put the services that should have it on it",
        related=[Related(place, f"{name} is unused too") for name, place in zip(names[1:], places[1:], strict=True)],
    )
