"""Conda's environment.yml: what conda installs and what it hands to pip, kept apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.yaml_nodes import YamlDocument, YamlMapping, YamlNode, YamlScalar, place_scalar, read_yaml

if TYPE_CHECKING:
    from rrr_optimize.formats.placed_text import PlacedText
    from rrr_optimize.source import SourceText

_SPEC = re.compile(
    r"(?:(?P<channel>[^\s:]+)::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9_.\-]*)(?P<version>[\s=<>!~\[].*)?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class CondaRequirement:
    """A conda match specification, split but not judged: its versions do not follow PEP 440.

    `version` is everything after the name as written, build string included, and empty where nothing follows.
    """

    whole: PlacedText
    name: str
    version: str = ""
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class EnvironmentFile:
    """What an environment.yml asks for; `unreadable` holds entries that are no conda specification."""

    name: PlacedText | None
    conda: tuple[CondaRequirement, ...]
    pip: tuple[PlacedText, ...]
    unreadable: tuple[PlacedText, ...] = ()


def read_environment_file(source: SourceText) -> EnvironmentFile:
    """Return the dependencies of the first document; a file of another shape has none.

    Lines of the `pip:` list are those of a requirements file and are handed on as they are. Raises YamlError.
    """
    document = next(iter(read_yaml(source)), None)
    if document is None:
        return EnvironmentFile(None, (), ())
    name = document.find(document.root, "name")
    entries = document.list_items(document.find(document.root, "dependencies"))
    scalars = [place_scalar(source, entry) for entry in entries if isinstance(entry, YamlScalar) and entry.text]
    conda = [(scalar, _parse_specification(scalar)) for scalar in scalars]
    return EnvironmentFile(
        place_scalar(source, name) if isinstance(name, YamlScalar) else None,
        tuple(requirement for _, requirement in conda if requirement is not None),
        tuple(item for entry in entries for item in _read_pip_list(source, document, entry)),
        tuple(scalar for scalar, requirement in conda if requirement is None),
    )


def _parse_specification(whole: PlacedText) -> CondaRequirement | None:
    match = _SPEC.fullmatch(whole.text.strip())
    if match is None:
        return None
    return CondaRequirement(whole, match["name"], (match["version"] or "").strip(), match["channel"])


def _read_pip_list(source: SourceText, document: YamlDocument, entry: YamlNode) -> list[PlacedText]:
    # An alias here repeats a list that has been read where it stands.
    if not isinstance(entry, YamlMapping):
        return []
    items = document.list_items(document.find(entry, "pip"))
    return [place_scalar(source, item) for item in items if isinstance(item, YamlScalar) and item.text]
