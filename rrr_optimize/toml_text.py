"""Load TOML that somebody else wrote, and walk its data without trusting its shape.

Whatever the text is, there is either its data or one error, in little time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_PARTS = 100
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
# tomllib keeps every beginning of a dotted key, so that a key of n parts takes n² memory.
_LONG_KEY = re.compile(rf"(?<![\w.\-\"'])(?:{_PART}[ \t]*\.[ \t]*){{{_MAX_PARTS}}}")


class TomlTextError(ValueError):
    """The text is not TOML, or nests deeper than we follow; the message says what and where."""


def load_toml(text: str) -> dict[str, Any]:
    """Return the data of a TOML text (version 1.0). Raises TomlTextError and nothing else."""
    import tomllib

    if _LONG_KEY.search(text):
        raise TomlTextError(f"a key has more than {_MAX_PARTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise TomlTextError("it is nested too deeply") from None
    except ValueError as error:  # a TOMLDecodeError, or an integer with more digits than Python converts
        raise TomlTextError(str(error)) from None


def table(data: Any, *path: str) -> Mapping[str, Any]:
    """Return the table at a key path, or an empty one where there is none or something else."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def strings(value: Any) -> tuple[str, ...]:
    """Return the strings of an array, none of anything else."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
