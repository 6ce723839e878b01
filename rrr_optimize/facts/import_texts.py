"""The imports of very many files, found without parsing them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.workspace.memory import NoMemory, key_of_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rrr_optimize.workspace.memory import Memory
    from rrr_optimize.workspace.snapshot import Snapshot

_NO_MEMORY = NoMemory()
# A line of a notebook is a string of JSON: it begins with a quote.
_IMPORT = re.compile(
    rb"""^[ \t]*(?:"[ \t]*)?(?:
      from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\r\n\#\\]*(?:\\\r?\n[^\r\n\#\\]*)*)
      | import[ \t]+(?P<modules>[^\r\n\#;]*))
    | (?P<quote>["'])(?P<text>[A-Za-z_]\w*(?:\.\w+)+)(?:(?P=quote)|:[\w.]+(?P=quote))
    | \b(?:import_module|__import__)\(\s*["'](?P<called>[\w.]+)
    | ;[ \t]*import[ \t]+(?P<inline>[^\r\n\#;]*)""",
    re.MULTILINE | re.VERBOSE,
)
# Where the pattern above may match. Each begins with what the regex engine finds fast; that one is tried at every
# byte, which takes four times as long.
_INLINE = re.compile(rb";[ \t]*import")
_QUOTED = re.compile(rb"""["'][A-Za-z_]\w*(?=\.\w)""")
_MARK = re.compile(rb"import")
_WORD = re.compile(r"[A-Za-z_]\w*")
_DOTTED = re.compile(r"[A-Za-z_][\w.]*")
_AS = re.compile(r"\bas\s+\w+")
_COMMENT = re.compile(r"#[^\n]*")


@dataclass(frozen=True, slots=True)
class ImportText:
    """What the text of an import says; `module` may begin with dots. `is_text` marks a string that names a module."""

    module: str
    names: tuple[str, ...] = ()
    is_text: bool = False

    @property
    def words(self) -> frozenset[str]:
        """Every name in it."""
        return frozenset((*_WORD.findall(self.module), *self.names))


def find_import_texts(
    snapshot: Snapshot, paths: Iterable[str], memory: Memory = _NO_MEMORY
) -> Mapping[str, tuple[ImportText, ...]]:
    """Return the imports of files as a look at their lines finds them, each once.

    More may be found than there are (in a text between quotes, say), and none that the parser finds is missed, apart
    from imports that no formatter would leave as they are.
    """
    found: dict[str, tuple[ImportText, ...]] = {}
    for path in paths:
        key = key_of_state(snapshot, path)
        known = memory.recall("texts", key) if key else None
        if known is None:
            data = snapshot.peek(path)
            texts = tuple(dict.fromkeys(_read(data))) if data is not None and b"import" in data else ()
            if key:
                memory.learn("texts", key, [[text.module, text.names, text.is_text] for text in texts])
        else:
            texts = tuple(ImportText(module, tuple(names), is_text) for module, names, is_text in known)
        if texts:
            found[path] = texts
    return found


def _read(data: bytes) -> Iterator[ImportText]:
    for match in _matches(data):
        part = {name: value.decode("utf-8", "replace") for name, value in match.groupdict(b"").items()}
        if part["module"]:
            names = _AS.sub("", _COMMENT.sub("", part["names"]))
            yield ImportText(part["module"], tuple(_WORD.findall(names)))
        elif part["text"]:
            yield ImportText(part["text"], is_text=True)
        else:
            for module in _DOTTED.findall(_AS.sub("", part["modules"] or part["inline"] or part["called"])):
                yield ImportText(module)


def _matches(data: bytes) -> Iterator[re.Match[bytes]]:
    """Yield what `_IMPORT.finditer` would."""
    end = 0
    for start in sorted(set(_places(data))):
        if start >= end and (match := _IMPORT.match(data, start)):
            yield match
            end = match.end()


def _places(data: bytes) -> Iterator[int]:
    line = looked = 0
    for match in _MARK.finditer(data):
        at = match.start()
        line = data.rfind(b"\n", looked, at) + 1 or line
        looked = at
        # The beginning of its line, `import_module`, `__import__`.
        yield from (line, at, max(0, at - 2))
    for pattern in (_INLINE, _QUOTED):
        yield from (match.start() for match in pattern.finditer(data))
