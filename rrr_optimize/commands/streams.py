"""The standard streams, which may be closed, full, or read by nobody any more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rrr_optimize.errors import OutputError

if TYPE_CHECKING:
    from typing import TextIO


def is_tty(stream: TextIO) -> bool:
    """Return whether a stream is a terminal; one that was closed before Python started (`>&-`) is None and is not."""
    return hasattr(stream, "isatty") and stream.isatty()


def write_stdout(text: str) -> None:
    """Write to stdout, in UTF-8 whatever the locale says; raises what `write_bytes` raises."""
    write_bytes(text.encode("utf-8", "backslashreplace"))


def write_bytes(data: bytes) -> None:
    """Write to stdout as it is.

    Raises OutputError where stdout is closed or full, and BrokenPipeError where its reader went away.
    """
    if not hasattr(sys.stdout, "buffer"):
        raise OutputError("stdout is closed", "name a file with --output, or leave stdout open")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"stdout cannot be written: {error.strerror}", "name another file with --output") from None
