"""The edits that carry decisions out, a file at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.declaration_edits import set_specifiers
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.model import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rrr_optimize.facts.source_reading import FileReading
    from rrr_optimize.requirements.versions.decision import Change, Decision


def find_edits(decisions: Sequence[Decision], files: Mapping[str, FileReading]) -> Mapping[Change, Edit | Refusal]:
    """Return, for each change of the decisions, the edit that makes it or why there is none.

    `files` are the texts that the requirements were read from.
    """
    by_path: dict[str, list[Change]] = {}
    for change in (change for decision in decisions for change in decision.changes):
        by_path.setdefault(change.declaration.location.path, []).append(change)
    found: dict[Change, Edit | Refusal] = {}
    groups = {change: decision.group for decision in decisions for change in decision.changes}
    for path, changes in by_path.items():
        asked = [(change.declaration, change.specifier) for change in changes]
        outcomes = set_specifiers(files[path].text, asked)
        owners: dict[Edit, str] = {}
        for change, outcome in zip(changes, outcomes, strict=True):
            owner = owners.setdefault(outcome, groups[change]) if isinstance(outcome, Edit) else groups[change]
            said = outcome or Refusal("the file says it already, in other words")
            found[change] = said if owner == groups[change] else Refusal(f"{owner} changes it already")
    return found
