"""Write a Compose file's short forms out, and its paths from the root of the repository."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.facts.compose.long_forms import SECTIONS, from_plain
from rrr_optimize.facts.compose.sequences import drop_repeated
from rrr_optimize.formats.compose_short_forms import LongForm, ShortFormError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rrr_optimize.facts.compose.pairs import Rewrite
    from rrr_optimize.facts.compose.problems import Problems
    from rrr_optimize.formats.yaml_values import Value


_ANCHORED = re.compile(r"[/~]|\\\\|[A-Za-z]:[\\/]")
_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


class Canonical:
    """Rewrites one file; `directory` is what its relative paths start from."""

    def __init__(self, directory: str, problems: Problems) -> None:
        self.directory = directory
        self.problems = problems

    def rewrite(self, model: Value) -> Value:
        """Return the model in its long forms; what is of the wrong type stays as it is."""
        sections = dict(model.mapping)
        for name, rewrites in SECTIONS.items():
            section = sections.get(name)
            if section and isinstance(section.data, dict):
                made = {key: self._entries(value, (name, "*"), rewrites) for key, value in section.data.items()}
                sections[name] = section.with_data(made)
        return model.with_data(dict(sections))

    def _entries(self, value: Value, pattern: tuple[str, ...], rewrites: dict[str, Rewrite]) -> Value:
        if not isinstance(value.data, dict):
            return value
        entries = dict(value.data)
        for key, entry in entries.items():
            rewrite = rewrites.get(key)
            made = rewrite(self, entry) if rewrite else entry
            if isinstance(made.data, list):
                made = made.with_data(drop_repeated((*pattern, key), made.data))
            entries[key] = made
        return value.with_data(entries)

    def path(self, value: Value) -> Value:
        """Return a path, joined to the directory unless it is absolute or in a home; the latter is cleaned, too."""
        text = value.text
        if not text or not isinstance(value.data, str):
            return value
        if text.startswith("~/") and (cleaned := posixpath.normpath(text)).startswith("~"):
            return value.with_data(cleaned)
        if _ANCHORED.match(text):
            return value
        return value.with_data(posixpath.normpath(posixpath.join(self.directory, text)))

    def context(self, value: Value) -> Value:
        """Return a build context; a repository, an image and another service are no paths."""
        is_remote = "://" in value.text or value.text.startswith(("service:", *_REMOTE))
        return value if is_remote else self.path(value)

    def long_form(self, value: Value, read: Callable[[str], LongForm]) -> Value:
        """Return a short form written out, or as it is where it cannot be read."""
        if isinstance(value.data, dict | list):
            return value
        try:
            return from_plain(read(value.text), value)
        except ShortFormError as error:
            self.problems.add("short-form", value.place, str(error), value.text)
            return value
