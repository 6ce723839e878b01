"""A statement that changes where Python looks for modules.

What comes after it can be imported only where this line has run first, and only in this process. Type checkers,
linters, editors and packaging do not run it; a second file that needs the same modules needs the same line. A folder
in front of the path can hide modules of the standard library.

    sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
    from trading import orders  # noqa: E402

What the line does is worked out for every way in which its file is started: whether the folder exists, whether an
import reaches anything through it, and whether that is found without it or imported above it. `rrr-optimize
fix-imports` takes out lines that do nothing. For one that is needed, make `src` a source root: install the project
(`pip install -e .`) or name the folder in pytest's `pythonpath`. Then the line, and the `# noqa: E402` below it, can
go.

Told as a note, because it is plainly meant: a folder that an argument or a parameter chooses, a change that is taken
back again, a Sphinx `conf.py`, a notebook. Statements that only take folders away are facts of the JSON report and no
findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.formats.path_forms import PathBase
from rrr_optimize.imports.hacks import adds_a_folder, describe_folders, place_of, reason_to_stay
from rrr_optimize.imports.told_verdicts import judgements_of, say_what_to_do, say_why
from rrr_optimize.model import Related, Severity
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.imports.verdicts import Judgement
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
    hacks = [hack for hack in repository.imports.statements if adds_a_folder(hack)]
    verdicts = judgements_of(repository.codebase) if hacks else {}
    for hack in hacks:
        yield _report(hack, verdicts[hack.location])


def _report(hack: PathHack, judged: Judgement) -> Finding:
    statement = hack.statement
    stays = reason_to_stay(hack)
    message = f"puts {describe_folders(hack)} {place_of(hack)}".replace(",,", ",")
    return RULE.finding(
        hack.location,
        f"{message}; {stays}" if stays and statement.values else message,
        f"{' '.join(value.path for value in statement.values) or statement.reason} {statement.kind}",
        why="" if stays else say_why(judged) or _WHY[statement.base],
        hint="" if stays else say_what_to_do(judged),
        related=[Related(place, "# noqa lets this import stand below it") for place in hack.silenced],
        severity=Severity.INFO if stays else None,
        fix=None if stays else judged.lane,
    )
