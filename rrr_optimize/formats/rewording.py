"""Reword single strings of a file, whatever its format, and see that it says nothing else afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.text_edits import edit_text
from rrr_optimize.formats.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rrr_optimize.formats.said_texts import Said
    from rrr_optimize.model import Edit
    from rrr_optimize.source import SourceText


class Rewording(NamedTuple):
    """An edit, and what it makes of the text around it: the whole requirement before and after, for instance."""

    edit: Edit
    old: str
    new: str


def reword(
    source: SourceText, read: Callable[[SourceText], list[Said]], rewordings: Sequence[Rewording]
) -> tuple[Edit | Refusal, ...]:
    """Return the edit of each rewording, or why it is refused: as many strings change as are reworded, and only so.

    `read` is one of `said_texts`. Where they do not hold all together, halves of them are tried. Never raises.
    """
    try:
        before = read(source)
    except UnreadableError as error:
        return (Refusal(f"not read: {error.message}"),) * len(rewordings)
    outcomes: list[Edit | Refusal] = []
    waiting = [rewordings] if rewordings else []
    while waiting:
        tried = waiting.pop()
        problem = _find_problem(source, read, before, tried)
        if problem is None:
            outcomes += [rewording.edit for rewording in tried]
        elif len(tried) == 1:
            outcomes.append(problem)
        else:
            waiting += [tried[len(tried) // 2 :], tried[: len(tried) // 2]]
    return tuple(outcomes)


def _find_problem(
    source: SourceText,
    read: Callable[[SourceText], list[Said]],
    before: list[Said],
    rewordings: Sequence[Rewording],
) -> Refusal | None:
    after = edit_text(source, [rewording.edit for rewording in rewordings])
    if isinstance(after, Refusal):
        return after
    try:
        said = read(after)
    except UnreadableError as error:
        return Refusal(f"the result would not be read: {error.message}", rewordings[0].edit.span)
    if len(said) != len(before):
        return Refusal("the file would say something else as well", rewordings[0].edit.span)
    changed = [pair for pair in zip(before, said, strict=True) if pair[0] != pair[1]]
    waiting = list(rewordings)
    for old, new in changed:
        made = next((rewording for rewording in waiting if _makes(rewording, old, new)), None)
        if made is None:
            return Refusal("the file would say something else as well", rewordings[0].edit.span)
        waiting.remove(made)
    return Refusal("the file does not say it there", waiting[0].edit.span) if waiting else None


def _makes(rewording: Rewording, old: Said, new: Said) -> bool:
    """Tell whether replacing the one text by the other somewhere in a string makes the new string of it."""
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    place = old.find(rewording.old)
    while place >= 0:
        if old[:place] + rewording.new + old[place + len(rewording.old) :] == new:
            return True
        place = old.find(rewording.old, place + 1)
    return False
