"""Edit a TOML file losslessly: many operations at once, by the spans of our reader, judged by tomllib.

The data of the result are compared with the data that the operations mean to make; where they differ nothing is edited.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from typing import TYPE_CHECKING, Any, assert_never

from rrr_optimize.formats.refusal import MISREAD, Refusal
from rrr_optimize.formats.specifier_text import respecify
from rrr_optimize.formats.text_edits import edit_text, make_edits
from rrr_optimize.formats.toml_arrays import edit_array
from rrr_optimize.formats.toml_keys import add_keys, remove_keys
from rrr_optimize.formats.toml_operations import (
    AddEntries,
    AddKey,
    Operation,
    Path,
    RemoveEntry,
    RemoveKey,
    SetRequirement,
    SetText,
)
from rrr_optimize.formats.toml_spans import read_toml
from rrr_optimize.formats.toml_strings import fits
from rrr_optimize.formats.unreadable import TomlError
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.formats.toml_keys import Value
    from rrr_optimize.formats.toml_spans import TomlFile
    from rrr_optimize.model import Edit
    from rrr_optimize.source import SourceText


def edit_toml(source: SourceText, operations: Sequence[Operation]) -> tuple[Edit, ...] | Refusal:
    """Return the edits that carry out the operations, in order and without overlap, or why one of them is refused.

    Comments, order, quotes, spacing, line ends and last commas stay. A string that says it already makes no edit.
    Refused: a string with escapes, one that would need escapes in its quotes, paths where nothing of the kind stands,
    operations that contradict each other, and whatever tomllib does not read as meant afterwards. Raises TomlError for
    a text that is not TOML.
    """
    editor = _Editor(read_toml(source))
    for operation in operations:
        if refusal := editor.take(operation):
            return refusal
    changes = editor.changes()
    if isinstance(changes, Refusal):
        return changes
    edits = make_edits(source, changes)
    after = edit_text(source, edits)
    if isinstance(after, Refusal):
        return after
    try:
        is_meant = set(leaves(read_toml(after).data)) == set(leaves(editor.expected()))
    except TomlError as error:
        return Refusal(f"the result would not be TOML: {error.message}")
    return edits if is_meant else Refusal(MISREAD)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every value below with its path, told exactly: 1, 1.0 and true differ, and nan equals itself."""
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, repr(value)


class _Editor:
    """The operations on one file, by what they change."""

    def __init__(self, toml: TomlFile) -> None:
        self.toml = toml
        self.texts: dict[Path, str] = {}
        self.spans: dict[Path, tuple[Span, str]] = {}
        self.removed: defaultdict[Path, set[int]] = defaultdict(set)
        self.added: defaultdict[Path, list[str]] = defaultdict(list)
        self.keys: defaultdict[tuple[str, ...], dict[str, Value]] = defaultdict(dict)
        self.gone: list[Path] = []

    def take(self, operation: Operation) -> Refusal | None:
        match operation:
            case SetText(path, text):
                return self.set_text(path, text)
            case SetRequirement(path, specifier):
                return self.set_requirement(path, specifier)
            case AddEntries(path, entries):
                self.added[path] += entries
            case RemoveEntry((*path, index)) if isinstance(index, int):
                self.removed[tuple(path)].add(index)
            case RemoveEntry(path):
                return Refusal("an entry is named by its index", self.toml.span(*path))
            case AddKey(path, value):
                if self.keys[path[:-1]].setdefault(path[-1], value) != value:
                    return Refusal(f"{path[-1]} is to have two values")
            case RemoveKey(path):
                self.gone += [] if path in self.gone else [path]
            case _:
                assert_never(operation)
        return None

    def set_text(self, path: Path, text: str) -> Refusal | None:
        span, content = self.toml.span(*path), self.toml.content_span(*path)
        if span is None or content is None:
            return Refusal(f"no plain string stands at {'.'.join(map(str, path))}", span)
        if not fits(text, self.toml.source.slice(span)):
            return Refusal(f"{text!r} does not fit between the quotes", span)
        if self.texts.get(path, text) != text:
            return Refusal("the string is to say two things", span)
        self.texts[path] = text
        self.spans[path] = content, text
        return None

    def set_requirement(self, path: Path, specifier: str) -> Refusal | None:
        content = self.toml.content_span(*path)
        if content is None:
            return Refusal(f"no plain string stands at {'.'.join(map(str, path))}", self.toml.span(*path))
        found = respecify(self.toml.source.slice(content), specifier)
        if isinstance(found, Refusal):
            return Refusal(found.reason, content)
        text = self.toml.source.slice(content)
        if refusal := self.set_text(path, found.apply(text) if found else text):
            return refusal
        if found:
            self.spans[path] = Span(content.start + found.start, content.start + found.end), found.replacement
        return None

    def changes(self) -> list[tuple[Span, str]] | Refusal:
        value = self.toml.value
        changes = [self.spans[path] for path, text in self.texts.items() if value(*path) != text]
        for path in {**self.removed, **self.added}:
            found = edit_array(self.toml, path, self.removed[path], self.added[path])
            if isinstance(found, Refusal):
                return found
            changes += found
        gone = remove_keys(self.toml, self.gone) if self.gone else iter(())
        if isinstance(gone, Refusal):
            return gone
        changes += [(span, "") for span in gone]
        # A new table comes last, where a key may be added to the last table that there is.
        for table in sorted(self.keys, key=self.is_new):
            added = add_keys(self.toml, table, self.keys[table])
            if isinstance(added, Refusal):
                return added
            changes.append(added)
        return changes

    def expected(self) -> dict[str, Any]:
        data = deepcopy(self.toml.data)
        for path, text in self.texts.items():
            _at(data, path[:-1])[path[-1]] = text
        for path in {**self.removed, **self.added}:
            entries = _at(data, path)
            kept = [entry for number, entry in enumerate(entries) if number not in self.removed[path]]
            entries[:] = [*kept, *self.added[path]]
        for path in self.gone:
            self.delete(data, path)
        for table, values in self.keys.items():
            _at(data, table).update({k: v if isinstance(v, str) else list(v) for k, v in values.items()})
        return data

    def is_new(self, table: tuple[str, ...]) -> bool:
        node = self.toml.find(*table)
        return bool(table) and (node is None or node.body is None)

    def delete(self, data: dict[str, Any], path: Path) -> None:
        """Take a key out of the data, and the tables that only its dots stood for."""
        del _at(data, path[:-1])[path[-1]]
        for end in range(len(path) - 1, 0, -1):
            node = self.toml.find(*path[:end])
            if _at(data, path[:end]) or node is None or node.body or node.span:
                break
            del _at(data, path[: end - 1])[path[end - 1]]


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data.setdefault(part, {}) if isinstance(part, str) and isinstance(data, dict) else data[part]
    return data
