"""Text that no name of a repository can turn into markup of its own (GitHub Flavored Markdown)."""

from __future__ import annotations

import re

_BACKTICKS = re.compile(r"`+")


def code(text: str) -> str:
    """Return a code span (CommonMark 6.1); its fence is longer than any run of backticks inside."""
    if not text.strip():
        return ""
    fence = "`" * (max(map(len, _BACKTICKS.findall(text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cell(markup: str) -> str:
    r"""Return markup that cannot end a table cell; after a backslash readers differ on `\|`, so that one is spelled."""
    return markup.replace("\\|", "\\\\x7c").replace("|", "\\|")
