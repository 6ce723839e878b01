"""Requirements that name a place: a URL, a version control address, an archive, a folder."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from rrr_optimize.formats.requirement_syntax import Problem

NO_EDITABLE = "an editable needs a path or a VCS URL"

_SYSTEMS = {
    "bzr": "http https ssh sftp ftp lp file",
    "git": "http https ssh git file",
    "hg": "file http https ssh static-http",
    "svn": "ssh http https svn file",
}
_VERSION_CONTROL = frozenset(
    f"{system}+{transport}" for system, transports in _SYSTEMS.items() for transport in transports.split()
)
_SCHEMES = _VERSION_CONTROL | {"http", "https", "file", "ftp"}
_COMPRESSIONS = ("gz", "bz2", "xz", "lz", "lzma")
_ARCHIVES = {".zip", ".whl", ".tbz", ".tgz", ".txz", ".tlz", ".tar", *(f".tar.{name}" for name in _COMPRESSIONS)}
_EGG = re.compile(r"[#&]egg=([^&]*)")
_EGG_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[([^\]]*)\])?")
_FOLDER = re.compile(r"\.\.?(?:/.*)?|/[^/\s].*|[\w.~${}-]+(?:/[\w.~${}@+-]*)+|[A-Za-z]:[\\/].*")
# Two letters at least: one is a Windows drive.
_FOREIGN_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_SHORT_SSH = re.compile(r"[\w.-]+@[\w.-]+:[^/].*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be had, without its extras; a name only where the address says it.

    `egg_extras` says that the extras stand in an egg fragment.
    """

    target: str
    name: str = ""
    name_at: tuple[int, int] | None = None
    extras: tuple[str, ...] = ()
    egg_extras: bool = False


def is_url(text: str) -> bool:
    """Return whether pip takes the text for a URL. Raises ValueError for one with a broken host."""
    return ":" in text and urlsplit(text).scheme in _SCHEMES


def is_archive(text: str) -> bool:
    """Return whether pip takes the text for the name of an archive, whether or not there is one."""
    base, extension = posixpath.splitext(split_extras(posixpath.normpath(text))[0])
    if base.lower().endswith(".tar"):
        extension = base[-4:] + extension
    if extension.lower() not in _ARCHIVES:
        return False
    before, at, _ = text.partition("@")
    return not at or "/" in before or before.startswith(".")


def looks_like_folder(text: str) -> bool:
    """Return whether the text reads like the path of a folder; pip would look whether there is one."""
    return bool(_FOLDER.fullmatch(_split_path(text)[0]))


def split_extras(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a path and the extras in brackets behind it."""
    path, bracket, names = text[:-1].rpartition("[")
    if not text.endswith("]") or not bracket or not names or "]" in names:
        return text, ()
    return path.rstrip(), split_names(names)


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a list with commas, as spelled."""
    return tuple(name for part in text.split(",") if (name := part.strip()))


def read_url(text: str) -> Place | Problem:
    """Read a URL that stands by itself."""
    parts = urlsplit(text)
    if parts.scheme == "file" and not text.startswith("file:"):
        return Problem("pip opens a file URL only if it begins with file: in lower case", 0, len(text))
    path = posixpath.basename(parts.path.rstrip("/"))
    if path.endswith(".whl"):
        return _check_wheel(unquote(path), text) or Place(text)
    return read_egg(text)


def read_egg(text: str) -> Place | Problem:
    """Read the name that an address gives in its fragment. Raises ValueError for one with a broken host."""
    urlsplit(text)
    match = _EGG.search(text)
    if not match:
        return Place(text)
    egg = _EGG_NAME.fullmatch(match[1])
    if not egg:
        return Problem(f"{match[1]!r} in the egg fragment is no name of a package", match.start(1), match.end(1))
    start = match.start(1)
    return Place(text, egg[1], (start, start + len(egg[1])), split_names(egg[2] or ""), egg_extras=egg[2] is not None)


def read_path(text: str) -> Place | Problem:
    """Read the path of an archive or a folder."""
    target, extras = _split_path(text)
    if target.endswith(".whl") and (problem := _check_wheel(re.split(r"[\\/]", target)[-1], text)):
        return problem
    return Place(target, extras=extras)


def read_editable_place(text: str) -> Place | Problem:
    """Read what `-e` names: a folder with or without extras, or a URL of version control that says its egg.

    Raises ValueError for a URL with a broken host.
    """
    bare, extras = split_extras(text)
    if text.startswith("file:"):
        place = read_egg(bare)
        return place if isinstance(place, Problem) else Place(bare, place.name, place.name_at, extras)
    system = text.lower().partition(":")[0]
    if is_editable_target(f"{system}+{text}" if system in _SYSTEMS else text):
        place = read_egg(text)
        if isinstance(place, Place) and not place.name:
            return Problem("nothing says which package this is: write `name @ URL` or add #egg=name", 0, len(text))
        return place
    if _SHORT_SSH.fullmatch(text) or _FOREIGN_SCHEME.match(text):
        return Problem(NO_EDITABLE, 0, len(text))
    return Place(bare, extras=extras)


def is_editable_target(url: str) -> bool:
    """Return whether `-e` takes this URL: version control or a local file. Raises ValueError for a broken host."""
    return urlsplit(url).scheme in _VERSION_CONTROL or url.startswith("file:")


def _split_path(text: str) -> tuple[str, tuple[str, ...]]:
    # pip tidies the path before it looks for extras, so a slash may follow them.
    path, extras = split_extras(text.rstrip("/"))
    return (path, extras) if extras else (text, ())


def _check_wheel(name: str, text: str) -> Problem | None:
    try:
        parse_wheel_filename(name)
    except InvalidWheelFilename as error:
        return Problem(str(error), 0, len(text))
    return None
