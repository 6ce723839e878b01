"""`rrr-optimize undo`: take the last transaction back, or list those that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.safe_text import show
from rrr_optimize.transaction.undo import list_transactions, undo_last
from rrr_optimize.workspace.root import find_root

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.transaction.request import Undone
    from rrr_optimize.transaction.undo import Listed


def run_undo(path: str | None, cwd: Path) -> str:
    """Take the last transaction of a root back and return what to tell: each file, then a summary.

    Raises what `find_root` and `undo_last` raise.
    """
    undone = undo_last(find_root(path, cwd))
    return _describe(undone) if undone else "Nothing to undo.\n"


def list_undoable(path: str | None, cwd: Path) -> str:
    """Return the transactions of a root that can be undone, the newest first, one a line."""
    listed = list_transactions(find_root(path, cwd))
    return "".join(f"{show(_row(each))}\n" for each in listed) or "Nothing to undo.\n"


def _describe(undone: Undone) -> str:
    lines = [f"restored {path}" for path in undone.restored] + [f"removed {path}" for path in undone.removed]
    what = f"the interrupted {undone.verb}" if undone.was_interrupted else undone.verb
    counts = f"{_files(len(undone.restored))} restored, {len(undone.removed)} removed"
    lines.append(f"Undone: {what} ({undone.transaction}), {counts}.")
    return "".join(f"{show(line)}\n" for line in lines)


def _row(each: Listed) -> str:
    state = "  interrupted" if each.is_interrupted else ""
    return f"{each.name}  {each.when}  {each.verb}  {_files(each.files)}  {each.summary}".rstrip() + state


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
