"""Modules that are not in a repository and are no mistake: made by a build, ignored, left out, or not checked out."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.workspace.ignores import IgnoreFile

# protoc, setuptools-scm and its like, Qt's tools, PLY, ANTLR.
_MADE = re.compile(
    r".*_pb2(?:_\w+)?|_?_?version(?:_?_|_info)?|_build\w*|_generated\w*|generated\w*|ui_\w+|\w+_rc|parsetab|lextab"
    r"|\w+(?:Lexer|Parser|Visitor|Listener)|_about|__about__|_?git_?version"
)
_BUILD_FILES = (
    "setup.py",
    "build.py",
    "CMakeLists.txt",
    "meson.build",
    "SConstruct",
    "SConscript",
    "BUILD",
    "BUILD.bazel",
)


class MadeModules:
    """Tells of modules that are missing from one codebase whether somebody makes them."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._snapshot = codebase.snapshot
        self._known: dict[tuple[str, str], bool] = {}
        self._ignoring: dict[str, list[IgnoreFile]] = {}

    def is_made(self, folder: str, name: str) -> bool:
        """Return whether a module of this name may be in a folder when the program runs."""
        key = (folder, name)
        if key not in self._known:
            self._known[key] = self._look_for(folder, name)
        return self._known[key]

    def is_on_disk(self, folder: str, name: str) -> bool:
        """Return whether a folder has something of this name, listed or not."""
        path = join(folder, name)
        return any(self._snapshot.is_there(each) for each in (path, f"{path}.py", f"{path}.pyc"))

    def is_ignored_folder(self, folder: str) -> bool:
        """Return whether git ignores a folder."""
        return folder != "." and self._is_ignored(folder, is_folder=True)

    def is_left_out(self, folder: str, name: str) -> bool:
        """Return whether a module of this name is made or ignored, going by its name and its place alone."""
        path = join(folder, name)
        return (
            _MADE.fullmatch(name) is not None
            or folder in self._stems.get(name, ())
            # pyuic writes dialog_ui.py beside dialog.ui.
            or (name.endswith("_ui") and self._snapshot.is_file(f"{path.removesuffix('_ui')}.ui"))
            or any(path == each or path.startswith(f"{each}/") for each in self._codebase.submodules)
            or any(
                self._is_ignored(each, is_folder=is_folder) for each, is_folder in ((path, True), (f"{path}.py", False))
            )
        )

    def _look_for(self, folder: str, name: str) -> bool:
        return self.is_left_out(folder, name) or self.is_on_disk(folder, name) or self._is_built(folder, name)

    @cached_property
    def _stems(self) -> Mapping[str, set[str]]:
        """Where files of another language stand that may become modules: Cython, C, stubs, protocols, templates."""
        found: dict[str, set[str]] = {}
        for path in self._snapshot.files:
            folder, file = posixpath.split(path)
            stem, _, suffix = file.partition(".")
            if suffix and suffix != "py":
                found.setdefault(stem, set()).add(folder or ".")
        return found

    def _is_built(self, folder: str, name: str) -> bool:
        """Tell whether a build file in the folder, or above it, has the name of the module in it."""
        word = re.compile(rb"\b%s\b" % re.escape(name.encode()))
        while True:
            for file in _BUILD_FILES:
                path = join(folder, file)
                if self._snapshot.is_file(path) and word.search(self._snapshot.peek(path) or b""):
                    return True
            if folder == ".":
                return False
            folder = posixpath.dirname(folder) or "."

    def _is_ignored(self, path: str, *, is_folder: bool) -> bool:
        from rrr_optimize.workspace.ignores import is_ignored

        folder = posixpath.dirname(path)
        return is_ignored(path, self._ignore_files(folder), is_folder=is_folder) or (
            bool(folder) and self._is_ignored(folder, is_folder=True)
        )

    def _ignore_files(self, folder: str) -> list[IgnoreFile]:
        """Return the .gitignore files from the root down to a folder, which is "" for the root."""
        from rrr_optimize.workspace.ignores import IgnoreFile

        if folder not in self._ignoring:
            found = list(self._ignore_files(posixpath.dirname(folder))) if folder else []
            path = join(folder or ".", ".gitignore")
            if self._snapshot.is_file(path) and (data := self._snapshot.peek(path)) is not None:
                found.append(IgnoreFile.parse(f"{folder}/" if folder else "", data.decode("utf-8", "replace")))
            self._ignoring[folder] = found
        return self._ignoring[folder]
