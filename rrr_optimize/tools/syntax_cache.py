"""Remember which texts the running Python parses."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.tools.user_cache import UserCache
from rrr_optimize.workspace.syntax import SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORTH_WRITING = 200


@dataclass(slots=True)
class SyntaxCache:
    """Verdicts by the digest of a text, or of the state of its file; None is one that parses.

    Without a file nothing outlives the run. A cache that cannot be read or written is none: the run goes on, only
    slower. With more than `limit` verdicts only those are kept that this run had a use for.
    """

    cache: UserCache = field(default_factory=UserCache)
    limit: int = 300_000
    verdicts: dict[str, SyntaxFault | None] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _learned: int = 0

    @classmethod
    def of_user(cls, environ: Mapping[str, str]) -> SyntaxCache:
        """Return the cache in the user's cache folder (XDG Base Directory Specification), with what it knows."""
        # Another Python has another grammar.
        name = f"syntax-{sys.implementation.cache_tag}-{sys.hexversion:x}.json"
        cache = cls(UserCache.named(name, environ))
        cache.verdicts = cache._load()
        return cache

    def learn(self, key: str, fault: SyntaxFault | None) -> None:
        """Remember a new verdict."""
        self.verdicts[key] = fault
        self._used.add(key)
        self._learned += 1

    def recall(self, key: str) -> SyntaxFault | None:
        """Return a verdict that is known, and keep it."""
        self._used.add(key)
        return self.verdicts[key]

    def save(self) -> None:
        """Write what is known, if enough is new."""
        if self._learned < _WORTH_WRITING:
            return
        kept = self.verdicts if len(self.verdicts) <= self.limit else {key: self.verdicts[key] for key in self._used}
        faults = {key: (fault.line, fault.column, fault.message) for key, fault in kept.items() if fault}
        self.cache.save({"faults": faults, "fine": [key for key, fault in kept.items() if not fault]})
        self._learned = 0

    def _load(self) -> dict[str, SyntaxFault | None]:
        try:
            data = self.cache.load()
            faults = {
                str(key): SyntaxFault(int(at), int(column), str(said))
                for key, (at, column, said) in data["faults"].items()
            }
            return dict.fromkeys(map(str, data["fine"])) | faults
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}
