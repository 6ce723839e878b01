"""The top-level modules that folders of a repository offer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Module:
    """A module or regular package: its name, the file that holds it, and the folder from which it is imported."""

    name: str
    path: str
    folder: str


@dataclass(frozen=True, eq=False)
class ModuleNames:
    """The modules of a snapshot that are imported by one name from a folder that is no package itself."""

    snapshot: Snapshot

    @cached_property
    def top_level(self) -> tuple[Module, ...]:
        """Every such module, in path order; one without `__init__.py` above it, as pytest and scripts find them."""
        return tuple(self._find())

    def _find(self) -> Iterator[Module]:
        packages = {path.rpartition("/")[0] for path in self.snapshot.files_named("__init__.py")}
        for path in self.snapshot.files:
            if not path.endswith(".py"):
                continue
            folder, _, name = path.rpartition("/")
            if name == "__init__.py":
                above, _, package = folder.rpartition("/")
                if folder and above not in packages and package.isidentifier():
                    yield Module(package, path, above or ".")
            elif folder not in packages and name.removesuffix(".py").isidentifier():
                yield Module(name.removesuffix(".py"), path, folder or ".")
