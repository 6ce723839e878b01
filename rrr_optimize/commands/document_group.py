"""The change that brings one of our documents up to date; one that somebody else wrote is not replaced in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.own_documents import is_ours
from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Span
from rrr_optimize.workspace.snapshot import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.workspace.snapshot import Snapshot


def is_written(snapshot: Snapshot, path: str) -> bool:
    """Return whether a document of ours is there."""
    source = snapshot.text(path)
    return source is not None and is_ours(source.text)


def group_document(
    snapshot: Snapshot, path: str, text: str, change: ChangeGroup, requires: frozenset[str] = frozenset()
) -> Iterator[ChangeGroup]:
    """Yield `change`, of which id, title and reason count, so that the document has this text; nothing where it has."""
    presence = snapshot.look_for(path)
    source = snapshot.text(path)
    if source is not None and source.path == path:
        if source.text != text:
            edit = Edit(path, Span(0, len(source.text)), text)
            ours = is_ours(source.text)
            lane = Lane.SAFE if ours else Lane.REVIEW
            hint = "" if ours else "it was not made by rrr-optimize; look at it before it is replaced, or move it away"
            yield ChangeGroup(change.id, lane, change.title, change.why, hint, edits=(edit,), requires=requires)
    elif presence is Presence.MISSING:
        creation = Creation(path, text)
        yield ChangeGroup(change.id, Lane.SAFE, change.title, change.why, creations=(creation,), requires=requires)
    else:
        reason = _refusal(snapshot, path, presence)
        yield ChangeGroup(change.id, Lane.REFUSED, change.title, f"{path} cannot be written: {reason}")


def _refusal(snapshot: Snapshot, path: str, presence: Presence) -> str:
    unread: Sequence[str] = [gap.reason for gap in snapshot.not_analysed if gap.path == path]
    return unread[0] if unread else "it is a link" if presence is Presence.LISTED else presence.value
