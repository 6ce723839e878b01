"""A baseline: the findings that were there before, so that only new ones fail.

A finding is known again by its code, its path and what it is about, not by its line; a conflict or a clash by its
package and the specifiers that contradict each other, so that it is no new one when some of them go away. The file is
JSON, sorted, one entry a line, so that it can be reviewed and merged.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from rrr_optimize.errors import BaselineError
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.model import Finding

_VERSION = 1
# Pins that disagree become ranges that do, when the last pin but one goes.
_KINDS = {"REQ001": "conflict", "REQ002": "conflict", "REQ003": "clash", "REQ004": "clash"}
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
    """Return the new findings, how many the baseline knew, and how many that it knows are gone.

    A disagreement is also known where it has become smaller, see `_Disagreements`; each entry holds back one finding.
    """
    left = known.copy()
    rest: list[Finding] = []
    held = 0
    for finding in findings:
        key = fingerprint(finding)
        if left[key] > 0:
            left[key] -= 1
            held += 1
        else:
            rest.append(finding)
    larger = _Disagreements(left)
    new = [finding for finding in rest if not larger.take(fingerprint(finding))]
    return new, held + len(rest) - len(new), left.total()


class _Disagreements:
    """The disagreements of a baseline that no finding equals: a part of one is known too.

    Where a version goes away, the others may stand first in another file, or leave ranges where pins were; that is no
    reason to fail. A version that joins is.
    """

    def __init__(self, left: Counter[Fingerprint]) -> None:
        self._left = left
        self._keys: defaultdict[tuple[str, str], list[tuple[frozenset[str], Fingerprint]]] = defaultdict(list)
        for key in +left:
            if about := _about(key):
                self._keys[about[0]].append((about[1], key))

    def take(self, key: Fingerprint) -> bool:
        """Return whether an entry that is left holds the finding, which uses the entry up."""
        about = _about(key)
        for specifiers, known in self._keys[about[0]] if about else ():
            if about and about[1] <= specifiers and self._left[known] > 0:
                self._left[known] -= 1
                return True
        return False


def _about(key: Fingerprint) -> tuple[tuple[str, str], frozenset[str]] | None:
    """Return what a disagreement is about: its kind and package, and the specifiers that take part."""
    code, _, subject = key
    package, _, specifiers = subject.partition(" ")
    kind = _KINDS.get(code)
    return ((kind, package), frozenset(specifiers.split(" | "))) if kind and specifiers else None
