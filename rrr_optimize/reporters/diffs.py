"""What changes in the files, as a unified diff that is safe to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.edits import unified_diff
from rrr_optimize.phrases import counted
from rrr_optimize.safe_text import show
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.model import FileChange

_COLORS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_RESET = "\x1b[0m"
_OWN = ".rrr-optimize/"


def show_changes(changes: Iterable[FileChange], *, color: bool = False) -> str:
    """Return one unified diff for each changed file, in the order given.

    Credentials are masked and control characters spelled as escapes, so the diff is to be read, not to be applied. A
    carriage return shows only in a file in which not every line ends with one. Of a file that only we read, a run
    record say, just the number of lines is told.
    """
    lines = (line for change in changes for line in _lines(change))
    return "".join(f"{_paint(line) if color else line}\n" for line in lines)


def _lines(change: FileChange) -> Iterator[str]:
    before, after = _text(change.path, change.before), _text(change.path, change.after)
    if change.path.startswith(_OWN):
        yield f"{show(change.path)}: {counted(after.count(chr(10)), 'line')}, not shown"
        return
    if before.replace("\r\n", "").count("\n") == after.replace("\r\n", "").count("\n") == 0:
        before, after = before.replace("\r\n", "\n"), after.replace("\r\n", "\n")
    diff = unified_diff(show(change.path), before, after).split("\n")[:-1]
    for number, line in enumerate(diff):
        name = "/dev/null" if (change.before, change.after)[number % 2] is None else ""
        yield show(f"{line[:4]}{name}" if name and number < len(("---", "+++")) else line)


def _text(path: str, data: bytes | None) -> str:
    return "" if data is None else SourceText.decode(path, data).text


def _paint(line: str) -> str:
    color = _COLORS.get(line[:1]) if not line.startswith(("---", "+++")) else "\x1b[1m"
    return f"{color}{line}{_RESET}" if color else line
