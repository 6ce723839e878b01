"""A source root as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceRoot:
    """A folder whose modules an installation makes importable, with the configuration that says so.

    `folder` is relative to the root of the repository. `names` are the top-level modules and packages that are
    installed from it, empty where the configuration does not name them. `packages` are the dotted names that it lists
    one by one: then a sub-package that is not among them is missing from a wheel. `is_default` tells that nothing is
    written and the backend looks in its usual places.
    """

    folder: str
    config: str
    backend: str
    names: frozenset[str] = frozenset()
    packages: tuple[str, ...] = ()
    is_default: bool = False

    def offers(self, name: str) -> bool:
        """Return whether an installation makes a top-level name importable, as far as the configuration says."""
        return not self.names or name in self.names
