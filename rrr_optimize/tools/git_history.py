"""Earlier contents of files, from git: a bounded walk back, and the tips of other branches."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rrr_optimize.errors import GitFailedError
from rrr_optimize.tools.git import Git
from rrr_optimize.workspace.syntax import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rrr_optimize.workspace.root import Root

_MOST_PATHS = 60
_MOST_COMMITS = 500
_MOST_BRANCHES = 40
_MOST_VERSIONS = 24
_MOST_BLOBS = 800
_TIME_LIMIT = 5.0
_LARGEST = 512 * 1024
_NOTHING = "0"
_COMMIT = re.compile(r"(?P<commit>[0-9a-f]{40,64}) (?P<day>\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class GitHistory:
    """Remembers earlier contents of files, in four processes, however many of them are asked for.

    Looked at are the newest 500 commits that touched the files and the 40 branches with the newest tips; a git that
    takes longer than five seconds, or lacks the objects, remembers nothing.
    """

    git: Git = field(default_factory=lambda: Git(time_limit=_TIME_LIMIT))

    def find_versions(self, top: Path, paths: Sequence[str]) -> Mapping[str, Sequence[Version]]:
        """Return earlier contents of files relative to `top`: those of the current branch first, newest first."""
        wanted = [path for path in paths if "\n" not in path][:_MOST_PATHS]
        if not wanted:
            return {}
        try:
            named = _merge(self._on_this_branch(top, wanted), self._on_other_branches(top, wanted))
            contents = self._read(top, {blob for each in named.values() for blob, _ in each})
        except GitFailedError:
            return {}
        return {
            path: [replace(version, data=contents[blob]) for blob, version in each if blob in contents]
            for path, each in named.items()
        }

    def _on_this_branch(self, top: Path, paths: Sequence[str]) -> list[tuple[str, str, Version]]:
        options = (
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--first-parent",
            "-m",
        )
        shape = ("--format=%x00%H %cs", f"--max-count={_MOST_COMMITS}")
        literal = [f":(top,literal){path}" for path in paths]
        answer = os.fsdecode(self.git.ask(top, "log", *shape, *options, "--", *literal))
        found: list[tuple[str, str, Version]] = []
        version = Version("", "", "", b"")
        fields = iter(answer.split("\0"))
        for each in fields:
            record = each.lstrip("\n")
            if record.startswith(":"):
                found.append((next(fields, ""), record.split(" ")[3], version))
            elif match := _COMMIT.fullmatch(record):
                version = Version(match["commit"], match["day"], "", b"")
        return found

    def _on_other_branches(self, top: Path, paths: Sequence[str]) -> list[tuple[str, str, Version]]:
        shape = "--format=%(objectname) %(committerdate:short) %(refname:short)"
        answer = self.git.ask(
            top,
            "for-each-ref",
            shape,
            f"--count={_MOST_BRANCHES}",
            "--sort=-committerdate",
            "refs/heads",
            "refs/remotes",
        )
        tips = [line.split(" ", 2) for line in os.fsdecode(answer).splitlines()]
        asked = [(path, tip) for tip in tips for path in paths]
        lines = "".join(f"{tip[0]}:{path}\n" for path, tip in asked)
        answers = os.fsdecode(self.git.ask(top, "cat-file", "--batch-check=%(objectname)", text=os.fsencode(lines)))
        return [
            (path, answer, Version(commit, day, branch, b""))
            for (path, (commit, day, branch)), answer in zip(asked, answers.splitlines(), strict=False)
            if " " not in answer
        ]

    def _read(self, top: Path, blobs: set[str]) -> dict[str, bytes]:
        wanted = sorted(blobs)[:_MOST_BLOBS]
        sizes = self.git.ask(top, "cat-file", "--batch-check=%(objectsize)", text="\n".join(wanted).encode())
        small = [
            blob
            for blob, size in zip(wanted, sizes.split(b"\n"), strict=False)
            if size.isdigit() and int(size) <= _LARGEST
        ]
        answer = self.git.ask(top, "cat-file", "--batch", text="\n".join(small).encode())
        found: dict[str, bytes] = {}
        at = 0
        while (end := answer.find(b"\n", at)) >= 0:
            name, _, size = answer[at:end].decode("ascii", "replace").split(" ")
            found[name] = answer[end + 1 : end + 1 + int(size)]
            at = end + 2 + int(size)
        return found


def find_versions(root: Root, paths: Sequence[str]) -> Mapping[str, Sequence[Version]]:
    """Return earlier contents of files relative to `root`, from the git that holds it; nothing where none does."""
    if root.holder is None:
        return {}
    prefix = f"{root.folder}/" if root.folder else ""
    found = GitHistory().find_versions(root.holder, [prefix + path for path in paths])
    return {path.removeprefix(prefix): versions for path, versions in found.items()}


def _merge(*lists: Iterable[tuple[str, str, Version]]) -> dict[str, list[tuple[str, Version]]]:
    """Return the versions of each file in order, each content once, without deletions."""
    found: dict[str, list[tuple[str, Version]]] = {}
    seen: set[tuple[str, str]] = set()
    for path, blob, version in (entry for entries in lists for entry in entries):
        if (path, blob) not in seen and blob.strip(_NOTHING) and len(found.get(path, ())) < _MOST_VERSIONS:
            seen.add((path, blob))
            found.setdefault(path, []).append((blob, version))
    return found
