"""What can go wrong for the person who runs the tool: one class per failure, each with a hint and an exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class RrrOptimizeError(Exception):
    """A failure that is told in one line, with a second line on what to do; exit code 2 unless a class says else."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class PathMissingError(RrrOptimizeError):
    """The path on the command line does not exist or is not a folder."""


class NoRepositoryError(RrrOptimizeError):
    """No path was given and no repository surrounds the working directory."""


class UnreadableRootError(RrrOptimizeError):
    """The root folder itself cannot be listed."""


class ConfigurationError(RrrOptimizeError):
    """The configuration has mistakes; the message lists them all."""


class UsageError(RrrOptimizeError):
    """Options that contradict each other or name something that does not exist."""


class GitFailedError(RrrOptimizeError):
    """Git was asked something it should have been able to answer, and could not."""


class BaselineError(RrrOptimizeError):
    """The baseline file is missing or is not one of ours."""


class OutputError(RrrOptimizeError):
    """Stdout is closed, or cannot take what was to be written."""


class EditConflictError(RrrOptimizeError):
    """Two edits overlap or point outside the file; a bug of ours, nothing is written."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be written, and what to do about it."""

    path: str
    reason: str
    hint: str = ""


class PreflightError(RrrOptimizeError):
    """Files are not as a write needs them; nothing was changed. The message lists all `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "".join(f"\n  - {problem.path}: {problem.reason}" for problem in self.problems)
        hints = dict.fromkeys(problem.hint for problem in self.problems if problem.hint)
        super().__init__(f"nothing was written, because of {count}:{lines}", "; ".join(hints))


class StalePlanError(RrrOptimizeError):
    """A saved plan does not fit any more what it was made for; nothing was changed."""


class PlanFileError(RrrOptimizeError):
    """A plan cannot be saved there, or a file is no plan of ours."""


class LockedError(RrrOptimizeError):
    """Another run is changing this root."""


class InterruptedTransactionError(RrrOptimizeError):
    """An earlier run was cut off while it changed files; it has to be taken back first."""


class JournalError(RrrOptimizeError):
    """The journal cannot be written, is damaged, or is not one of ours."""


class WriteFailedError(RrrOptimizeError):
    """The system refused a step of a write; everything is as it was."""


class VerificationError(RrrOptimizeError):
    """What was written did not stand the check; everything is as it was."""


class RollbackError(RrrOptimizeError):
    """A write failed and could not be taken back either; the journal holds what `undo` needs."""


class UndoRefusedError(RrrOptimizeError):
    """Files have changed since they were written, so taking them back would lose work; nothing was changed."""


class StoppedError(RrrOptimizeError):
    """Somebody stopped the run; what was begun is taken back."""

    exit_code = 130
