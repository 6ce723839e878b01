"""The values that flow through the tool: findings in, plans out. Data only; nothing here reads or writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets, from 0, in the decoded text of one file."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span runs forward from 0, not from {self.start} to {self.end}")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the repository: a POSIX path relative to the root, lines and columns from 1, end exclusive."""

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Severity(IntEnum):
    """How much a finding matters; the names are those of `--fail-on`."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The name as users write it."""
        return self.name.lower()


class Lane(Enum):
    """What may happen to a change: SAFE is applied, REVIEW needs a yes, REFUSED is only explained."""

    SAFE = "safe"
    REVIEW = "review"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a finding speaks of, and what stands there."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where, why it matters and what to do.

    `message` is one line. `subject` says what the finding is about without naming a line, so that a baseline
    still knows the finding after lines above it have moved; its first word is the name of the thing, a package say.
    `fix` is the lane of a change that would mend it, or None where no command of ours mends it.
    """

    code: str
    name: str
    severity: Severity
    location: Location
    message: str
    subject: str
    why: str = ""
    hint: str = ""
    related: tuple[Related, ...] = ()
    fix: Lane | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters of `span` in `path` by `replacement`."""

    path: str
    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Creation:
    """Create the file `path`, which must not exist yet, with `text` as UTF-8."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was checked to show that a change keeps its promise, and whether it held.

    Where `was_run` is false nobody could check it: it does not hold, does not fail either, and the evidence says why.
    """

    claim: str
    holds: bool
    evidence: tuple[str, ...] = ()
    was_run: bool = True

    @property
    def failed(self) -> bool:
        """Whether it was checked and did not hold."""
        return self.was_run and not self.holds

    @property
    def verdict(self) -> str:
        """What came of it, in a word or two."""
        return ("proved" if self.holds else "not proved") if self.was_run else "NOT RUN"


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The unit of consent and of proof: edits that belong together, over any number of files.

    `id` is unique in its plan and the same at every run; `title` says in one line what changes. `why` is the reason,
    of a REFUSED group the reason why not, and `hint` what to check before saying yes, or what to do instead.
    `location` is the place to look at first. `requires` names other groups without which this one must not be applied.
    A group without edits and creations is there to be told, not applied.
    """

    id: str
    lane: Lane
    title: str
    why: str
    hint: str = ""
    location: Location | None = None
    edits: tuple[Edit, ...] = ()
    creations: tuple[Creation, ...] = ()
    proofs: tuple[Proof, ...] = ()
    requires: frozenset[str] = frozenset()

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that the group changes or creates, sorted, each once."""
        return tuple(sorted({edit.path for edit in self.edits} | {creation.path for creation in self.creations}))


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change a planner proposes, those it refuses included.

    The spans of all edits count in the texts of the one snapshot that the plan was made on.
    """

    groups: tuple[ChangeGroup, ...] = ()

    def in_lane(self, lane: Lane) -> tuple[ChangeGroup, ...]:
        """Return the groups of one lane, in order."""
        return tuple(group for group in self.groups if group.lane is lane)


@dataclass(frozen=True, slots=True)
class FileChange:
    """The bytes of one file before and after; None where the file does not exist."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Project:
    """A sub-project of the repository: a short name, unique in it, and its folder ("." is the root)."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """A file or folder that was seen but not read, and why; never silently left out."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that one audit has to say; a reporter turns it into text.

    `facts` is plain JSON data by domain; `held_back` counts the findings that a baseline already knew, and
    `suppressed` those that an ignore switched off.
    """

    root: str
    projects: tuple[Project, ...]
    findings: tuple[Finding, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    not_analysed: tuple[NotAnalysed, ...] = ()
    notes: tuple[str, ...] = ()
    files_read: int = 0
    held_back: int = 0
    suppressed: int = 0

    def count(self, severity: Severity) -> int:
        """Return how many findings have exactly this severity."""
        return sum(finding.severity is severity for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures side by side: a title, the names of the columns, and rows of as many cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, once as lines for a terminal and once as the text of a Mermaid chart."""

    title: str
    tree: str
    chart: str


@dataclass(frozen=True, slots=True)
class PlanReport:
    """All that one run of a command that changes files has to say; a reporter turns it into text.

    `groups` are those of every stage, in order, and `accepted` the ids of those that the run applies. `changes` are
    what they make of the files. `transaction` is the id of the write, or None where nothing was written.
    """

    verb: str
    root: str
    projects: tuple[Project, ...]
    groups: tuple[ChangeGroup, ...]
    accepted: frozenset[str] = frozenset()
    changes: tuple[FileChange, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    not_analysed: tuple[NotAnalysed, ...] = ()
    notes: tuple[str, ...] = ()
    files_read: int = 0
    transaction: str | None = None

    def held_back(self, lane: Lane) -> tuple[ChangeGroup, ...]:
        """Return the groups of a lane that are not applied, in order."""
        return tuple(group for group in self.groups if group.lane is lane and group.id not in self.accepted)
