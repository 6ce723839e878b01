"""What a .dockerignore keeps out of a build context (Docker's documentation, "Build context")."""

from __future__ import annotations

import posixpath
import re


def keeps_out(text: str, path: str) -> bool:
    """Return whether a file, by its path in the context, is kept out; of several lines that match, the last decides."""
    is_out = False
    for line in text.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        lets_in = pattern.startswith("!")
        if _pattern(pattern.removeprefix("!").strip()).fullmatch(path):
            is_out = not lets_in
    return is_out


def _pattern(text: str) -> re.Pattern[str]:
    """Return a pattern that matches what a line names, and all below it; `*` stays in one folder, `**` does not."""
    body = posixpath.normpath(text.strip("/"))
    found = ""
    for part in re.split(r"(\*\*/?|\*|\?)", body):
        found += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part) or re.escape(part)
    return re.compile(f"{found}(?:/.*)?", re.DOTALL) if body != "." else re.compile(".*", re.DOTALL)
