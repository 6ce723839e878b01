"""Path globs as users write them in the configuration."""

from __future__ import annotations

import re
from functools import cache


def match_glob(glob: str, path: str) -> bool:
    """Return whether a POSIX path, relative to the root, matches a glob.

    `*` and `?` stay within one folder, `**` crosses folders; a glob without a slash matches a name in any folder; a
    glob that names a folder means everything below it.
    """
    return _compile(glob).fullmatch(path) is not None


@cache
def _compile(glob: str) -> re.Pattern[str]:
    body = glob.strip("/").removeprefix("./")
    anywhere = "" if "/" in glob.rstrip("/") or body == "**" else "(?:.*/)?"
    pattern = ""
    position = 0
    while position < len(body):
        if body.startswith("**/", position):
            pattern += "(?:.*/)?"
            position += 3
        elif body.startswith("**", position):
            pattern += ".*"
            position += 2
        else:
            character = body[position]
            pattern += {"*": "[^/]*", "?": "[^/]"}.get(character, re.escape(character))
            position += 1
    return re.compile(f"{anywhere}{pattern}(?:/.*)?", re.DOTALL)
