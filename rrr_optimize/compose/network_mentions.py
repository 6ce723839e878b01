"""Where something other than a Compose file names a network: a script, a pipeline, a mounted configuration, a guide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from rrr_optimize.model import Location
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

    Search = Callable[[Sequence[str], Sequence[str]], Iterable[str]]

# Where a name stands that is surely that of a Docker network: `--network x`, `docker network inspect x`, `network: x`.
_BEFORE = (
    r"(?:--net(?:work)?(?:-name)?[= ]\s*[\"']?"
    r"|\bnetwork (?:connect|create|disconnect|inspect|rm)(?: -{1,2}\S+)* [\"']?"
    r"|(?<![\w-])(?:docker[._-]?)?network(?:_?(?:name|mode))?[\"']?\s?[:=]\s?[\"']?)"
)
_SUFFIXES = (
    *(".sh", ".bash", ".zsh", ".ps1", ".bat", ".mk", "akefile", "justfile", ".py", ".js", ".ts", ".go", ".rb"),
    *(".yml", ".yaml", ".toml", ".json", ".ini", ".cfg", ".conf", ".env", ".md", ".rst", ".txt", "Jenkinsfile"),
)


def find_mentions(
    snapshot: Snapshot, search: Search, full_names: Mapping[str, str], apart_from: Collection[str]
) -> Iterator[tuple[str, Location]]:
    """Yield the first place outside of Compose files that names each of these networks, by the key in their files.

    `full_names` are what Docker calls them; one that begins with an underscore has the name of a folder before it,
    which may be any. `apart_from` are files that say what networks there are.
    """
    if not full_names:
        return
    files = [path for path in search(list(full_names), _SUFFIXES) if path not in apart_from]
    texts = [text for path in files if (text := snapshot.text(path))]
    for name, full in full_names.items():
        pattern = re.compile(rf"{_BEFORE}(?P<name>{_spell(name, full)})(?![\w-])")
        place = next((found for text in texts if (found := _find(text, pattern))), None)
        if place is not None:
            yield name, place


def _spell(name: str, full: str) -> str:
    return rf"[a-z0-9][a-z0-9_-]*{re.escape(full)}" if full == f"_{name}" else re.escape(full or name)


def _find(source: SourceText, pattern: re.Pattern[str]) -> Location | None:
    match = pattern.search(source.text)
    return source.locate(Span(match.start("name"), match.end("name"))) if match else None
