"""What may have been meant by an import that leads nowhere; a suggestion, never more."""

from __future__ import annotations

import posixpath
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rrr_optimize.imports.nearness import nearest, shared_folders
from rrr_optimize.imports.set_apart import TEST_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.imports.missing import Missing

_CLOSE = 0.8
_DEFINITION = re.compile(rb"^(?:class|def|async[ ]def)[ ]+(\w+)", re.MULTILINE)
_MOST_NAMES = 300
_TELLING = 10


class Candidates:
    """Suggests modules for what some imports of one repository do not find."""

    def __init__(self, repository: Repository, missing: Sequence[Missing]) -> None:
        self._own = repository.own_modules
        self._snapshot = repository.snapshot
        self._find_holding = repository.find_holding
        self._defined = self._find_definitions(missing)

    def suggest(self, missing: Missing) -> str:
        """Return a path that may have been meant, with the name that it has, or nothing.

        The first of these that there is: the module that has all of it; the nearest file that defines a name which is
        asked for; a module or name beside the missing one that is spelled almost alike.
        """
        if missing.elsewhere:
            return missing.elsewhere
        for name in _asked(missing):
            others = self._not_own(missing, self._defined.get(name, ()))
            near = missing.holder or f"{missing.folder}/"
            if others and (_is_telling(name, others) or shared_folders(near, nearest(near, others)) > 1):
                return f"{nearest(near, others)} has {name}"
        part = missing.names[0]
        if missing.folder and (
            close := get_close_matches(part, sorted(self._own.index.offered(missing.folder)), 1, _CLOSE)
        ):
            return f"{missing.folder}/ has {close[0]}"
        if missing.holder and (close := get_close_matches(part, sorted(self._definitions(missing.holder)), 1, _CLOSE)):
            return f"{missing.holder} has {close[0]}"
        return ""

    def _not_own(self, missing: Missing, paths: Iterable[str]) -> list[str]:
        """Return the files that may be meant: not the one that asks, and of tests only where a test asks."""
        may_be_test = bool(TEST_FOLDERS.intersection(missing.path.split("/")))
        return [
            path
            for path in paths
            if path not in {missing.path, missing.holder}
            and (may_be_test or not TEST_FOLDERS.intersection(path.split("/")))
            and not posixpath.basename(path).startswith("test_")
        ]

    def _find_definitions(self, missing: Sequence[Missing]) -> Mapping[str, list[str]]:
        names = list(dict.fromkeys(name for each in missing for name in _asked(each)))[:_MOST_NAMES]
        if not names or self._find_holding is None:
            return {}
        needles = [f"{word} {name}" for name in names for word in ("class", "def")]
        found: dict[str, list[str]] = {}
        for path in self._find_holding(needles, (".py",)):
            for name in self._definitions(path).intersection(names):
                found.setdefault(name, []).append(path)
        return found

    def _definitions(self, path: str) -> set[str]:
        return {name.decode() for name in _DEFINITION.findall(self._snapshot.peek(path) or b"")}


def _asked(missing: Missing) -> list[str]:
    """Return the names whose definition would be what is missing: those of the module, or those that it lacks."""
    names = missing.site.names if missing.names[0] not in missing.site.names else missing.names
    return [name for name in names if name != "*" and not name.islower()]


def _is_telling(name: str, paths: Sequence[str]) -> bool:
    """Tell whether a name is so long, and so rare, that two would not have it by chance."""
    return len(paths) == 1 and len(name) >= _TELLING
