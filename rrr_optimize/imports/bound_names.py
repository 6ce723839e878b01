"""Whether a module may have a name of its own, told by its text: in doubt it has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.facts.codebase import Codebase

# What gives a module names that its text does not show.
_DYNAMIC = re.compile(
    rb"__getattr__|__path__|extend_path|import[ \t]*\(?[ \t]*\*|globals\(|locals\(|vars\(|\bexec\(|sys\.modules"
    rb"|setattr\(|__dict__|lazy|import_module"
)
# Every byte above ASCII may be part of a name.
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_PATHS = re.compile(rb"__path__|extend_path|sys\.modules|meta_path")
# What the import system itself gives to a module: https://docs.python.org/3/reference/datamodel.html#modules
_OF_EVERY_MODULE = frozenset(
    f"__{word}__" for word in ("builtins", "cached", "dict", "doc", "file", "loader", "name", "package", "path", "spec")
)


class BoundNames:
    """The names that modules of one codebase may have."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._texts: dict[str, bytes] = {}
        self._words: dict[str, frozenset[bytes]] = {}
        self._dynamic: dict[str, bool] = {}

    def may_bind(self, path: str, name: str, importer: str = "") -> bool:
        """Return whether a module may have a name: it stands somewhere in its text, or nobody can know.

        Where a module imports from itself, its own imports count only for what they bind.
        """
        if name in _OF_EVERY_MODULE or self.is_dynamic(path):
            return True
        if path == importer:
            file = self._codebase.files.read(path)
            return file is None or name in file.imports.bound
        if path not in self._words:
            self._words[path] = frozenset(_WORD.findall(self._text(path)))
        return name.encode() in self._words[path]

    def surely_binds(self, path: str, name: str) -> bool:
        """Return whether a module defines a name, as far as parsing it tells."""
        file = self._codebase.files.read(path) if path.endswith(".py") else None
        return file is not None and name in file.imports.bound

    def is_dynamic(self, path: str) -> bool:
        """Return whether a module may have names that its text does not show, or submodules elsewhere.

        Of a file that is not read, for its size or its rights, nothing is known.
        """
        if path not in self._dynamic:
            text = self._codebase.snapshot.peek(path) if path.endswith(".py") else None
            self._dynamic[path] = text is None or _DYNAMIC.search(text) is not None
        return self._dynamic[path]

    def is_dynamic_package(self, path: str) -> bool:
        """Return whether a package may have submodules that are not in its folder."""
        return not path.endswith(".py") or _PATHS.search(self._text(path)) is not None

    def _text(self, path: str) -> bytes:
        if path not in self._texts:
            self._texts[path] = self._codebase.snapshot.peek(path) or b""
        return self._texts[path]
