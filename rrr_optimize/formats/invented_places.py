"""Invented places for a file and for the working directory, and what a path there says of the true ones.

A file lies deep below an invented root and the working directory elsewhere, so that whatever a path expression makes of
either can be told relative to it.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_forms import PathBase, PathValue
from rrr_optimize.formats.path_operations import UnknownValueError, look_up_reason

if TYPE_CHECKING:
    from rrr_optimize.formats.path_operations import Value

# No folder can be called so, and nobody climbs so far.
_ABOVE_ROOT, _ABOVE_WORKING = "/\0", "/\0."
_ROOT = f"{_ABOVE_ROOT * 16}/\0root"
WORKING = f"{_ABOVE_WORKING * 16}/\0working"
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def invent_place(path: str) -> str:
    """Return where a file of the repository lies, by its path from the root."""
    return f"{_ROOT}/{path}"


def tell_folder(value: Value) -> PathValue:
    """Return the folder that a path in an invented place means. Raises UnknownValueError for what is no path."""
    match value:
        case PurePosixPath():
            return replace(tell_folder(str(value)), is_text=False)
        case str():
            text = value
        case _:
            raise UnknownValueError(look_up_reason(value))
    if text.startswith(_ABOVE_WORKING):
        return PathValue(PathBase.CWD, _relative(text, WORKING))
    if text.startswith(_ABOVE_ROOT):
        return PathValue(PathBase.FILE, _relative(text, _ROOT))
    if "\0" in text:
        raise UnknownValueError("it joins two whole paths")
    if text.startswith(("/", "\\")) or _DRIVE.match(text):
        return PathValue(PathBase.ABSOLUTE, posixpath.normpath(text))
    return PathValue(PathBase.CWD, posixpath.normpath(text))


def _relative(path: str, start: str) -> str:
    """Return what `os.path.relpath` does, which takes long where the path is below, as most are."""
    path = posixpath.normpath(path)
    return path[len(start) + 1 :] if path.startswith(f"{start}/") else posixpath.relpath(path, start)
