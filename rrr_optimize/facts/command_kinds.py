"""The kinds of files in which commands are read, whatever the commands are about, and how each kind writes them."""

from __future__ import annotations

import posixpath
from types import MappingProxyType
from typing import TYPE_CHECKING

from rrr_optimize.facts.source_kinds import Role
from rrr_optimize.formats.command_scripts import Dialect

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMAND_DIALECTS: Mapping[Role, Dialect] = MappingProxyType(
    {
        Role.DOCKERFILE: Dialect.DOCKERFILE,
        Role.SHELL: Dialect.SHELL,
        Role.MAKEFILE: Dialect.MAKEFILE,
        Role.CI: Dialect.CI,
        Role.TOX_INI: Dialect.TOX,
        Role.MARKDOWN: Dialect.MARKDOWN,
    }
)
# Those that are run as they stand; a document shows commands to its readers.
EXECUTED = frozenset(COMMAND_DIALECTS.keys() - {Role.MARKDOWN})


def starting_folders(path: str, dialect: Dialect) -> tuple[str, ...]:
    """Return where the commands of a file may begin to run: in the root and, but for a CI file, beside it."""
    return tuple(dict.fromkeys((".", *([] if dialect is Dialect.CI else [posixpath.dirname(path) or "."]))))
