"""A Python file that does not parse.

Neither Python nor any tool can do anything with it: what imports it fails, and its tests are not run. Judged by the
grammar of the Python that runs the audit; where git has a commit or a branch on which the file still parsed, it is
named.

    from src.core import x
    import y
        @lru_cache          # IndentationError: unexpected indent

Told as a note: a file of a project that asks for a newer Python, a template, and what stands among test data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.imports.set_apart import is_template, is_test_data
from rrr_optimize.model import Severity
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.import_facts import UnparsableFile
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("IMP002")

_TEMPLATE_MARKS = (b"{%", b"<%")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each Python file that does not parse."""
    for file in repository.unparsable.unparsable:
        excuse = _excuse(file, repository)
        when = f"; it last did {file.parsed}" if file.parsed else ""
        yield RULE.finding(
            file.location,
            f"does not parse: {file.fault.message}{f'; {excuse}' if excuse else when}",
            f"syntax {file.fault.message}",
            why="" if excuse else "What imports it fails, and no tool can read it.",
            hint=f"compare it with what it was {file.parsed}" if file.parsed and not excuse else "",
            severity=Severity.INFO if excuse else None,
        )


def _excuse(file: UnparsableFile, repository: Repository) -> str:
    path = file.location.path
    if file.needs:
        needed = ".".join(map(str, file.needs))
        return f"its project asks for Python {needed}, newer than the one that runs this audit"
    if is_template(path) or any(mark in (repository.snapshot.peek(path) or b"") for mark in _TEMPLATE_MARKS):
        return "it looks like a template"
    if is_test_data(path):
        return "it stands among test data"
    return ""
