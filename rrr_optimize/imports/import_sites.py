"""Read some imports of a file without parsing all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.formats.python_imports import read_imports
from rrr_optimize.formats.python_outline import outline
from rrr_optimize.formats.python_rows import split_rows
from rrr_optimize.formats.python_tree import parse_module
from rrr_optimize.formats.unreadable import PythonError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from rrr_optimize.formats.python_imports import ImportSite
    from rrr_optimize.workspace.snapshot import Snapshot
    from rrr_optimize.workspace.syntax import SyntaxChecker


def read_sites(snapshot: Snapshot, path: str, words: Collection[str]) -> tuple[ImportSite, ...]:
    """Return the imports of a file, and its texts that name modules, on rows with one of some words, and others.

    Functions and classes without such a row are not looked into. A file that does not parse may have some all the same.
    """
    source = snapshot.text(path)
    if source is None:
        return ()
    rows = split_rows(source.text)
    lines = [number for number, row in enumerate(rows, start=1) if any(word in row for word in words)]
    for text in ("\n".join(outline(rows, lines)), source.text):
        try:
            return read_imports(parse_module(text), text).sites
        except PythonError:
            continue
    return ()


def keep_parsable(snapshot: Snapshot, checker: SyntaxChecker | None, paths: Iterable[str]) -> frozenset[str]:
    """Return those of some files that parse as a whole: what stands in any other is never run."""
    listed = sorted(set(paths))
    if checker is None:
        return frozenset(listed)
    faults = checker.check_texts([snapshot.peek(path) or b"" for path in listed])
    return frozenset(path for path, fault in zip(listed, faults, strict=True) if fault is None)
