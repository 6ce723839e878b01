"""Write down what each import of a real run reaches; Python loads this before it looks at the program.

It is on the search path only until it is loaded, and it knows nothing of the resolver that it judges.
"""

from __future__ import annotations

import atexit
import builtins
import functools
import importlib
import importlib.util
import json
import os
import pathlib
import site
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

_OWN = str(Path(__file__).resolve().parent)
# The generated files import these; nothing of a tree has their names.
_READY = (functools, importlib.util, pathlib)
# pytest puts these on top of every test file.
_REWRITTEN = frozenset({"builtins", "_pytest.assertion.rewrite"})
_STANDARD = str(Path(json.__file__).resolve().parent.parent)


class Recorder:
    """Stands between a program and `__import__`; `later` calls a function at the end, `missing_is_fine` forgives."""

    def __init__(self, root: str, told: str) -> None:
        self.root = root
        self.told = told
        self.rows: list[tuple[str, str, int, bool, str, dict[str, str]]] = []
        self.searched: list[set[str]] = []
        self.later: deque[Any] = deque()
        self.is_late = False
        self.script: Any = None

    def begin(self) -> None:
        real_import, real_module = builtins.__import__, importlib.import_module

        def spy(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
            load = functools.partial(real_import, name, globals, locals, fromlist, level)
            if not self.is_ours(globals) or name in _REWRITTEN:
                return load()
            return self.watch(sys._getframe(1), name, fromlist or (), level, load)

        def spy_module(name: str, package: str | None = None) -> Any:
            frame = sys._getframe(1)
            if not self.is_ours(frame.f_globals):
                return real_module(name, package)
            return self.watch(frame, name, (), 0, lambda: real_module(name, package))

        builtins.__import__ = spy
        importlib.import_module = spy_module
        vars(builtins)["later"] = self.later.append
        vars(builtins)["missing_is_fine"] = _MissingIsFine()
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Note that a name is looked for, and find nothing."""
        del path, target
        if self.searched:
            self.searched[-1].add(name)

    def watch(self, frame: FrameType, name: str, names: tuple[str, ...], level: int, load: Any) -> Any:
        line = frame.f_lineno
        self.searched.append(set())
        try:
            return load()
        finally:
            self._note(frame.f_globals, line, name, names, level, self.searched.pop())

    def is_ours(self, scope: Any) -> bool:
        place = self.file_of(scope) if scope else None
        return isinstance(place, str) and os.path.abspath(place).startswith(self.root + os.sep)

    def file_of(self, scope: Any) -> Any:
        """Return the file of a module; a script that has run has none, and its functions are called then."""
        place = scope.get("__file__")
        if scope.get("__name__") == "__main__":
            place = self.script = place or self.script
        return place

    def _note(self, scope: Any, line: int, name: str, names: tuple[str, ...], level: int, searched: set[str]) -> None:
        package = scope.get("__package__") or ""
        if level:
            parts = package.split(".") if package else []
            if level > len(parts):
                return
            base = ".".join(parts[: len(parts) - level + 1])
            name = f"{base}.{name}" if name else base
        parts = name.split(".")
        wanted = {".".join(parts[: number + 1]) for number in range(len(parts))}
        if "*" in names:
            names = tuple(getattr(sys.modules.get(name), "__all__", ()))
        wanted |= {f"{name}.{each}" for each in names}
        found = {each: self.where(each) for each in wanted if each in sys.modules or each in searched}
        said = {each: (("looked for " if each in searched else "") + path).strip() for each, path in found.items()}
        key = os.path.relpath(os.path.abspath(self.file_of(scope)), self.root), scope["__name__"], line
        self.rows.append((*key, self.is_late, name, said))

    def where(self, name: str) -> str:
        module = sys.modules.get(name)
        if module is None:
            return ""
        path = getattr(module, "__file__", None)
        if path is None:
            folders = [self.below(each) for each in getattr(module, "__path__", ())]
            # One that was merged in twice is asked twice, and that changes nothing.
            return "namespace " + ":".join(dict.fromkeys(filter(None, folders))) if folders else "library"
        if path.startswith(_STANDARD) and "site-packages" not in path:
            return "library"
        return self.below(path)

    def below(self, path: str) -> str:
        path = os.path.abspath(path)
        return os.path.relpath(path, self.root) if (path + os.sep).startswith(self.root + os.sep) else ""

    def call_later(self) -> None:
        self.is_late = True
        while self.later:
            self.later.popleft()()

    def end(self) -> None:
        self.call_later()
        files = {name: self.where(name) for name in list(sys.modules)}
        loaded = sorted((path, name) for name, path in files.items() if path.endswith(".py"))
        with Path(self.told).open("w", encoding="utf-8") as out:
            json.dump({"rows": self.rows, "loaded": loaded}, out)


class _MissingIsFine:
    """Passes over an import that finds nothing, as a block that always begins and of which nobody knows how it ends."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, ImportError)


def begin(environment: dict[str, str]) -> Recorder:
    """Watch the imports of the files below TOLD_ROOT; what TOLD_SITE names is as if it were installed."""
    sys.path[:] = [each for each in sys.path if each != _OWN]
    for folder in filter(None, environment.get("TOLD_SITE", "").split(os.pathsep)):
        site.addsitedir(folder)
    recorder = Recorder(environment["TOLD_ROOT"], environment["TOLD"])
    recorder.begin()
    return recorder


if "TOLD" in os.environ:
    if os.environ.get("TOLD_ALONE"):
        sys.path[:] = [each for each in sys.path if "site-packages" not in each]
        # What an editable installation of this project put there.
        sys.path[:] = [each for each in sys.path if each == _OWN or not Path(each, "rrr_optimize").is_dir()]
    atexit.register(begin(dict(os.environ)).end)
