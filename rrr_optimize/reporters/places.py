"""Places as the tools of a code host take them: paths from the top of the repository, ends never before starts."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from rrr_optimize.safe_text import mask

if TYPE_CHECKING:
    from rrr_optimize.model import Location


def repository_path(folder: str, path: str) -> str:
    """Return a path of the report as seen from the top of the repository; `folder` is where the root lies in it."""
    return posixpath.normpath(f"{folder}/{path}") if folder else path


def relative_uri(path: str) -> str:
    """Return a path as a relative URI (RFC 3986, 4.2): its bytes, percent-encoded, with credentials masked.

    Bytes of a file name that are not UTF-8 stay those bytes, so that the URI still names the file.
    """
    masked = mask(path)
    try:
        data = masked.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # Half a pair, as a file name of Windows can hold; no other system has it.
        data = masked.encode("utf-8", "surrogatepass")
    return quote(data, safe="/")


def end_of(place: Location) -> tuple[int, int]:
    """Return the line and column after a place; those of its start where it has no extent."""
    return max((place.line, place.column), (place.end_line, place.end_column))
