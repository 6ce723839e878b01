"""A baseline: the findings that were there before, so that only new ones fail.

A finding is known again by its code, its path and what it is about, not by its line. The file is JSON, sorted, one
entry a line, so that it can be reviewed and merged.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from rrr_optimize.errors import BaselineError
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.model import Finding

_VERSION = 1
Fingerprint = tuple[str, str, str]


def fingerprint(finding: Finding) -> Fingerprint:
    """Return what a baseline remembers of a finding: code, path and subject, with no secret in them."""
    return finding.code, show(finding.location.path), show(finding.subject)


def write_baseline(findings: Iterable[Finding]) -> str:
    """Return the text of a baseline that knows these findings."""
    counts = sorted(Counter(map(fingerprint, findings)).items())
    rows = ",\n".join(
        "    " + json.dumps({"code": code, "path": path, "subject": subject, "count": count})
        for (code, path, subject), count in counts
    )
    body = f"\n{rows}\n  " if rows else ""
    return f'{{\n  "version": {_VERSION},\n  "findings": [{body}]\n}}\n'


def read_baseline(text: str, name: str) -> Counter[Fingerprint]:
    """Return how often a baseline knows each finding. Raises BaselineError when it is not one of ours."""
    try:
        data: Any = json.loads(text)
        if data["version"] != _VERSION:
            raise BaselineError(f"{name} is a baseline of version {data['version']}", "write it again")
        return Counter({(row["code"], row["path"], row["subject"]): int(row["count"]) for row in data["findings"]})
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise BaselineError(f"{name} is not a baseline", "write one with --baseline FILE --write-baseline") from None


def hold_back(findings: Iterable[Finding], known: Counter[Fingerprint]) -> tuple[list[Finding], int, int]:
    """Return the new findings, how many the baseline knew, and how many that it knows are gone."""
    left = known.copy()
    new: list[Finding] = []
    held = 0
    for finding in findings:
        key = fingerprint(finding)
        if left[key] > 0:
            left[key] -= 1
            held += 1
        else:
            new.append(finding)
    return new, held, sum(left.values())
