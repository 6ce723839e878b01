"""Reword the constraints in tables of Poetry and Pipenv, in their own language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from rrr_optimize.facts.declarations import Declaration, Kind
from rrr_optimize.facts.parsed_requirements import canonical
from rrr_optimize.facts.poetry_versions import ConstraintError, convert_constraint
from rrr_optimize.facts.specifiers import specifier_key
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.rewording import Rewording
from rrr_optimize.formats.specifier_text import find_specifier_problem
from rrr_optimize.model import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.formats.toml_operations import Path
    from rrr_optimize.formats.toml_scanner import Node
    from rrr_optimize.formats.toml_spans import TomlFile
    from rrr_optimize.model import Span

ConstraintPaths: TypeAlias = "Mapping[tuple[Span, str], Path]"
_BARE_VERSION = re.compile(r"[0-9][A-Za-z0-9.+!_-]*")
MOVED = "the file does not say there what the declaration says"


def reword_constraint(
    toml: TomlFile, paths: ConstraintPaths, declaration: Declaration, specifier: str
) -> Rewording | Refusal | None:
    """Return how the constraint of a declaration comes to be that of a PEP 440 specifier; None where it is already.

    `paths` are those that `index_constraints` found in the file. The constraint may be the string of a name, or the
    `version` of an inline table or of a table with a header. In Poetry's tables a pin stays without `==` where it was
    written so.
    """
    if problem := find_specifier_problem(specifier):
        return Refusal(problem)
    if "===" in specifier:
        return Refusal("its constraints know no ===")
    source = toml.source
    try:
        place = source.span_of(declaration.location)
    except ValueError:
        return Refusal(MOVED)
    path = paths.get((place, declaration.package))
    content = toml.content_span(*path) if path else None
    if path is None or content is None:
        return Refusal(f"{declaration.spelled} has no version that is written as a plain string", content)
    old = source.slice(content)
    if _key(old) != declaration.specifier_key:
        return Refusal(MOVED, content)
    if declaration.specifier_key == specifier_key(specifier):
        return None
    new = _in_the_style_of(old, specifier, declaration.kind)
    if _key(new) != specifier_key(specifier):  # pragma: no cover - none is known
        return Refusal(f"{specifier} cannot be written as a constraint", content)
    return Rewording(Edit(source.path, content, new), old, new)


def index_constraints(toml: TomlFile) -> ConstraintPaths:
    """Return the path of every constraint, by the place where its declaration is located and the package's name."""
    paths: dict[tuple[Span, str], Path] = {}
    waiting: list[tuple[Path, Node]] = [((key,), child) for key, child in toml.tree.children.items()]
    while waiting:
        path, node = waiting.pop()
        waiting += [((*path, key), child) for key, child in node.children.items()]
        value = toml.value(*path)
        place = toml.content_span(*path) or node.span or node.key_span
        name = next(part for part in reversed(path) if isinstance(part, str))
        if place and isinstance(value, str | dict):
            paths[place, canonical(name)] = path if isinstance(value, str) else (*path, "version")
    return paths


def _key(constraint: str) -> str | None:
    try:
        alternatives = convert_constraint(constraint)
    except ConstraintError:
        return None
    return specifier_key(alternatives[0]) if len(alternatives) == 1 else None


def _in_the_style_of(old: str, specifier: str, kind: Kind) -> str:
    pin = specifier.removeprefix("==")
    if kind is Kind.PYPROJECT and _BARE_VERSION.fullmatch(old) and _BARE_VERSION.fullmatch(pin):
        return pin
    return specifier or "*"
