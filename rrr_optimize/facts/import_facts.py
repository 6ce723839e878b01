"""All that is true of the imports of a repository, as every domain may use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.formats.path_forms import PathStatement
    from rrr_optimize.model import Location
    from rrr_optimize.workspace.syntax import SyntaxFault


@dataclass(frozen=True, slots=True)
class PathHack:
    """A statement that changes the search path, where it stands, and whether the first folder that it names exists.

    `exists` is None where that depends on the working directory, or where no folder is known.
    `silenced` are the places of imports below it whose `# noqa` lets them stand there.
    """

    location: Location
    statement: PathStatement
    exists: bool | None
    silenced: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """What the scan of the Python files found: how many there are, and the statements in path order."""

    files: int
    statements: tuple[PathHack, ...] = ()


@dataclass(frozen=True, slots=True)
class UnparsableFile:
    """A file that the running Python does not parse, with the newest content of it, by commit or branch, that it does.

    `needs` is the least Python that the file's project declares where that is newer than the running one: then newer
    syntax is no fault.
    """

    location: Location
    fault: SyntaxFault
    parsed: str = ""
    needs: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SyntaxFacts:
    """The files that do not parse, in path order."""

    unparsable: tuple[UnparsableFile, ...] = ()
