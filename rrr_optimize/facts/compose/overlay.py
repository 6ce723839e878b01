"""The files of a repository as they would be after some edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.compose.files import ComposeFiles, Texts
from rrr_optimize.facts.compose.loading import load_project
from rrr_optimize.facts.compose.project import ComposeProject
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rrr_optimize.model import Edit, NotAnalysed


@dataclass(frozen=True, slots=True)
class OverlaidTexts:
    """Texts with some of them replaced."""

    below: Texts
    changed: Mapping[str, SourceText]

    @property
    def not_analysed(self) -> tuple[NotAnalysed, ...]:
        """What could not be read, and why."""
        return self.below.not_analysed

    def is_file(self, path: str) -> bool:
        """Return whether a file is there."""
        return self.below.is_file(path)

    def text(self, path: str) -> SourceText | None:
        """Return its text, edited where it is."""
        return self.changed.get(path) or self.below.text(path)


def overlay_edits(texts: Texts, edits: Iterable[Edit]) -> OverlaidTexts:
    """Return texts with edits applied. Raises EditConflictError where two of them overlap."""
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.path, []).append(edit)
    changed: dict[str, SourceText] = {}
    for path, of_file in by_file.items():
        if source := texts.text(path):
            text = apply_edits(source.text, of_file)
            changed[path] = SourceText(path, text, source.encoding, source.byte_order_mark)
    return OverlaidTexts(texts, changed)


def reload_project(project: ComposeProject, texts: Texts) -> ComposeProject:
    """Return a project as other texts make it."""
    loaded = load_project(ComposeFiles(texts), project.files, project.directory)
    return ComposeProject(project.files, project.directory, loaded, project.named_by, project.is_guess)
