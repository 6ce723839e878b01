"""The folders that PYTHONPATH is given anywhere in a repository, whoever reads that text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rrr_optimize.workspace.snapshot import Snapshot

SUFFIXES = (
    *("Dockerfile", ".dockerfile", "Makefile", ".mk", ".sh", ".bash", ".bat", ".ps1", ".yml", ".yaml", ".toml"),
    *(".cfg", ".ini", ".env", ".md", ".rst", ".txt", ".ipynb", ".json", ".py", "Jenkinsfile", ".envrc"),
)
_VALUE = re.compile(r"""PYTHONPATH(?:["']?\s*[:,=]|[ \t])\s*(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s"'`]*)""")
_ITSELF = re.compile(r"\$\{?(?:env:)?PYTHONPATH\b[^}:;]*\}?|%PYTHONPATH%")
_HERE = re.compile(r"\$\(pwd\)|\$\{?PWD\}?|\$\{\{\s*github\.workspace\s*\}\}|\$\{workspaceFolder\}")
_PART = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True, slots=True)
class PythonPaths:
    """Folders that PYTHONPATH may name, and the files that give it one which only running something would tell."""

    folders: frozenset[str]
    unknown: tuple[str, ...] = ()


def read_python_paths(
    snapshot: Snapshot, find_holding: Callable[[Sequence[str], Sequence[str]], Iterable[str]]
) -> PythonPaths:
    """Return every folder whose path ends in what some text gives to PYTHONPATH: rather too many than too few.

    Where a machine or an image has its copy of the repository nobody can tell, so the longest end of a path that is a
    folder here counts.
    """
    by_name: dict[str, list[str]] = {}
    for folder in snapshot.folders:
        by_name.setdefault(folder.rpartition("/")[2], []).append(folder)
    found: set[str] = set()
    unknown: list[str] = []
    for path in find_holding(("PYTHONPATH",), SUFFIXES):
        text = (snapshot.peek(path) or b"").decode("utf-8", "replace")
        for entry in _entries(text):
            parts = _PART.findall(entry.rpartition("}")[2] if "${" in entry else re.sub(r"\$\w+", "", entry))
            if parts:
                found |= _ending_in(parts, by_name)
            elif "$" in entry or "`" in entry:
                unknown.append(path)
    return PythonPaths(frozenset(found), tuple(dict.fromkeys(unknown)))


def _entries(text: str) -> Iterator[str]:
    for match in _VALUE.finditer(_HERE.sub("", _ITSELF.sub("", text))):
        yield from re.split(r"[:;]", match["value"].strip("\"'"))


def _ending_in(parts: Sequence[str], by_name: dict[str, list[str]]) -> set[str]:
    for first in range(len(parts)):
        tail = "/".join(parts[first:])
        matching = {each for each in by_name.get(parts[-1], ()) if f"/{each}".endswith(f"/{tail}")}
        if matching:
            return matching
    return set()
