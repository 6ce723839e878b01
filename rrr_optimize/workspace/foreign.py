"""Folders inside a repository that are not its own work: installed packages, copies of others, caches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ENVIRONMENT = "virtual environment"
_BY_KIND = {
    "vendored": ("_vendor", "_vendored", "vendor", "vendored", "third_party", "thirdparty", "bower_components"),
    "installed packages": (
        ".eggs",
        ".pixi",
        ".yarn",
        "__pypackages__",
        "dist-packages",
        "node_modules",
        "site-packages",
    ),
    "cache": (
        ".cache",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".tox",
        "__pycache__",
    ),
    "version control": (".bzr", ".git", ".hg", ".svn"),
}
_KINDS = {name: kind for kind, names in _BY_KIND.items() for name in names}


def foreign_kind(name: str) -> str | None:
    """Return what a folder of this name holds if it is never the repository's own work, else None."""
    return _KINDS.get(name)


@dataclass(slots=True)
class ForeignFolders:
    """Judges folders by name and by the environments among them; remembers what it turned away.

    `skipped` maps each topmost foreign folder that was asked about to its kind.
    """

    environments: frozenset[str] = frozenset()
    skipped: dict[str, str] = field(default_factory=dict)
    _verdicts: dict[str, bool] = field(default_factory=lambda: {"": False})

    @classmethod
    def among(cls, files: Iterable[str]) -> ForeignFolders:
        """Return a judge that knows the environments whose marker files are among `files`.

        A venv has a pyvenv.cfg (PEP 405), a conda environment a conda-meta/history.
        """
        venvs, condas = "/pyvenv.cfg", "/conda-meta/history"
        marked = (path.removesuffix(venvs).removesuffix(condas) for path in files if path.endswith((venvs, condas)))
        return cls(frozenset(marked))

    def holds(self, path: str) -> bool:
        """Return whether `path` lies in a foreign folder; the root itself is never foreign."""
        return self.is_foreign(path.rpartition("/")[0])

    def is_foreign(self, folder: str) -> bool:
        """Return whether `folder` is foreign or lies in one that is."""
        known = self._verdicts.get(folder)
        if known is None:
            # From the top down and without recursion: a path may have more parts than Python has stack frames.
            ends = [end for end, character in enumerate(folder) if character == "/"]
            known = any(self._is_topmost(folder[:end]) for end in (*ends, len(folder)))
            self._verdicts[folder] = known
        return known

    def _is_topmost(self, folder: str) -> bool:
        if folder in self.environments:
            kind: str | None = ENVIRONMENT
        else:
            kind = foreign_kind(folder.rpartition("/")[2])
        if kind:
            self.skipped[folder] = kind
        return kind is not None
