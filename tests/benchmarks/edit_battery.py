"""Make real edits in every Compose file below a folder and judge them with PyYAML's own loader.

    python tests/benchmarks/edit_battery.py DIR [--each N] [--show]

Of every service: a nested mapping is added, an item appended to each list, the first and the last key and item taken
out, its key renamed, an item given another value. An edit is wrong where the loaded data are not the planned data,
broken where they cannot be loaded, and minimal where nothing but the lines that it is about differ.
"""

from __future__ import annotations

import argparse
import copy
import difflib
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.compose.discovery import is_compose_name
from rrr_optimize.formats.yaml_changes import (
    AddKey,
    AppendItem,
    Change,
    Edited,
    RefusedEdit,
    RemoveEntry,
    RenameKey,
    ReplaceValue,
)
from rrr_optimize.formats.yaml_edits import edit_yaml
from rrr_optimize.source import SourceText, UndecodableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_ADDED = {"resources": {"limits": {"memory": "1G"}}}


def find_files(folder: Path) -> Iterator[SourceText]:
    """Yield the Compose files that PyYAML reads as one mapping with services."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and is_compose_name(path.name):
            try:
                source = SourceText.decode(str(path), path.read_bytes())
                data = load(source.text)
            except (UndecodableError, yaml.YAMLError, ValueError, TypeError):
                continue
            if isinstance(data, dict) and isinstance(data.get("services"), dict):
                yield source


def load(text: str) -> Any:
    """Return the data of a file as texts, `<<` as a key like any other, aliases as what they stand for."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return copy.deepcopy(yaml.load(text, loader))  # noqa: S506 - the base loader makes texts only


def plan_changes(data: Any) -> Iterator[Change]:
    """Yield the edits to try in a file."""
    for name, service in data["services"].items():
        if not isinstance(service, dict):
            continue
        path = ("services", name)
        yield RenameKey(path, "renamed-service")
        yield AddKey(path, "x-added", _ADDED)  # type: ignore[arg-type]  # a dictionary of dictionaries
        for key in list(dict.fromkeys([*list(service)[:1], *list(service)[-1:]])):
            yield RemoveEntry((*path, key))
        for key, value in service.items():
            if isinstance(value, list):
                yield AppendItem((*path, key), "an added: item")
                for index in sorted({0, len(value) - 1} if value else ()):
                    yield RemoveEntry((*path, key, index))
                    if isinstance(value[index], str):
                        yield ReplaceValue((*path, key, index), "renamed-reference")
            elif isinstance(value, dict):
                yield AddKey((*path, key), "added", "1")


def apply_plainly(data: Any, change: Change) -> Any:
    """Return the data as they should be."""
    data = copy.deepcopy(data)
    path = list(change.path)
    if isinstance(change, AddKey | AppendItem):
        holder = follow(data, path)
        if isinstance(change, AppendItem):
            holder.append(change.value)
        else:
            holder[change.key] = change.value
        return data
    last = path.pop()
    holder = follow(data, path)
    if isinstance(change, RemoveEntry):
        del holder[last]
    elif isinstance(change, ReplaceValue):
        holder[last] = change.value
    else:
        renamed = {(change.name if key == last else key): value for key, value in holder.items()}
        holder.clear()
        holder.update(renamed)
    return data


def follow(data: Any, path: list[Any]) -> Any:
    """Return what is at a path."""
    for step in path:
        data = data[step]
    return data


def judge(source: SourceText, data: Any, change: Change) -> tuple[str, str]:
    """Return `minimal`, `larger`, `refused`, `wrong`, `broken` or `comment lost`, and the details."""
    edited = edit_yaml(source, [change])
    if isinstance(edited, RefusedEdit):
        return "refused", edited.reason
    after = apply_edits(source.text, edited.edits)
    try:
        found = load(after)
    except yaml.YAMLError as error:
        return "broken", str(error)
    if found != apply_plainly(data, change) or list_keys(found) != list_keys(apply_plainly(data, change)):
        return "wrong", show(source.text, after)
    if lost := lost_comments(source.text, after, edited):
        return "comment lost", lost
    if not is_minimal(source.text, after, change):
        return "larger", show(source.text, after)
    return "minimal", ""


def list_keys(data: Any) -> Any:
    """Return the keys in their order, which `==` does not compare."""
    if isinstance(data, dict):
        return [(key, list_keys(value)) for key, value in data.items()]
    return [list_keys(item) for item in data] if isinstance(data, list) else None


def lost_comments(before: str, after: str, edited: Edited) -> str:
    """Return the comments that are gone and were not told."""
    counts = Counter(comments(before))
    counts.subtract(comments(after))
    counts.subtract(edited.removed_comments)
    return "; ".join(text for text, number in counts.items() if number > 0)


def comments(text: str) -> list[str]:
    """Return the comments, which are what PyYAML's scanner leaves over."""
    blank = list(text)
    for token in yaml.scan(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
        if isinstance(token, yaml.ScalarToken):
            start = token.start_mark.index
            if token.style in {"|", ">"}:
                start = text.index("\n", start)
            blank[start : token.end_mark.index] = re.sub(r"[^\r\n]", "x", text[start : token.end_mark.index])
    return [found[0] for line in "".join(blank).splitlines() if (found := _COMMENT.search(line))]


def is_minimal(before: str, after: str, change: Change) -> bool:
    """Return whether only lines were added, only lines taken out, or one line is another."""
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    operations = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    removed = sum(each[2] - each[1] for each in operations)
    added = sum(each[4] - each[3] for each in operations)
    if isinstance(change, RemoveEntry):
        return added <= 1  # the line that says `[]` now
    if isinstance(change, AddKey | AppendItem):
        return removed == 0 or (removed <= 1 and added <= 2)
    return removed == 1 and added == 1


def show(before: str, after: str) -> str:
    """Return the difference."""
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), "before", "after", lineterm="", n=2))


def main(arguments: list[str]) -> int:
    """Print the tally; the exit code is 1 where an edit is wrong, broken or loses a comment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=40, help="the most edits in one file")
    parser.add_argument("--show", action="store_true", help="print every edit that is not minimal")
    chosen = parser.parse_args(arguments)
    tally: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    files = 0
    for source in find_files(chosen.folder):
        files += 1
        data = load(source.text)
        same = edit_yaml(source, [])
        if not isinstance(same, Edited) or same.edits:
            tally["changed without an edit"] += 1
        changes = list(plan_changes(data))
        for change in changes[:: max(1, -(-len(changes) // chosen.each))]:
            verdict, details = judge(source, data, change)
            tally[verdict] += 1
            if verdict == "refused":
                reasons[re.sub(r"in line .*|^\S+ is|no \S+ here", "", details)] += 1
            if verdict not in {"minimal", "refused"} or (chosen.show and verdict == "refused"):
                sys.stdout.write(f"{source.path}: {verdict}: {change}\n{details}\n")
    total = sum(tally.values())
    lines = [f"{total} edits in {files} files"]
    lines += [f"{number:7} {number / total:6.1%} {verdict}" for verdict, number in tally.most_common()]
    lines += [f"{number:7} refused: {reason}" for reason, number in reasons.most_common()]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(any(tally[bad] for bad in ("wrong", "broken", "comment lost", "changed without an edit")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
