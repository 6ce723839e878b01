"""Requirements files that something other than pip reads, line by line: a `-r` breaks it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Kind
from rrr_optimize.facts.installer import PROJECT_KINDS
from rrr_optimize.model import Location, Span
from rrr_optimize.requirements.layouts.hindrances import Hindrance

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rrr_optimize.facts.repository import Repository

_READS = re.compile(r"\b(?:open|read_text|read_bytes|readlines|parse_requirements|read_requirements|splitlines)\b")
_TEXT = re.compile(r"""["']([^"'\n]*\.(?:txt|in))["']""")
# A file beside the build file, with or without a colon, or one of another package of the build.
_LABEL = re.compile(r"""["'](?:(?://([^:"'\n]*))?:)?([^:"'\n]*\.(?:txt|in))["']""")
_BUILD_FILES = ("WORKSPACE", "WORKSPACE.bazel", "MODULE.bazel", "BUILD", "BUILD.bazel", "BUILD.pants")
_HINT = "write the requirements out in the metadata, or let it read a file that nothing else includes"


def find_read_files(repository: Repository, paths: Collection[str]) -> dict[str, Hindrance]:
    """Return which of the requirements files are read by something that does not follow a `-r`, and by what.

    That is setuptools (`file:` in its dynamic metadata), a setup.py or another Python file that names the file and
    reads it, Hatch's plugin for requirements files, and Bazel or Pants.
    """
    found: dict[str, Hindrance] = {}
    for path, hindrance in (
        *_read_by_setuptools(repository),
        *_read_by_hatch(repository),
        *_read_by_python(repository, paths),
        *_read_by_build_files(repository, paths),
    ):
        if path in paths:
            found.setdefault(path, hindrance)
    return found


def _read_by_setuptools(repository: Repository) -> Iterator[tuple[str, Hindrance]]:
    for source in repository.requirements.sources:
        if source.kind in PROJECT_KINDS:
            for include in source.includes:
                yield include.target, _explain(include.location, "setuptools reads it line by line")


def _read_by_hatch(repository: Repository) -> Iterator[tuple[str, Hindrance]]:
    for source in repository.requirements.sources:
        text = repository.snapshot.text(source.path) if source.kind is Kind.PYPROJECT else None
        if text and "requirements_txt" in text.text:
            for match in _TEXT.finditer(text.text):
                path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), match[1]))
                yield path, _explain(text.locate(Span(*match.span(1))), "a plugin of Hatch reads it line by line")


def _read_by_python(repository: Repository, paths: Collection[str]) -> Iterator[tuple[str, Hindrance]]:
    names = sorted({posixpath.basename(path) for path in paths})
    holding = repository.find_holding(names, [".py"]) if repository.find_holding and names else ()
    for script in sorted(holding):
        source = repository.snapshot.text(script)
        if source is not None and posixpath.basename(script) != "noxfile.py":
            is_setup = posixpath.basename(script) == "setup.py"
            for match in _TEXT.finditer(source.text):
                if is_setup or _READS.search(_line_around(source.text, match.start())):
                    for path in _meant_by(match[1], posixpath.dirname(script), paths, is_setup=is_setup):
                        yield path, _explain(source.locate(Span(*match.span(1))), f"{script} reads it")


def _meant_by(name: str, folder: str, paths: Collection[str], *, is_setup: bool) -> Iterator[str]:
    """Yield the files that a name in a script of a folder may mean: beside it, from the root, joined to one folder."""
    places = {posixpath.normpath(posixpath.join(folder, name)), posixpath.normpath(name)}
    for path in paths:
        parent = posixpath.dirname(posixpath.dirname(path))
        if path in places or (is_setup and parent == folder and posixpath.basename(path) == name):
            yield path


def _line_around(text: str, offset: int) -> str:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : end if end >= 0 else len(text)]


def _read_by_build_files(repository: Repository, paths: Collection[str]) -> Iterator[tuple[str, Hindrance]]:
    for script in (path for name in _BUILD_FILES for path in repository.snapshot.files_named(name)):
        source = repository.snapshot.text(script)
        for match in _LABEL.finditer(source.text) if source else ():
            inside, target = match.groups()
            folder = posixpath.dirname(script) if inside is None else inside
            path = posixpath.normpath(posixpath.join(folder, target))
            if source and path in paths:
                where = source.locate(Span(*match.span()))
                yield path, _explain(where, "a build tool reads it line by line")


def _explain(location: Location, how: str) -> Hindrance:
    return Hindrance(f"{how} ({location}), which does not follow -r", _HINT, location)
