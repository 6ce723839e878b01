"""The values that an expression of a replayed file may have, and the few functions that it may call.

What is not here is never called, so nothing of a replayed file runs but arithmetic on paths.
"""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 10_000


class UnknownError(Exception):
    """What an expression gives cannot be told without running the file."""


class Symbol:
    """A module, function or class of the standard library, by its dotted name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


UNKNOWN = Symbol("")
"""What a name is bound to whose value nobody knows."""


def look_up(name: str) -> Any:
    """Return what a dotted name of the standard library stands for: a value, or its symbol."""
    name = name[3:] if name.startswith("os.sys") else name
    for alias in ("posixpath", "ntpath"):
        if name == alias or name.startswith(f"{alias}."):
            name = "os.path" + name[len(alias) :]
    return sys.path if name == "sys.path" else CONSTANTS.get(name, Symbol(name))


def _join_all(separator: str, parts: Any) -> str:
    texts = list(parts)
    if len(separator) * len(texts) + sum(len(str(each)) for each in texts) > LONGEST:
        raise UnknownError
    return separator.join(texts)


def _without_home(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(path: Any) -> Any:
        if str(path).startswith("~"):
            raise UnknownError
        return function(path)

    return call


CONSTANTS: dict[str, Any] = {
    "os.name": os.name,
    "os.sep": os.sep,
    "os.path.sep": os.sep,
    "os.pardir": "..",
    "os.path.pardir": "..",
    "os.curdir": ".",
    "os.path.curdir": ".",
    "os.pathsep": os.pathsep,
    "os.path.pathsep": os.pathsep,
    "sys.platform": sys.platform,
    "sys.version_info": tuple(sys.version_info),
    "sys.maxsize": sys.maxsize,
}

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        f"os.path.{name}": getattr(os.path, name)
        for name in (
            *("join", "dirname", "basename", "abspath", "realpath", "normpath", "normcase", "split", "splitext"),
            *("relpath", "exists", "isdir", "isfile", "isabs", "commonpath"),
        )
    },
    "os.path.expanduser": _without_home(os.path.expanduser),
    "os.getcwd": os.getcwd,
    "os.fspath": os.fspath,
    "os.fsdecode": os.fsdecode,
    "pathlib.Path": Path,
    "pathlib.PosixPath": Path,
    "pathlib.PurePath": PurePath,
    "pathlib.PurePosixPath": PurePath,
    "pathlib.Path.cwd": Path.cwd,
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.copy,
    "str": str,
    "list": list,
    "tuple": tuple,
    "set": set,
    "sorted": sorted,
    "len": len,
    "bool": bool,
    "any": any,
    "all": all,
    "reversed": lambda values: list(reversed(values)),
    "enumerate": lambda values: list(enumerate(values)),
    "zip": lambda *values: list(zip(*values)),
}

BUILTINS: frozenset[str] = frozenset(name for name in (*FUNCTIONS, "map") if "." not in name)

_LIST = frozenset({"insert", "append", "extend", "remove", "pop", "clear", "reverse", "copy", "index", "count"})
_METHODS: tuple[tuple[type, frozenset[str]], ...] = (
    (list, _LIST | {"__iadd__", "__contains__"}),
    (
        str,
        frozenset(
            {
                *("split", "rsplit", "splitlines", "replace", "strip", "lstrip", "rstrip", "startswith", "endswith"),
                *("partition", "rpartition", "lower", "upper", "removesuffix", "removeprefix", "find", "rfind"),
            }
        ),
    ),
    (
        PurePath,
        frozenset(
            {
                *("resolve", "absolute", "joinpath", "as_posix", "with_name", "with_suffix", "relative_to", "exists"),
                *("is_dir", "is_file", "is_absolute", "__str__", "__fspath__"),
            }
        ),
    ),
)
_ATTRIBUTES = frozenset({"parent", "parents", "name", "stem", "suffix", "suffixes", "parts", "anchor"})


def read_attribute(value: Any, name: str) -> Any:
    """Return an attribute of a value that is no method. Raises UnknownError."""
    if isinstance(value, Symbol) and value is not UNKNOWN:
        return look_up(f"{value.name}.{name}")
    if isinstance(value, PurePath) and name in _ATTRIBUTES:
        return getattr(value, name)
    raise UnknownError


def find_method(value: Any, name: str) -> Callable[..., Any]:
    """Return a method that may be called. Raises UnknownError."""
    if isinstance(value, str) and name == "join":
        return lambda parts: _join_all(value, parts)
    if isinstance(value, str) and name == "format":
        return lambda *parts: _format(value, parts)
    if isinstance(value, PurePath) and name == "expanduser":
        return lambda: _without_home(Path)(value)
    if any(isinstance(value, kind) and name in names for kind, names in _METHODS):
        found: Callable[..., Any] = getattr(value, name)
        return found
    raise UnknownError


def _format(text: str, parts: tuple[Any, ...]) -> str:
    if not text.count("{") == text.count("{}") == text.count("}") == len(parts):
        raise UnknownError
    return text.format(*parts)
