"""Try the editors on every requirement of real repositories, and count what they refuse.

Usage: python tests/benchmarks/edit_corpus.py DIR...

Nothing is written. For each declaration, whatever the kind of file, another specifier is set, alone and all at once;
each line of a requirements file and each entry of a TOML array is removed, and one added. A law that breaks is printed
with its place, and the exit code is 1. The judges are pip's own parser, tomllib, and tomlkit for what keeps its layout.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from pip._internal.req.req_file import preprocess

from rrr_optimize.config_table import read_settings
from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.declaration_edits import set_specifiers
from rrr_optimize.facts.declarations import Kind
from rrr_optimize.facts.requirement_sources import read_requirement_facts
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirements_editing import edit_requirements
from rrr_optimize.formats.requirements_lines import LineKind, read_requirements
from rrr_optimize.formats.requirements_operations import InsertLines, Place, RemoveLine
from rrr_optimize.formats.toml_editing import edit_toml
from rrr_optimize.formats.toml_operations import AddEntries, AddKey, RemoveEntry
from rrr_optimize.model import Edit, Span
from rrr_optimize.tools.git import Git
from rrr_optimize.workspace.projects import find_projects
from rrr_optimize.workspace.root import find_root
from rrr_optimize.workspace.search import find_holding
from rrr_optimize.workspace.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.declarations import Declaration, Source
    from rrr_optimize.facts.requirement_facts import RequirementFacts
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

NEW = "==99.1"
ADDED = "added-by-us==1"


class Trial:
    """Counts what was tried, refused and broken."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.places: dict[str, str] = {}
        self.broken: list[str] = []

    def hold(self, what: str, where: object, *, holds: bool) -> None:
        """Count a law that was tried, and note where it does not hold."""
        self.counts[what] += 1
        if not holds:
            self.broken.append(f"{where}: {what}")

    def refuse(self, refusal: Refusal, where: object) -> None:
        """Count a refusal by its reason, and keep the first place of each."""
        self.refusals[refusal.reason] += 1
        self.places.setdefault(refusal.reason, str(where))

    def describe(self) -> str:
        """Return the counts, a line each."""
        lines = [f"{count:6} {what}" for what, count in sorted(self.counts.items())]
        lines += [f"{count:6} refused: {why} ({self.places[why]})" for why, count in sorted(self.refusals.items())]
        lines += [f"BROKEN {what}" for what in self.broken[:40]]
        return "".join(f"  {line}\n" for line in [*lines, f"{len(self.broken):6} broken"])


def read_repository(folder: Path) -> tuple[Snapshot, RequirementFacts]:
    """Return the files of a repository and what it asks for."""
    settings = read_settings({})
    root, git = find_root(str(folder), folder), Git(untracked=True)
    snapshot = take_snapshot(root, git)
    search = partial(find_holding, snapshot, root, git)
    facts = read_requirement_facts(
        snapshot, find_projects(snapshot, settings.projects), settings, lambda mark: search([mark], [".py"])
    )
    return snapshot, facts


def try_specifiers(trial: Trial, source: SourceText, found: Source) -> None:
    """Set specifiers one by one and all together, back again, and to what they are."""
    declarations = found.declarations
    same = set_specifiers(source, [(item, item.specifier) for item in declarations])
    for declaration, outcome in zip(declarations, same, strict=True):
        trial.hold("the specifier that is there makes no edit", declaration.place, holds=not isinstance(outcome, Edit))
    outcomes = set_specifiers(source, [(item, NEW) for item in declarations])
    edits: list[Edit] = []
    for declaration, outcome in zip(declarations, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            trial.refuse(outcome, declaration.place)
        elif outcome is not None:
            trial.counts[f"edited: {declaration.kind}"] += 1
            edits.append(outcome)
            try_one(trial, source, declaration, outcome)
    unique = dict.fromkeys(edits)
    together = replace(source, text=apply_edits(source.text, unique))
    back = sum(len(edit.replacement) - edit.span.end + edit.span.start for edit in unique)
    trial.hold("all edits at once fit", source.path, holds=len(together.text) == len(source.text) + back)


def try_one(trial: Trial, source: SourceText, declaration: Declaration, edit: Edit) -> None:
    """Apply one edit: set back it gives the same text, and once more it is none."""
    after = replace(source, text=apply_edits(source.text, [edit]))
    place = source.span_of(declaration.location)
    grown = len(after.text) - len(source.text)
    location = after.locate(Span(place.start, place.end + grown))
    moved = replace(declaration, specifier=NEW, location=location)
    old = source.slice(edit.span)
    again, back = set_specifiers(after, [(moved, NEW)])[0], set_specifiers(after, [(moved, old.strip() or "")])[0]
    trial.hold("the same edit again is none", declaration.place, holds=again is None)
    is_plain = isinstance(back, Edit) and apply_edits(after.text, [back]) == source.text
    # Poetry's own words are no PEP 440, so they cannot be asked for.
    trial.hold("set back it is as before", declaration.place, holds=is_plain or is_constraint(declaration))


def is_constraint(declaration: Declaration) -> bool:
    """Return whether it is written in the language of Poetry or Pipenv."""
    return declaration.kind is Kind.PIPFILE or declaration.part == "tool.poetry"


def try_lines(trial: Trial, source: SourceText) -> None:
    """Remove and add lines of a requirements file; pip sees just that."""
    trial.hold("no operation is no edit", source.path, holds=edit_requirements(source, []) == ())
    before = [text for _, text in preprocess(source.text)]
    lines = [
        number
        for number, line in enumerate(read_requirements(source).lines)
        if line.kind not in {LineKind.BLANK, LineKind.COMMENT}
    ]
    trial.hold("pip reads as many lines", source.path, holds=len(lines) == len(before))
    for place, number in enumerate(lines):
        result = edit_requirements(source, [RemoveLine(number)])
        if isinstance(result, Refusal):
            trial.refuse(result, source.path)
            continue
        after = apply_edits(source.text, result)
        left = [text for _, text in preprocess(after)]
        trial.hold(
            "a line is removed alone",
            f"{source.path} line {number}",
            holds=left == before[:place] + before[place + 1 :],
        )
        trial.hold("the final line end stays", source.path, holds=not after or ends(after) == ends(source.text))
    for where, expected in ((Place.TOP, [ADDED, *before]), (Place.END, [*before, ADDED])):
        result = edit_requirements(source, [InsertLines(where, (ADDED,))])
        if isinstance(result, Refusal):
            trial.refuse(result, source.path)
            continue
        after = apply_edits(source.text, result)
        holds = sorted(text for _, text in preprocess(after)) == sorted(expected)
        trial.hold("a line is added alone", source.path, holds=holds)
        trial.hold("the final line end stays", source.path, holds=not source.text or ends(after) == ends(source.text))
    if result := edit_requirements(source, [RemoveLine(number) for number in lines]):
        trial.hold("all lines go", source.path, holds=not preprocess_all(source, result))


def preprocess_all(source: SourceText, result: tuple[Edit, ...] | Refusal) -> bool:
    """Return whether pip still reads something after these edits."""
    return isinstance(result, Refusal) or any(True for _ in preprocess(apply_edits(source.text, result)))


def ends(text: str) -> bool:
    """Return whether a text has a final line end."""
    return text[-1:].splitlines() == [""]


def arrays(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths of arrays that hold strings."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from arrays(value, (*path, key))
    elif isinstance(data, list):
        if any(isinstance(item, str) for item in data):
            yield path
        for index, item in enumerate(data):
            yield from arrays(item, (*path, index))


def try_toml(trial: Trial, source: SourceText) -> None:
    """Remove, add, and make a table; tomllib sees just that, and comments stay."""
    trial.hold("no operation is no edit", source.path, holds=edit_toml(source, []) == ())
    data = tomllib.loads(source.text)
    trial.hold(
        "tomlkit gives the file back", source.path, holds=tomlkit.dumps(tomlkit.parse(source.text)) == source.text
    )
    for path in arrays(data):
        items: Any = data
        for part in path:
            items = items[part]
        trials: list[tuple[Any, list[Any]]] = [(AddEntries(path, (ADDED,)), [*items, ADDED])]
        trials += [(RemoveEntry((*path, n)), items[:n] + items[n + 1 :]) for n in range(len(items))]
        for operation, expected in trials:
            result = edit_toml(source, [operation])
            if isinstance(result, Refusal):
                trial.refuse(result, source.path)
                continue
            after: Any = tomllib.loads(apply_edits(source.text, result))
            for part in path:
                after = after[part]
            trial.hold(
                f"{type(operation).__name__} changes one entry", f"{source.path} {path}", holds=after == expected
            )
    result = edit_toml(source, [AddKey(("tool", "uv", "constraint-dependencies"), (ADDED,))])
    if isinstance(result, Refusal):
        trial.refuse(result, source.path)
        return
    text = apply_edits(source.text, result)
    trial.hold(
        "a key is added by one insertion", source.path, holds=len(result) == 1 and not source.slice(result[0].span)
    )
    trial.hold("tomlkit gives the result back", source.path, holds=tomlkit.dumps(tomlkit.parse(text)) == text)


def main(folders: Sequence[str]) -> int:
    """Try every repository and print the counts."""
    is_broken = False
    for folder in folders:
        trial, start = Trial(), time.perf_counter()
        root = Path(folder).resolve()
        snapshot, facts = read_repository(root)
        for found in facts.sources:
            source = snapshot.text(found.path)
            if source is None:
                continue
            trial.counts[f"files: {found.kind}"] += 1
            trial.hold("bytes come back", found.path, holds=source.encode() == (root / found.path).read_bytes())
            try_specifiers(trial, source, found)
            if found.kind in {Kind.REQUIREMENTS, Kind.CONSTRAINTS}:
                try_lines(trial, source)
            elif found.path.endswith((".toml", "Pipfile")):
                try_toml(trial, source)
        sys.stdout.write(f"{root.name}: {time.perf_counter() - start:.1f} s\n{trial.describe()}")
        is_broken = is_broken or bool(trial.broken)
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
