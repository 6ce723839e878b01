"""The line that no read crosses: the real folders that a run may look into."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field

from rrr_optimize.workspace.reading import UnreadableError, reason_of


@dataclass(frozen=True, slots=True)
class Boundary:
    """Resolves paths relative to the root `top` and turns away what leaves it.

    `others` are real paths of git worktrees outside the root that the configuration names.
    """

    top: str
    others: tuple[str, ...] = ()
    _folders: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def resolve(self, path: str) -> str:
        """Return the canonical name of a file: POSIX, relative to the root, free of links.

        Raises UnreadableError if a link on the way leaves the root, leads into a git directory, or to nothing.
        """
        folder, _, name = path.rpartition("/")
        real_folder = self._folders.get(folder)
        if real_folder is None:
            real_folder = self._folders[folder] = self._real_folder(folder)
        real = os.path.join(real_folder, name)
        if os.path.islink(real):
            real = self._real(real)
        return self.name(real)

    def find(self, path: str) -> str | None:
        """Return the real path of anything, be it there or not; None if a link on the way leaves the root.

        Such a link is where the look ends: nothing behind it is asked for.
        """
        real = self.top
        for part in path.split("/"):
            real = os.path.join(real, part)
            if os.path.islink(real):
                real = os.path.realpath(real)
                if not self.holds(real):
                    return None
        return real

    def name(self, real: str) -> str:
        """Return the canonical name of a real path."""
        if real.startswith(self.top + os.sep):
            return real[len(self.top) + 1 :].replace(os.sep, "/")
        return os.path.relpath(real, self.top).replace(os.sep, "/")

    def holds(self, real: str) -> bool:
        """Return whether a real path is inside, and not in a git directory."""
        for top in (self.top, *self.others):
            if real == top:
                return True
            if real.startswith(top.rstrip(os.sep) + os.sep):
                return ".git" not in real[len(top) :].split(os.sep)
        return False

    def _real_folder(self, folder: str) -> str:
        outer, _, name = folder.rpartition("/")
        above = self._folders.get(outer) if name != ".." else None
        if above is not None:
            real = os.path.join(above, name)
            # Most folders are no links; then one look is enough.
            with suppress(OSError):
                if stat.S_ISDIR(os.lstat(real).st_mode) and name != ".git":
                    return real
        return self._real(os.path.join(self.top, folder))

    def _real(self, path: str) -> str:
        try:
            real = os.path.realpath(path, strict=True)
        except FileNotFoundError:
            reason = "a symbolic link to nothing" if os.path.islink(path) else "it vanished before it was read"
            raise UnreadableError(reason) from None
        except OSError as error:
            raise UnreadableError(reason_of(error)) from None
        if not self.holds(real):
            raise UnreadableError("a symbolic link that leaves the repository")
        return real
