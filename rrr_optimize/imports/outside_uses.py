"""The names of one file that other files may take from it, however they do: they stay when all else goes."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import INIT

if TYPE_CHECKING:
    from rrr_optimize.facts.codebase import Codebase

_MOST_READERS = 500


class OutsideUses:
    """Contains each name that another file may take from one; it is looked for when somebody asks.

    Others are files with an import, or a text that names a module, in which the name of the file stands, and those in
    which a name of these does. They take a name by an import, as an attribute (`config.ROOT`, `"config.ROOT"`), as a
    text (`getattr(config, "ROOT")`), by a star, or with all others (`vars(config)`). Where there are too many of them,
    every name is taken.
    """

    def __init__(self, codebase: Codebase, path: str) -> None:
        self._codebase = codebase
        self._path = path
        self._known: dict[str, bool] = {}

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if name not in self._known:
            self._known[name] = self._readers is None or any(self._takes(reader, name) for reader in self._readers)
        return self._known[name]

    @cached_property
    def _readers(self) -> list[str] | None:
        """The other files, or None where there are too many."""
        found = {self._path: None}
        waiting = [self._path]
        while waiting:
            for other in self._codebase.files_with({_stem(waiting.pop())}):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
            if len(found) > _MOST_READERS:
                return None
        del found[self._path]
        return list(found)

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(map(_stem, (self._path, *(self._readers or ()))))

    @cached_property
    def _taking_all(self) -> re.Pattern[bytes]:
        stem = re.escape(_stem(self._path).encode())
        return re.compile(
            rb"\b(?:dir|vars|getmembers|from_object)\s*\(\s*[\"']?[\w.]*\b%s\b|\b%s\s*\.\s*__dict__" % (stem, stem)
        )

    def _takes(self, reader: str, name: str) -> bool:
        texts = self._codebase.texts.get(reader, ())
        # A module is named by its last part; dots alone name a package.
        if any(name in text.names and text.module.rpartition(".")[2] in {"", *self._stems} for text in texts):
            return True
        data = self._codebase.snapshot.peek(reader) or b""
        word = re.escape(name.encode())
        # `pathlib.Path` is no use of what a file imports as Path.
        dotted = rb"(?<!\bpathlib)(?<!\bos)\s*\.\s*%s\b" % word
        if re.search(rb"%s|[\"']%s[\"']" % (dotted, word), data) or self._taking_all.search(data):
            return True
        return bool(re.search(rb"\bimport\s*\(?\s*\*", data) and re.search(rb"\b%s\b" % word, data))


def _stem(path: str) -> str:
    """Return the last part of a module's name: that of its folder for a package."""
    stem = posixpath.basename(path).partition(".")[0]
    return posixpath.basename(posixpath.dirname(path)) if stem == INIT else stem
