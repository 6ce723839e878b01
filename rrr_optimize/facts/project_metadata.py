"""What a project says of itself besides its requirements: its name, its Pythons, its extras, groups and workspace."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.marker_rows import ALL_ROWS, rows_of_marker, rows_of_requires_python
from rrr_optimize.facts.parsed_requirements import ParsedRequirement, canonical, parse_requirement
from rrr_optimize.facts.poetry_versions import convert_constraint
from rrr_optimize.toml_text import strings, table

if TYPE_CHECKING:
    from collections.abc import Mapping

_POETRY_KEYS = frozenset({"dependencies", "dev-dependencies", "group"})
_UV_KEYS = frozenset(
    {"constraint-dependencies", "default-groups", "dev-dependencies", "environments", "managed"}
    | {"override-dependencies", "package", "required-environments", "sources", "workspace"}
)
_CLASSIFIER = re.compile(r"^Programming Language :: Python :: 3\.(\d+)$")


@dataclass(frozen=True, slots=True)
class ProjectMetadata:
    """What one folder's metadata files say, taken together.

    `rows` is what `requires-python` admits, `classified` the minor versions of the classifiers. `included_groups` maps
    a PEP 735 group to the groups it includes, `self_extras` an extra to the project's own extras that it asks for, all
    by canonical names. `locked_together` tells that one lock (uv, Poetry, PDM) covers the project with all its extras
    and groups, `keeps_apart` that uv is told which of them are never installed together. `members` and `excluded` are
    the globs of a uv workspace, `internal` the packages that uv takes from a workspace or a path. `locked_rows` are the
    environments that uv is told to lock for.
    """

    name: str | None = None
    rows: int | None = None
    classified: frozenset[tuple[int, int]] = frozenset()
    included_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    self_extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locked_together: bool = False
    keeps_apart: bool = False
    members: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    internal: frozenset[str] = frozenset()
    locked_rows: int = ALL_ROWS

    def merge(self, other: ProjectMetadata) -> ProjectMetadata:
        """Return both together; where they contradict each other, `self` wins."""
        return ProjectMetadata(
            self.name or other.name,
            other.rows if self.rows is None else self.rows,
            self.classified | other.classified,
            {**other.included_groups, **self.included_groups},
            {**other.self_extras, **self.self_extras},
            self.locked_together or other.locked_together,
            self.keeps_apart or other.keeps_apart,
            self.members or other.members,
            self.excluded or other.excluded,
            self.internal | other.internal,
            self.locked_rows & other.locked_rows,
        )


def read_pyproject_metadata(data: Mapping[str, Any]) -> ProjectMetadata:
    """Return what the data of a pyproject.toml say; a value of the wrong type counts as absent."""
    project, poetry, uv = table(data, "project"), table(data, "tool", "poetry"), table(data, "tool", "uv")
    name = project.get("name") or poetry.get("name")
    name = name if isinstance(name, str) else None
    requires = project.get("requires-python")
    python = table(poetry, "dependencies").get("python")
    # Extras that uv is told to keep apart are never installed together, although one lock covers them.
    keeps_apart = bool(uv.get("conflicts"))
    return ProjectMetadata(
        name=name,
        rows=rows_of_text(requires) if isinstance(requires, str) else _rows_of_poetry(python),
        classified=classified_pythons(project.get("classifiers") or poetry.get("classifiers")),
        included_groups=_included_groups(table(data, "dependency-groups")),
        self_extras=_self_extras(name, table(project, "optional-dependencies")),
        locked_together=not keeps_apart and _is_managed(poetry, uv, table(data, "tool", "pdm")),
        keeps_apart=keeps_apart,
        locked_rows=_locked_rows(uv.get("environments")),
        members=strings(table(uv, "workspace").get("members")),
        excluded=strings(table(uv, "workspace").get("exclude")),
        internal=frozenset(canonical(name) for name, source in table(uv, "sources").items() if _is_internal(source)),
    )


def _is_managed(poetry: Mapping[str, Any], uv: Mapping[str, Any], pdm: Mapping[str, Any]) -> bool:
    """Tell whether a tool locks the whole project; a table alone may merely set up a build backend or uv's pip."""
    return bool(_POETRY_KEYS & poetry.keys() or _UV_KEYS & uv.keys() or "dev-dependencies" in pdm)


def _locked_rows(environments: Any) -> int:
    """Return the environments of uv's `environments`, a list of markers; all where there is none."""
    markers = strings(environments)
    return reduce(or_, (rows_of_marker(marker) for marker in markers), 0) or ALL_ROWS


def rows_of_text(specifier: str) -> int | None:
    """Return the environments that a `requires-python` admits (0: none that we know), or None where it is invalid."""
    try:
        return rows_of_requires_python(specifier)
    except ValueError:
        return None


def classified_pythons(classifiers: Any) -> frozenset[tuple[int, int]]:
    """Return the minor versions that trove classifiers name."""
    matches = (_CLASSIFIER.match(item) for item in strings(classifiers))
    return frozenset((3, int(match[1])) for match in matches if match)


def _rows_of_poetry(constraint: Any) -> int | None:
    if not isinstance(constraint, str):
        return None
    try:
        mask = 0
        for specifier in convert_constraint(constraint):
            mask |= rows_of_requires_python(specifier)
    except ValueError:
        return None
    return mask


def _is_internal(source: Any) -> bool:
    candidates = source if isinstance(source, list) else [source]
    return any(isinstance(item, dict) and ("workspace" in item or "path" in item) for item in candidates)


def _included_groups(groups: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        canonical(group): tuple(
            canonical(item["include-group"])
            for item in items
            if isinstance(item, dict) and isinstance(item.get("include-group"), str)
        )
        for group, items in groups.items()
        if isinstance(items, list)
    }


def _self_extras(name: str | None, extras: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    included: dict[str, tuple[str, ...]] = {}
    for extra, items in extras.items():
        key = canonical(extra)
        for text in strings(items):
            parsed = parse_requirement(text)
            # Under a marker the extra would hold in part of the environments only, so it is not followed.
            is_own = isinstance(parsed, ParsedRequirement) and name and canonical(parsed.name) == canonical(name)
            if isinstance(parsed, ParsedRequirement) and is_own and not parsed.marker:
                included[key] = (*included.get(key, ()), *sorted(map(canonical, parsed.extras)))
    return included
