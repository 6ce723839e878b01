"""Put a finished text where the command line wants it: into a file, or on stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.commands.streams import write_stdout
from rrr_optimize.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def write_output(text: str, output: Path | None) -> None:
    """Write the text to a file, or to stdout. Raises UsageError, OutputError or BrokenPipeError."""
    if output is not None:
        write_file(output, text, "the report")
    else:
        write_stdout(text)


def write_file(path: Path, text: str, what: str) -> None:
    """Write a file that the command line names; `what` it is stands in the UsageError if that fails."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{what} cannot be written to {path}: {error.strerror}", "name another file") from None
