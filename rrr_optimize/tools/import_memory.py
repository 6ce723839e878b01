"""Remember what the imports of files were found to be."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rrr_optimize.tools.user_cache import UserCache

if TYPE_CHECKING:
    from collections.abc import Mapping

_READERS = (
    "rrr_optimize.formats.python_imports",
    "rrr_optimize.facts.import_texts",
    "rrr_optimize.formats.python_flow",
)
_WORTH_WRITING = 20


@dataclass(slots=True)
class ImportMemory:
    """What was learned, by kind and key, in this run and those before; implements `workspace.memory.Memory`.

    With more than `limit` entries only those are kept that this run had a use for.
    """

    cache: UserCache = field(default_factory=UserCache)
    limit: int = 50_000
    _known: dict[str, Any] | None = None
    _used: set[str] = field(default_factory=set)
    _learned: int = 0

    @classmethod
    def of_user(cls, environ: Mapping[str, str], root: Path) -> ImportMemory:
        """Return the memory of a repository in the user's cache folder; it is read when it is first asked."""
        own = blake2b(os.fsencode(root), digest_size=8).hexdigest()
        name = f"imports-{own}-{sys.implementation.cache_tag}-{sys.hexversion:x}-{_version_of_readers()}.json"
        return cls(UserCache.named(name, environ))

    def recall(self, kind: str, key: str) -> Any:
        """Return what was learned, or None where nothing was."""
        name = f"{kind}:{key}"
        found = self._all().get(name)
        if found is not None:
            self._used.add(name)
        return found

    def learn(self, kind: str, key: str, data: Any) -> None:
        """Remember something that is not None."""
        name = f"{kind}:{key}"
        self._all()[name] = data
        self._used.add(name)
        self._learned += 1

    def save(self) -> None:
        """Write what is known, if enough is new."""
        if self._learned >= _WORTH_WRITING:
            known = self._all()
            self.cache.save(known if len(known) <= self.limit else {name: known[name] for name in self._used})
            self.cache.forget_others(self.cache.path.name.rpartition("-")[0] if self.cache.path else "")
            self._learned = 0

    def _all(self) -> dict[str, Any]:
        if self._known is None:
            data = self.cache.load()
            self._known = data if isinstance(data, dict) else {}
        return self._known


def _version_of_readers() -> str:
    """Return a digest of the code that reads imports: what another version of it found does not count."""
    digest = blake2b(digest_size=8)
    for name in _READERS:
        spec = find_spec(name)
        origin = Path(spec.origin) if spec and spec.origin else Path()
        files = sorted(origin.parent.glob("*.py")) if origin.name == "__init__.py" else [origin]
        for file in files:
            digest.update(file.read_bytes())
    return digest.hexdigest()
