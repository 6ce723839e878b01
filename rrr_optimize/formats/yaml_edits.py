"""Edit a YAML file by spans: every edit is read again and has to say exactly what was planned, or nothing is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.edit_chain import EditChain
from rrr_optimize.formats.yaml_changes import Edited, RefusalError, RefusedEdit, RemoveEntry
from rrr_optimize.formats.yaml_model import apply_change, is_same, make_model
from rrr_optimize.formats.yaml_nodes import YamlError, read_yaml
from rrr_optimize.formats.yaml_places import find_users
from rrr_optimize.formats.yaml_splices import splice_change
from rrr_optimize.formats.yaml_surface import Surface, find_comments
from rrr_optimize.model import Location, Span
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.formats.yaml_changes import Change
    from rrr_optimize.formats.yaml_model import ModelNode
    from rrr_optimize.formats.yaml_nodes import YamlDocument
    from rrr_optimize.formats.yaml_surface import Splice


def edit_yaml(
    source: SourceText, changes: Sequence[Change], *, document: int = 0, shared: bool = False
) -> Edited | RefusedEdit:
    """Return the edits that make these changes, one after the other, in a document of a file.

    The edited text, read again, says what the changes say and nothing else: the same keys in the same order, the same
    scalars, the same aliases. Every comment is still there but for those inside of what is taken out, which are
    returned. Characters outside of the edits stay as they are. What an alias stands for is changed only if it may be
    `shared`. Anything that cannot be had so is refused with the reason.
    """
    editor = _Editor(source, document)
    offset = 0
    try:
        for change in changes:
            editor.change(change, shared=shared)
        return editor.finish()
    except RefusalError as refusal:
        reason, offset = refusal.reason, refusal.offset
    except YamlError as error:
        return RefusedEdit(error.message, Location(source.path, error.line, error.column, error.line, error.column))
    # The offset is one of the text between two changes: its line is right unless lines above it were changed.
    place = min(offset, len(editor.current.text))
    return RefusedEdit(reason, editor.current.locate(Span(place, place)))


class _Editor:
    def __init__(self, source: SourceText, number: int) -> None:
        self.current = source
        self._source = source
        self._number = number
        self._chain = EditChain(len(source.text))
        self._planned: ModelNode | None = None
        self._removed: list[str] = []
        self._left: list[Location] = []
        self._users: dict[Location, None] = {}

    def change(self, change: Change, *, shared: bool) -> None:
        documents = read_yaml(self.current)
        if self._number >= len(documents):
            raise RefusalError(f"there is no document {self._number + 1}")
        document = documents[self._number]
        if self._planned is None:
            self._planned = make_model(document)
        surface = Surface(self.current.text, document)
        spot, splices = splice_change(surface, change)
        users = [self.current.locate(alias.span) for alias in find_users(document, change, spot)]
        if users and not shared:
            lines = ", ".join(str(user.line) for user in users)
            raise RefusalError(f"an alias uses it too, in line {lines}", spot.node.span.start)
        self._users |= dict.fromkeys(users)
        if isinstance(change, RemoveEntry):
            self._note_comments(surface, documents, splices)
        apply_change(self._planned, change)
        for splice in sorted(splices, reverse=True):
            self._chain.splice(*splice)
        self.current = SourceText(self._source.path, _apply(self.current.text, splices), self._source.encoding)

    def _note_comments(self, surface: Surface, documents: Sequence[YamlDocument], splices: list[Splice]) -> None:
        comments = find_comments(surface.text, documents)
        cuts = [splice for splice in splices if splice.end > splice.start]
        for comment in comments:
            if any(cut.start <= comment.start < cut.end for cut in cuts):
                self._removed.append(surface.text[comment.start : comment.end])
        for cut in cuts:
            line = surface.line_start(cut.start)
            above = {surface.line_start(c.start): c for c in comments if surface.is_first_on_line(c.start)}
            while line and (line := surface.line_start(line - 1)) in above:
                self._left.append(self.current.locate(above[line]))

    def finish(self) -> Edited:
        edits = tuple(self._chain.edits(self._source.path, len(self._source.text)))
        after = SourceText(self._source.path, apply_edits(self._source.text, edits), self._source.encoding)
        self._compare(after)
        removed, left, users = tuple(self._removed), tuple(self._left), tuple(self._users)
        return Edited(edits, removed, left, users)

    def _compare(self, after: SourceText) -> None:
        try:
            found = read_yaml(after)
        except YamlError as error:
            raise RefusalError(f"the result would not be YAML: {error.message}") from None
        before = read_yaml(self._source)
        planned = [make_model(document) for document in before]
        if self._planned is not None:
            planned[self._number] = self._planned
        same = len(found) == len(planned) and all(map(is_same, planned, map(make_model, found)))
        if not same:
            raise RefusalError("the result would say something else than what was planned")
        kept = [after.slice(comment) for comment in find_comments(after.text, found)]
        wanted = [self._source.slice(comment) for comment in find_comments(self._source.text, before)]
        for comment in self._removed:
            wanted.remove(comment)
        if sorted(kept) != sorted(wanted):
            raise RefusalError("a comment would be lost")


def _apply(text: str, splices: list[Splice]) -> str:
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new + text[end:]
    return text
