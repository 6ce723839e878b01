"""What a change would do to who reaches whom: each difference by name, nothing left unsaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.topology import Pair, Topology


@dataclass(frozen=True, slots=True)
class Difference:
    """Pairs that lose or gain each other, services that lose or gain the world, ports, and names.

    `other_answers` are names for which somebody else would answer than before, or nobody; `new_answers` are names
    that nobody answered to before. Each is who asks and what for.
    """

    lost_pairs: frozenset[Pair]
    new_pairs: frozenset[Pair]
    egress: frozenset[str]
    published: frozenset[tuple[str, str]]
    other_answers: frozenset[tuple[str, str]]
    new_answers: frozenset[tuple[str, str]]

    @property
    def is_safe(self) -> bool:
        """Whether everything that worked works, and nothing more can be reached than before."""
        return not (self.lost_pairs or self.new_pairs or self.egress or self.published or self.other_answers)


def compare_topologies(before: Topology, after: Topology) -> Difference:
    """Return how two topologies of the same services differ."""
    asked = before.answers.keys() & after.answers.keys()
    return Difference(
        lost_pairs=before.pairs - after.pairs,
        new_pairs=after.pairs - before.pairs,
        egress=before.egress ^ after.egress,
        published=before.published ^ after.published,
        other_answers=frozenset(
            {question for question in asked if before.answers[question] != after.answers[question]}
            | (before.answers.keys() - after.answers.keys())
        ),
        new_answers=frozenset(after.answers.keys() - before.answers.keys()),
    )
