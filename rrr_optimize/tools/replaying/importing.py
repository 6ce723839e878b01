"""Do one import of a replayed file, by Python's own import system, and note what each part of its name reaches."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import LIBRARY, NOTHING
from .finding import Finder, Stub
from .reading import Site
from .values import UNKNOWN, look_up as stand_for

if TYPE_CHECKING:
    from .scopes import Scope

    # An import that was looked up: file, the name under which it is loaded, how the import reads, the number of equal
    # ones above it, the module's name, and whether a function holds it.
    Record = tuple[str, str, str, int, str, bool]

_UNBOUND = object()


class MissingError(ImportError):
    """An import fails where an `except ImportError` catches it."""


class Importer:
    """Imports for one run; `records` is what was reached, in order.

    `expects_missing` tells that what is not found is not installed either where an `except ImportError` is there for
    that, and `found_missing` that there was such an import.
    """

    def __init__(self, finder: Finder, *, expects_missing: bool) -> None:
        self.records: dict[Record, list[str]] = {}
        self.finder = finder
        self.expects_missing = expects_missing
        self.found_missing = False
        self._searched = list(sys.path)

    def look_up(self, site: Site, scope: Scope) -> None:
        """Do one import and note what each part of its name reached. Raises MissingError where it is caught."""
        if sys.path != self._searched:
            self.finder.forget_missing()
            self._searched = list(sys.path)
        name = _absolute(site, scope.module)
        try:
            found = _import_site(site, scope.module)
        except ImportError as error:
            self._note_parts(site, name, scope)
            self._fail(site, str(getattr(error, "name", None) or name), scope)
            return
        self._note_parts(site, name, scope)
        top = name.partition(".")[0]
        if self.finder.origins.get(top) == NOTHING:
            self.found_missing = self.found_missing or scope.guarded
            if scope.guarded and self.expects_missing:
                raise MissingError(name)
        if site.name == "*":
            self._take_all(found, scope)
        elif site.name:
            self._take(found, site, name, scope)
        else:
            scope.names[site.binds] = self._value_of(sys.modules[name if _is_renamed(site) else top])

    def _take(self, module: ModuleType, site: Site, name: str, scope: Scope) -> None:
        full = f"{name}.{site.name}"
        if isinstance(module, Stub) or not self._is_ours(module):
            scope.names[site.binds] = stand_for(full) if self.finder.origin_of(name) == LIBRARY else UNKNOWN
            return
        value = vars(module).get(site.name, _UNBOUND)
        if value is _UNBOUND:
            value = sys.modules.get(full, getattr(module, site.name, _UNBOUND))
        if _is_loaded(value, full):
            self.note(site, full, self.finder.origin_of(full), scope)
        elif value is _UNBOUND and not getattr(module, "replayed_is_open", False):
            self._fail(site, full, scope)
            return
        else:
            self.note(site, full, f"a name of {self.finder.origin_of(name)}", scope)
        scope.names[site.binds] = UNKNOWN if value is _UNBOUND else self._value_of(value)

    def _take_all(self, module: ModuleType, scope: Scope) -> None:
        if isinstance(module, Stub) or getattr(module, "replayed_is_open", False):
            scope.module.replayed_is_open = True  # type: ignore[attr-defined]  # it is a Replayed
            return
        source = getattr(module, "replayed_source", None)
        every = dict.fromkeys(source.bound, UNKNOWN) if source else {}
        every.update(vars(module))
        names = vars(module).get("__all__", [each for each in every if not each.startswith("_")])
        for name in names if isinstance(names, (list, tuple)) else ():
            full = f"{module.__name__}.{name}"
            scope.names[name] = self._value_of(every[name]) if name in every else UNKNOWN
            if "__all__" in every and _is_loaded(every.get(name), full):
                self.note(Site(f"from {module.__name__} import *", 0, ""), full, self.finder.origin_of(full), scope)

    def _fail(self, site: Site, name: str, scope: Scope) -> None:
        self.note(site, name, NOTHING, scope)
        if scope.guarded:
            raise MissingError(name)
        if site.binds:
            scope.names[site.binds] = UNKNOWN

    def _note_parts(self, site: Site, name: str, scope: Scope) -> None:
        parts = name.split(".")
        for number in range(1, len(parts) + 1):
            part = ".".join(parts[:number])
            if part in sys.modules:
                self.note(site, part, self.finder.origin_of(part), scope)

    def note(self, site: Site, name: str, origin: str, scope: Scope) -> None:
        """Note what a name of an import reached."""
        key = (scope.path, scope.module.__name__, site.text, site.ordinal, name, scope.late)
        known = self.records.setdefault(key, [])
        if origin not in known:
            known.append(origin)

    def _is_ours(self, module: ModuleType) -> bool:
        return module.__name__ in self.finder.origins

    def _value_of(self, value: Any) -> Any:
        """Return what a name stands for that is bound to a module: that of the library is told by its name."""
        if not isinstance(value, ModuleType):
            return value
        if self.finder.origin_of(value.__name__) == LIBRARY:
            return stand_for(value.__name__)
        return UNKNOWN if isinstance(value, Stub) else value


def _is_loaded(value: Any, name: str) -> bool:
    return name in sys.modules and sys.modules[name] is value


def _import_site(site: Site, module: ModuleType) -> ModuleType:
    around: dict[str, Any] = {"__name__": module.__name__, "__package__": module.__package__}
    if hasattr(module, "__path__"):
        around["__path__"] = module.__path__
    names = (site.name,) if site.name else ()
    found: ModuleType = importlib.__import__(site.module, around, None, names, site.level)
    return found


def _absolute(site: Site, module: ModuleType) -> str:
    if not site.level:
        return site.module
    parts = (module.__package__ or "").split(".")
    base = ".".join(parts[: len(parts) - site.level + 1])
    return f"{base}.{site.module}" if site.module and base else base or site.module


def _is_renamed(site: Site) -> bool:
    return site.binds != site.module.partition(".")[0]
