"""`.pre-commit-config.yaml`: what each hook asks to have installed beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.yaml_nodes import (
    NODE_BUDGET,
    YamlDocument,
    YamlError,
    YamlMapping,
    YamlNode,
    YamlScalar,
    place_scalar,
    read_yaml,
)

if TYPE_CHECKING:
    from rrr_optimize.formats.placed_text import PlacedText
    from rrr_optimize.source import SourceText


@dataclass(frozen=True, slots=True)
class PreCommitHook:
    """One hook: its repository (`local` and `meta` as written) and its additional dependencies.

    The dependencies are those of the hook's own language: npm's `eslint@8` stands here as well.
    """

    id: str
    repository: str
    revision: str | None = None
    language: str | None = None
    language_version: PlacedText | None = None
    additional_dependencies: tuple[PlacedText, ...] = ()


@dataclass(frozen=True, slots=True)
class PreCommitFile:
    """The hooks in order, and the Python that they run on unless they say otherwise."""

    hooks: tuple[PreCommitHook, ...] = ()
    default_python: PlacedText | None = None


def read_pre_commit_file(source: SourceText) -> PreCommitFile:
    """Return the hooks of the first document; a file of another shape has none.

    Raises YamlError, also where aliases multiply the dependencies beyond NODE_BUDGET.
    """
    document = next(iter(read_yaml(source)), None)
    if document is None:
        return PreCommitFile()
    hooks: list[PreCommitHook] = []
    total = 0
    for repository in document.list_items(document.find(document.root, "repos")):
        for node in _list_hooks(document, repository):
            hook = _read_hook(source, document, repository, node)
            hooks.append(hook)
            total += len(hook.additional_dependencies)
            if total > NODE_BUDGET:
                raise YamlError(*source.position(node.span.start), f"more than {NODE_BUDGET} dependencies")
    default = document.find(document.find(document.root, "default_language_version"), "python")
    return PreCommitFile(tuple(hooks), _placed(source, default))


def _list_hooks(document: YamlDocument, repository: YamlNode) -> list[YamlMapping]:
    # An alias for a whole repository or hook repeats one that is read where it stands.
    if not isinstance(repository, YamlMapping):
        return []
    return [node for node in document.list_items(document.find(repository, "hooks")) if isinstance(node, YamlMapping)]


def _read_hook(source: SourceText, document: YamlDocument, repository: YamlNode, node: YamlMapping) -> PreCommitHook:
    dependencies = document.list_items(document.find(node, "additional_dependencies"))
    return PreCommitHook(
        _text(document.find(node, "id")) or "",
        _text(document.find(repository, "repo")) or "",
        _text(document.find(repository, "rev")),
        _text(document.find(node, "language")),
        _placed(source, document.find(node, "language_version")),
        tuple(place_scalar(source, item) for item in dependencies if isinstance(item, YamlScalar) and item.text),
    )


def _text(node: YamlNode | None) -> str | None:
    return node.text if isinstance(node, YamlScalar) else None


def _placed(source: SourceText, node: YamlNode | None) -> PlacedText | None:
    return place_scalar(source, node) if isinstance(node, YamlScalar) else None
