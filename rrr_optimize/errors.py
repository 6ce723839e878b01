"""What can go wrong for the person who runs the tool: one class per failure, each with a hint and an exit code."""

from __future__ import annotations


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
