"""The parse stage of imports: every Python file is parsed; of those that do not parse, git is asked when they did."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from rrr_optimize.facts.import_facts import SyntaxFacts, UnparsableFile
from rrr_optimize.facts.interpreters import Pythons
from rrr_optimize.facts.marker_rows import ALL_ROWS, pythons_of_rows
from rrr_optimize.model import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rrr_optimize.workspace.projects import Projects
    from rrr_optimize.workspace.snapshot import Snapshot
    from rrr_optimize.workspace.syntax import SyntaxChecker, Version


_SCRIPT_PYTHON = re.compile(rb"^# requires-python = [\"'][^\"'\n]*>=? ?3\.(?P<minor>\d{1,3})", re.MULTILINE)


def check_syntax(
    snapshot: Snapshot,
    projects: Projects,
    pythons: Mapping[str, Pythons],
    checker: SyntaxChecker,
    find_versions: Callable[[Sequence[str]], Mapping[str, Sequence[Version]]],
    on_file: Callable[[int, int], None] | None = None,
) -> SyntaxFacts:
    """Return the Python files that the running Python does not parse, each with when it last did.

    `pythons` maps a project's folder to its environments. A link to a file of the root is left to
    the file itself.
    """
    paths = [path for path in snapshot.files if path.endswith(".py") and snapshot.canonical(path) == path]
    faults = checker.check_files(snapshot, paths, on_file)
    needs = {
        path: _newer_python(pythons.get(projects.of(path).path, Pythons()).declared)
        or _newer_script(snapshot.peek(path) or b"")
        for path in faults
    }
    # A file that needs a newer Python was never parsed by this one.
    parsed = _last_parsed([path for path in sorted(faults) if not needs[path]], checker, find_versions)
    return SyntaxFacts(
        tuple(
            UnparsableFile(
                Location(path, fault.line, fault.column, fault.line, fault.column),
                fault,
                parsed.get(path, ""),
                needs[path],
            )
            for path, fault in sorted(faults.items())
        )
    )


def _newer_python(rows: int) -> tuple[int, int] | None:
    """Return the least declared Python if it is newer than the running one."""
    least = min(pythons_of_rows(rows), default=(3, 0))
    return least if rows != ALL_ROWS and least > sys.version_info[:2] else None


def _newer_script(data: bytes) -> tuple[int, int] | None:
    """Return the least Python that a script's own metadata ask for (PEP 723) if it is newer than the running one."""
    match = _SCRIPT_PYTHON.search(data)
    least = (3, int(match["minor"])) if match else (3, 0)
    return least if least > sys.version_info[:2] else None


def _last_parsed(
    paths: Sequence[str],
    checker: SyntaxChecker,
    find_versions: Callable[[Sequence[str]], Mapping[str, Sequence[Version]]],
) -> dict[str, str]:
    if not paths:
        return {}
    versions = [(path, version) for path, each in find_versions(paths).items() for version in each]
    faults = checker.check_texts([version.data for _, version in versions])
    found: dict[str, str] = {}
    for (path, version), fault in zip(versions, faults, strict=True):
        if fault is None and path not in found:
            where = f"on {version.branch} ({version.commit[:10]}" if version.branch else f"in {version.commit[:10]} ("
            found[path] = f"{where}{', ' if version.branch else ''}{version.day})"
    return found
