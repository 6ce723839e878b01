"""What is remembered between runs of what files were found to hold; `tools` brings the real one."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rrr_optimize.workspace.snapshot import Snapshot


class Memory(Protocol):
    """Remembers plain data, as JSON has it, by kind and key."""

    def recall(self, kind: str, key: str) -> Any:
        """Return what was learned, or None where nothing was."""
        ...

    def learn(self, kind: str, key: str, data: Any) -> None:
        """Remember something that is not None."""
        ...

    def save(self) -> None:
        """Keep what was learned for the next run, as far as that is possible."""
        ...


class NoMemory:
    """Remembers nothing."""

    def recall(self, kind: str, key: str) -> Any:
        """Return None."""

    def learn(self, kind: str, key: str, data: Any) -> None:
        """Do nothing."""

    def save(self) -> None:
        """Do nothing."""


def key_of(data: bytes) -> str:
    """Return the key of a content."""
    return blake2b(data, digest_size=16).hexdigest()


def key_of_state(snapshot: Snapshot, path: str) -> str:
    """Return the key of a file that need not be read for it, or nothing where only its content is certain."""
    state = snapshot.state(path)
    return key_of(state.encode("utf-8", "surrogateescape")) if state else ""
