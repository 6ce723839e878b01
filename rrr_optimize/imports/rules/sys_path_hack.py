"""A statement that changes where Python looks for modules.

What comes after it can be imported only where this line has run first, and only in this process. Type checkers,
linters, editors and packaging do not run it; a second file that needs the same modules needs the same line. A folder
in front of the path can hide modules of the standard library.

    sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
    from trading import orders  # noqa: E402

Make `src` a source root instead: install the project (`pip install -e .`) or name the folder in pytest's `pythonpath`.
Then the line, and the `# noqa: E402` below it, can go.

Told as a note, because it is plainly meant: a folder that an argument or a parameter chooses, a change that is taken
back again, a Sphinx `conf.py`, a notebook. Statements that only take folders away are facts of the JSON report and no
findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.formats.path_forms import PathBase
from rrr_optimize.imports.hacks import adds_a_folder, describe_folders, place_of, reason_to_stay
from rrr_optimize.model import Related, Severity
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("IMP001")

_WHY = {
    PathBase.FILE: "What it makes importable is so only where this line has run; type checkers, linters and packaging "
    "do not run it.",
    PathBase.CWD: "What is found depends on the directory in which the command was started.",
    PathBase.ABSOLUTE: "The folder is one of a single machine.",
    PathBase.NONE: "Nobody but the running program knows what can be imported.",
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each statement that adds a folder to the search path."""
    for hack in repository.imports.statements:
        if adds_a_folder(hack):
            yield _report(hack)


def _report(hack: PathHack) -> Finding:
    statement = hack.statement
    stays = reason_to_stay(hack)
    message = f"puts {describe_folders(hack)} {place_of(hack)}".replace(",,", ",")
    return RULE.finding(
        hack.location,
        f"{message}; {stays}" if stays and statement.values else message,
        f"{' '.join(value.path for value in statement.values) or statement.reason} {statement.kind}",
        why="" if stays else _why(hack),
        hint="" if stays else _advise(hack),
        related=[Related(place, "# noqa lets this import stand below it") for place in hack.silenced],
        severity=Severity.INFO if stays else None,
    )


def _why(hack: PathHack) -> str:
    if hack.exists is False:
        return "Nothing can be found there: the line has no effect."
    return _WHY[hack.statement.base]


def _advise(hack: PathHack) -> str:
    if hack.exists is False:
        return "take the line out, or name the folder that was meant"
    if hack.statement.base is PathBase.FILE and not hack.statement.values[0].path.startswith(".."):
        return "make the folder a source root (install the project, or pytest's pythonpath) and take the line out"
    return "install what is imported from there and take the line out"
