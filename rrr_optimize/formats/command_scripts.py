"""Where the shell commands of a file stand, by the kind of file."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from rrr_optimize.formats.ci_scripts import find_ci_scripts
from rrr_optimize.formats.dockerfile_scripts import find_dockerfile_scripts
from rrr_optimize.formats.makefile_scripts import find_makefile_scripts
from rrr_optimize.formats.markdown_scripts import find_markdown_scripts
from rrr_optimize.formats.shell_pieces import Script, Syntax
from rrr_optimize.formats.tox_scripts import find_tox_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable


class Dialect(Enum):
    """The kinds of files that hold shell commands."""

    DOCKERFILE = "dockerfile"
    SHELL = "shell"
    MAKEFILE = "makefile"
    CI = "ci"
    MARKDOWN = "markdown"
    TOX = "tox"


def find_scripts(text: str, dialect: Dialect) -> Iterable[Script]:
    """Return the stretches of a file that a shell would read; none overlap. Never raises; linear in the text."""
    match dialect:
        case Dialect.SHELL:
            return (Script(text, 0, ".", Syntax.SHELL),)
        case Dialect.DOCKERFILE:
            return find_dockerfile_scripts(text)
        case Dialect.MAKEFILE:
            return find_makefile_scripts(text)
        case Dialect.CI:
            return find_ci_scripts(text)
        case Dialect.MARKDOWN:
            return _markdown_scripts(text)
        case Dialect.TOX:
            return find_tox_scripts(text)
        case _:
            assert_never(dialect)


# Four readers look for four kinds of commands in the same documents.
@lru_cache(maxsize=1_000)
def _markdown_scripts(text: str) -> tuple[Script, ...]:
    return tuple(find_markdown_scripts(text))
