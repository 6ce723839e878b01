"""A process that parses Python texts and may die of it.

It is run as a script, apart from everything else, and imports nothing of ours. On standard input it takes texts, each
after its length as eight bytes; on standard output it answers each with a line: empty for one that parses, else line,
column and message as JSON.
"""

from __future__ import annotations

import ast
import json
import sys
import warnings
from symtable import symtable


def find_fault(data: bytes) -> tuple[int, int, str] | None:
    """Return line, column and message of what keeps the bytes of a file from being parsed, or None."""
    with warnings.catch_warnings():
        # Doubtful escapes are no business of whoever runs us.
        warnings.simplefilter("ignore")
        try:
            # Quicker than ast.parse, which turns every node into an object; it also complains about more.
            symtable(data, "file", "exec")  # type: ignore[arg-type]  # it takes bytes as compile does, and their cookie
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return _parse(data)
    return None


def _parse(data: bytes) -> tuple[int, int, str] | None:
    try:
        ast.parse(data)
    except SyntaxError as error:
        return max(error.lineno or 1, 1), max(error.offset or 1, 1), error.msg
    except (RecursionError, MemoryError):
        return 1, 1, "nested deeper than Python's parser follows"
    except ValueError as error:
        return 1, 1, str(error)
    return None


def serve() -> None:
    """Answer texts until there are no more."""
    texts, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(header := texts.read(8)) == 8:  # noqa: PLR2004 - the length before each text
        fault = find_fault(texts.read(int.from_bytes(header, "big")))
        answers.write(json.dumps(fault).encode() + b"\n" if fault else b"\n")
        answers.flush()


if __name__ == "__main__":
    serve()
