"""What is true of a statement that changes the search path, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.model import Lane


class Verdict(StrEnum):
    """What a statement does for the imports of the programs that run it.

    ABSENT: the folder does not exist. UNUSED: nothing is imported from it. REDUNDANT: what is, is found without it.
    TOO_LATE: what would need it stands above it. MIXED: some of that stands above, the rest needs it. NEEDED_REWRITE:
    the imports can be written by the names that an installation gives them. NEEDED_PACKAGING: they have those names
    already, and the project is not installed. LEAVE: nothing is said, with the reason.
    """

    ABSENT = "absent"
    UNUSED = "unused"
    REDUNDANT = "redundant"
    TOO_LATE = "too-late"
    MIXED = "mixed"
    NEEDED_REWRITE = "needed-rewrite"
    NEEDED_PACKAGING = "needed-packaging"
    LEAVE = "leave"


IDLE = frozenset({Verdict.ABSENT, Verdict.UNUSED, Verdict.REDUNDANT, Verdict.TOO_LATE})
"""The verdicts on statements that do nothing in the way in which their file is usually entered."""


class Reason(StrEnum):
    """Why a statement stays, or is only to be taken out after a look."""

    NONE = ""
    UNPARSABLE = "unparsable"
    NOTEBOOK = "notebook"
    TAKEN_BACK = "taken-back"
    DOCUMENTATION = "sphinx"
    TEMPLATE = "template"
    CHOSEN = "chosen-at-run-time"
    OUTSIDE = "outside-the-repository"
    ARCHIVE = "archive"
    MADE_LATER = "made-later"
    UNLISTED = "not-listed"
    PATH_FILES = "path-files"
    NEEDED_ELSEWHERE = "needed-elsewhere"
    DEPENDS_ON_DIRECTORY = "depends-on-directory"
    HIDES = "hides-a-module"
    DOUBT = "doubt"
    RIVAL = "same-offered-elsewhere"
    TOO_MANY_CALLERS = "too-many-callers"
    TOO_MANY_FILES = "too-many-files"
    NEVER_RUN = "never-run"
    NOBODY = "loaded-by-nobody"
    IMPORTS_MISSED = "imports-missed"
    NEEDED_TOGETHER = "needed-together"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one statement.

    `lane` is that of taking it out: SAFE where no way in which its file is entered changes what any import reaches,
    REVIEW where that is so as far as can be seen, REFUSED where it is needed or where nothing can be said; None for
    what is no hack. `evidence` are sentences: the imports, the ways to enter, what differs. `ways` counts the programs
    that were followed.
    """

    hack: PathHack
    verdict: Verdict
    lane: Lane
    reason: Reason = Reason.NONE
    evidence: tuple[str, ...] = ()
    advice: str = ""
    ways: int = 0
