"""What the .gitignore files of a tree ignore, for a walk that git does not help with.

The patterns are pathspec's; which of them speaks for an entry is decided here the way gitignore(5) tells it: the
innermost file first, in it the last matching line. Because a walk never enters an ignored folder, a pattern that
matches only a folder above the entry has had its say and does not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

if TYPE_CHECKING:
    from collections.abc import Sequence

# pathspec takes "x/**/" for the folder x, git for the folders below it.
_ALL_FOLDERS_BELOW = re.compile(r"\*\*/\s*$")
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """One .gitignore: the folder it stands in ("" or ending in a slash) and its patterns, last one first."""

    folder: str
    patterns: tuple[tuple[re.Pattern[str], bool], ...]
    any_of: re.Pattern[str]

    @classmethod
    def parse(cls, folder: str, text: str) -> IgnoreFile:
        """Return the patterns of a .gitignore; a line that is no valid pattern is passed over, as git does."""
        # Git ends a line at LF only; one CR before it is dropped.
        lines = [line.removesuffix("\r") for line in text.removeprefix(_BYTE_ORDER_MARK).split("\n")]
        patterns = tuple(pattern for line in reversed(lines) if (pattern := _compile(line)))
        # Most entries match no line at all; one search tells.
        any_of = "|".join(regex.pattern.replace("?P<ps_d>", "?:") for regex, _ in patterns)
        return cls(folder, patterns, re.compile(any_of or r"(?!)"))

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Return whether `path` below this folder is ignored, or None if no line speaks of it."""
        name = path[len(self.folder) :] + ("/" if is_folder else "")
        if self.any_of.search(name):
            for regex, ignores in self.patterns:
                if _matches(regex, name, is_folder=is_folder):
                    return ignores
        return None


def is_ignored(path: str, ignore_files: Sequence[IgnoreFile], *, is_folder: bool) -> bool:
    """Return whether an entry, whose folders are not ignored, is ignored by the files above it, outermost first."""
    for ignore_file in reversed(ignore_files):
        verdict = ignore_file.verdict(path, is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


def _compile(line: str) -> tuple[re.Pattern[str], bool] | None:
    try:
        pattern = GitIgnoreSpecPattern(_ALL_FOLDERS_BELOW.sub("**/*/", line))
    except GitIgnorePatternError:
        return None
    regex = pattern.regex
    return None if regex is None or pattern.include is None else (regex, pattern.include)


def _matches(regex: re.Pattern[str], name: str, *, is_folder: bool) -> bool:
    for match in regex.finditer(name):
        if "ps_d" not in regex.groupindex:
            # "x/**" is for what is in x, not for x itself.
            if match.end() < len(name) or not is_folder:
                return True
        # The group stands on the slash of the folder that matched.
        elif match["ps_d"] is None or match.end("ps_d") == len(name):
            return True
    return False
