"""What the path functions of Python give for values that are known: `os.path`, `pathlib`, methods of strings."""

from __future__ import annotations

import ast
import posixpath
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SAME = {"posixpath": "os.path", "ntpath": "os.path", "os.sys": "sys", "sys.path.copy": "sys.path.copy"}
_CONSTANTS = {
    "os.pardir": "..",
    "os.path.pardir": "..",
    "os.curdir": ".",
    "os.path.curdir": ".",
    "os.sep": "/",
    "os.path.sep": "/",
    "os.pathsep": ":",
    "os.path.pathsep": ":",
}
_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"})
_FILES_OF_FRAMES = frozenset({"inspect.getfile", "inspect.getsourcefile", "inspect.getabsfile"})
_TEMPORARY = ("tempfile.", "py.path.", "shutil.")
_LONGEST = 10_000


class UnknownValueError(Exception):
    """An expression whose value only running the file would tell; the message says why.

    `is_dynamic` says that it is chosen or made when the program runs: an argument, a parameter, a temporary folder.
    """

    def __init__(self, reason: str, *, is_dynamic: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_dynamic = is_dynamic


@dataclass(frozen=True, slots=True)
class Symbol:
    """A module, function, class or object, by the dotted name under which its module offers it."""

    name: str

    @staticmethod
    def of(name: str) -> Symbol:
        """Return the symbol of a dotted name; one thing has one symbol."""
        return _symbol(name)

    @property
    def is_file_of_frame(self) -> bool:
        """Whether calling it with the current frame gives the file's own name."""
        return self.name in _FILES_OF_FRAMES


@lru_cache(maxsize=4096)
def _symbol(name: str) -> Symbol:
    for other, own in _SAME.items():
        if name == other or name.startswith(f"{other}."):
            return Symbol(own + name[len(other) :])
    return Symbol(name)


@dataclass(frozen=True, slots=True)
class Parents:
    """The `parents` of a path."""

    path: PurePosixPath

    def __getitem__(self, index: int) -> PurePosixPath:
        return self.path.parents[index]


SEARCH_PATH = (Symbol("sys.path"), Symbol("sys.path.copy"))
"""The list that Python searches, and a copy of it."""

Value = str | int | None | PurePosixPath | Parents | Symbol | tuple["Value", ...]


def read_attribute(value: Value, attribute: str, working: str) -> Value:
    """Return an attribute of a known value. Raises UnknownValueError."""
    match value:
        case Symbol(name=name):
            return _CONSTANTS.get(f"{name}.{attribute}") or Symbol.of(f"{name}.{attribute}")
        case PurePosixPath():
            match attribute:
                case "parent":
                    return value.parent
                case "parents":
                    return Parents(value)
                case "name" | "stem" | "suffix" | "anchor" | "parts":
                    found: str | tuple[str, ...] = getattr(value, attribute)
                    return found
    del working
    raise UnknownValueError("it is looked up when the file runs", is_dynamic=True)


def call_function(function: Value, arguments: list[Value] | None, working: str) -> Value:
    """Return what a function gives for known arguments; `arguments` is None where they are not plain.

    Raises UnknownValueError, which names the function.
    """
    if not isinstance(function, Symbol):
        raise UnknownValueError("it calls what is not known", is_dynamic=True)
    name = function.name
    match name, arguments:
        case (("os.getcwd" | "pathlib.Path.cwd"), []):
            return working if name == "os.getcwd" else PurePosixPath(working)
        case (("str" | "os.fspath" | "os.fsdecode"), [str() | PurePosixPath() as one]):
            return str(one)
        case (("list" | "tuple" | "set" | "sorted"), [tuple() as several]):
            return several
        case (("list" | "copy.copy" | "copy.deepcopy"), [Symbol() as one]) if one in SEARCH_PATH:
            return SEARCH_PATH[1]
        case "sys.path.copy", []:
            return SEARCH_PATH[1]
        case "os.path.expanduser", [str() | PurePosixPath() as one] if not str(one).startswith("~"):
            return str(one)
    return _call_path_function(name, _texts(arguments), working)


def _call_path_function(name: str, texts: list[str] | None, working: str) -> Value:
    if texts is not None and name in _PATHS:
        return PurePosixPath(*texts)
    if texts and name in _FUNCTIONS:
        return _apply(_FUNCTIONS[name], texts)
    if texts and len(texts) == 1 and name in {"os.path.abspath", "os.path.realpath"}:
        return posixpath.normpath(posixpath.join(working, texts[0]))
    if texts and len(texts) == 1 and name == "os.path.split":
        return posixpath.split(texts[0])
    raise _unknown(name)


def call_method(value: Value, method: str, arguments: list[Value] | None, working: str) -> Value:
    """Return what a method of a known value gives for known arguments. Raises UnknownValueError."""
    texts = _texts(arguments)
    if isinstance(value, PurePosixPath) and texts is not None:
        match method, texts:
            case (("resolve" | "absolute"), _):
                before = str(value)
                joined = posixpath.join(working, before)
                whole = posixpath.normpath(joined) if method == "resolve" else joined
                return value if whole == before else PurePosixPath(whole)
            case ("joinpath", several):
                return value.joinpath(*several)
            case (("as_posix" | "__str__" | "__fspath__"), []):
                return str(value)
            case "expanduser", [] if not str(value).startswith("~"):
                return value
            case "with_name", [str(name)] if name and "/" not in name and value.name:
                return value.with_name(name)
    match value, arguments:
        case str(), [tuple() as parts] if method == "join":
            return _join(value, list(parts))
        case str(), list() if method in {"split", "rsplit"}:
            return _split(value, method, arguments)
        case str(), list() if texts is not None:
            return _call_text_method(value, method, texts)
    raise UnknownValueError(f"it calls {method}()", is_dynamic=True)


def combine(left: Value, operator: ast.operator, right: Value) -> Value:
    """Return what an operator gives for two known values. Raises UnknownValueError."""
    match operator, left, right:
        case ast.Div(), PurePosixPath(), str() | PurePosixPath():
            return left / right
        case ast.Div(), str(), PurePosixPath():
            return left / right
        case ast.Add(), str(), str() if len(left) + len(right) < _LONGEST:
            return left + right
        case ast.Add(), tuple() | Symbol(), tuple() | Symbol():
            return (*_spread(left), *_spread(right))
        case ast.Mult(), str() | tuple(), int() if len(left) * right < _LONGEST:
            return left * right
        case ast.Mod(), str(), _ if left.count("%") == left.count("%s"):
            parts = right if isinstance(right, tuple) else (right,)
            if left.count("%s") == len(parts) and all(isinstance(each, str | PurePosixPath) for each in parts):
                return left % tuple(map(str, parts))
    unknown = next((value for value in (left, right) if isinstance(value, Symbol)), None)
    raise UnknownValueError(look_up_reason(unknown) if unknown else "it is computed by an operator")


def _spread(value: Value) -> tuple[Value, ...]:
    if isinstance(value, tuple):
        return value
    if value in SEARCH_PATH:
        return (value,)
    raise UnknownValueError("it is computed by an operator")


def look_up_reason(value: Value) -> str:
    """Return why a value is no path: what it is taken from."""
    return f"it is taken from {value.name}" if isinstance(value, Symbol) else "it is looked up when the file runs"


def _call_text_method(value: str, method: str, texts: list[str]) -> Value:
    match method, texts:
        case (("strip" | "rstrip" | "lstrip"), ([] | [_])):
            stripped: str = getattr(value, method)(*texts)
            return stripped
        case "replace", [str(old), str(new)] if value.count(old) * len(new) < _LONGEST:
            return value.replace(old, new)
        case (("partition" | "rpartition"), [str(separator)]) if separator:
            return value.partition(separator) if method == "partition" else value.rpartition(separator)
        case "format", several if value.count("{") == value.count("{}") == len(several) == value.count("}"):
            return value.format(*several)
    raise UnknownValueError(f"it calls {method}()", is_dynamic=True)


def _join(value: str, parts: list[Value]) -> str:
    texts = _texts(parts)
    if texts is None or len(value) * len(texts) + sum(map(len, texts)) >= _LONGEST:
        raise UnknownValueError("it calls join()", is_dynamic=True)
    return value.join(texts)


def _split(value: str, method: str, arguments: list[Value]) -> Value:
    match arguments:
        case [str(separator)] if separator:
            return tuple(value.split(separator))
        case [str(separator), int(most)] if separator:
            return tuple(value.split(separator, most) if method == "split" else value.rsplit(separator, most))
    raise UnknownValueError(f"it calls {method}()", is_dynamic=True)


def _texts(arguments: list[Value] | None) -> list[str] | None:
    if arguments is None:
        return None
    texts = [str(each) for each in arguments if isinstance(each, str | PurePosixPath)]
    return texts if len(texts) == len(arguments) else None


def _apply(function: Callable[..., str], texts: list[str]) -> str:
    try:
        return function(*texts)
    except TypeError:
        raise UnknownValueError("it is called with arguments that it does not take") from None


def _unknown(name: str) -> UnknownValueError:
    if name.startswith(("sys.argv", "argparse")):
        return UnknownValueError("it is an argument of the program", is_dynamic=True)
    if name.startswith(("os.environ", "os.getenv")):
        return UnknownValueError("it comes from an environment variable", is_dynamic=True)
    is_dynamic = name.startswith(_TEMPORARY)
    shown = name.removeprefix(".")
    return UnknownValueError(
        f"it calls {shown}()" if shown else "it is looked up", is_dynamic=is_dynamic or name != shown
    )


_FUNCTIONS: dict[str, Callable[..., str]] = {
    "os.path.join": posixpath.join,
    "os.path.dirname": posixpath.dirname,
    "os.path.basename": posixpath.basename,
    "os.path.normpath": posixpath.normpath,
    "os.path.normcase": posixpath.normcase,
}
