"""docs/OPTIMIZATION_SUMMARY.md of a target: what every command did, from the run records and the tree alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.own_documents import MARKER
from rrr_optimize.markdown_text import cell, code, prose
from rrr_optimize.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rrr_optimize.documents.run_records import Records, RunRecord

COUNTS: Mapping[str, Mapping[str, str]] = {
    "unify": {
        "declarations": "requirements declared",
        "packages": "different packages",
        "repeated": "declarations beyond the first of each package",
        "conflicts": "packages that cannot be installed together (conflicts)",
        "clashes": "packages for which one set of versions cannot serve all (clashes)",
    },
    "fix-imports": {
        "statements": "statements that change the search path",
        "files": "files with such a statement",
    },
    "compose": {
        "projects": "Compose projects",
        "services": "services",
        "networks": "networks that a service is on",
        "pairs": "pairs of services that share a network",
    },
}
_NOT_RUN = "NOT RUN"


@dataclass(frozen=True, slots=True)
class Tree:
    """What is true of the tree now: counts by command and name as in records, and the digest of each file asked for."""

    counts: Mapping[str, Mapping[str, int]]
    digest: Callable[[str], str | None]


def render(records: Records, tree: Tree, draw: Callable[[Mapping[str, Any]], str]) -> str:
    """Return the document for these records and this tree.

    "Before" is what the first run of a command met, "after" what its last run left, "now" what the tree holds. No
    figure is typed: each was counted by a run or is counted now. It holds no clock. `draw` makes a Mermaid chart of a
    topology.
    """
    sections = (
        _opening(records),
        _figures(records, tree),
        _changes(records.chain),
        _files(records.chain, tree),
        _networks(records.of("compose").chain, draw),
        _proofs(records.chain),
        _held_back(records),
        _remains(records, tree),
    )
    return "".join(f"{line}\n" for line in chain.from_iterable(sections))


def _opening(records: Records) -> Iterator[str]:
    yield from (MARKER, "", "# Optimization summary", "")
    runs = [(command, len(records.of(command).chain)) for command in COUNTS]
    told = [f"{code(f'rrr-optimize {command}')}: {counted(number, 'run')}" for command, number in runs if number]
    yield f"{', '.join(told)}." if told else "No run of a command that changes files is on record."
    for path in records.broken:
        yield from ("", f"{code(path)} is no run record any more, so what it told is missing here.")


def _figures(records: Records, tree: Tree) -> Iterator[str]:
    yield from ("", "## Before and after", "")
    yield from ("| | before | after | now |", "| --- | ---: | ---: | ---: |")
    for command, names in COUNTS.items():
        runs = records.of(command).chain
        for name, title in names.items():
            before = str(runs[0].content["before"][name]) if runs else _NOT_RUN
            after = str(runs[-1].content["after"][name]) if runs else _NOT_RUN
            yield f"| {title} | {before} | {after} | {tree.counts[command][name]} |"
    yield from ("", f"{_NOT_RUN}: the command has not written anything yet.")


def _changes(runs: Sequence[RunRecord]) -> Iterator[str]:
    for number, run in enumerate(runs, 1):
        groups = run.content["groups"]
        yield from ("", f"## Run {number}: {code(f'rrr-optimize {run.command}')}", "")
        yield f"{counted(len(groups), 'change')}, record {code(run.path)}."
        if groups:
            yield from ("", "| what | where | lane | why |", "| --- | --- | --- | --- |")
        for group in groups:
            yield _row(prose(group["title"]), code(group["place"]), group["lane"], prose(group["why"]))


def _files(runs: Sequence[RunRecord], tree: Tree) -> Iterator[str]:
    yield from ("", "## Files", "")
    newest = {file["path"]: file["sha256_after"] for run in runs for file in run.content["files"]}
    if not newest:
        yield "No file was changed."
        return
    yield "Lines as `git diff --numstat --minimal` counts them."
    titles = ("run", "file", "what", "lines before", "lines after", "added", "removed", "since then")
    yield from ("", f"| {' | '.join(titles)} |", "| ---: | --- | --- | ---: | ---: | ---: | ---: | --- |")
    for number, run in enumerate(runs, 1):
        for file in run.content["files"]:
            what = "created" if file["sha256_before"] is None else "modified"
            before = "" if file["lines_before"] is None else str(file["lines_before"])
            lines = (before, str(file["lines_after"]), str(file["lines_added"]), str(file["lines_removed"]))
            yield _row(str(number), code(file["path"]), what, *lines, _since(file, newest, tree))


def _since(file: Mapping[str, Any], newest: Mapping[str, str | None], tree: Tree) -> str:
    if newest[file["path"]] != file["sha256_after"]:
        return "changed by a later run"
    digest = tree.digest(file["path"])
    return "gone" if digest is None else "as it was left" if digest == file["sha256_after"] else "changed by others"


def _networks(runs: Sequence[RunRecord], draw: Callable[[Mapping[str, Any]], str]) -> Iterator[str]:
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for run in runs:
        for each in run.content["topologies"]:
            name = " + ".join(each["files"])
            first.setdefault(name, each["before"])
            last[name] = each["after"]
    if first:
        yield from ("", "## Networks")
    for name, before in first.items():
        for when, topology in (("before", before), ("after", last[name])):
            networks, pairs = len(topology["networks"]), topology["pairs"]
            told = f"{counted(networks, 'network')}, {counted(pairs, 'pair')} of services that can talk."
            yield from ("", f"### {prose(name)} {when}", "", told)
            yield from ("", "```mermaid", *draw(topology).splitlines(), "```")


def _proofs(runs: Sequence[RunRecord]) -> Iterator[str]:
    yield from ("", "## Proofs and checks", "")
    for number, run in enumerate(runs, 1):
        proofs = [proof for group in run.content["groups"] for proof in group["proofs"]]
        claims = Counter((proof["result"], proof["claim"]) for proof in proofs)
        for (result, claim), times in sorted(
            claims.items(), key=lambda item: (item[0][0] == _NOT_RUN, -item[1], item[0])
        ):
            yield f"- Run {number}, {code(run.command)}: {result} ({counted(times, 'time')}): {prose(claim)}"
        for check in run.content["checks"]:
            command = code(" ".join(check["command"]))
            yield f"- Run {number}, {code(run.command)}: passed: check {code(check['name'])}, {command}"
        if not run.content["checks"]:
            why = "a check of the target; none was named with `--verify`"
            yield f"- Run {number}, {code(run.command)}: {_NOT_RUN}: {why}"
    yield from (f"- {_NOT_RUN}: {code(command)}" for command in COUNTS if all(run.command != command for run in runs))


def _held_back(records: Records) -> Iterator[str]:
    yield from ("", "## Held back", "")
    newest = [records.of(command).chain[-1] for command in COUNTS if records.of(command).chain]
    left = [(run.command, group) for run in newest for group in run.content["left"]]
    if not left:
        yield "Nothing was held back or refused."
        return
    yield "By the newest run of each command."
    yield from ("", "| command | what | where | lane | why | what to do |", "| --- | --- | --- | --- | --- | --- |")
    for command, group in left:
        told = (prose(group["title"]), code(group["place"]), group["lane"], prose(group["why"]), prose(group["hint"]))
        yield _row(code(command), *told)


def _remains(records: Records, tree: Tree) -> Iterator[str]:
    yield from ("", "## What remains", "")
    unify, imports, compose = (tree.counts[command] for command in COUNTS)
    yield f"- {counted(unify['conflicts'], 'conflict')} and {_clashes(unify['clashes'])} between requirements."
    statements, files = counted(imports["statements"], "change"), counted(imports["files"], "file")
    yield f"- {statements} of the search path, in {files}."
    yield f"- {counted(compose['networks'], 'network')} in {counted(compose['projects'], 'Compose project')}."
    stale = {
        file["path"]
        for run in records.chain
        for file in run.content["files"]
        if tree.digest(file["path"]) not in {each["sha256_after"] for each in _versions(records.chain, file["path"])}
    }
    if stale:
        told = ", ".join(map(code, sorted(stale)))
        yield f"- {counted(len(stale), 'file')} that others changed after the newest run: {told}."
    yield "- Everything that `rrr-optimize audit` tells."
    yield from (
        "",
        "`rrr-optimize report --check` makes this document again and exits with 1 if a character of it differs;",
    )
    yield "`rrr-optimize report --write` brings it up to date."


def _clashes(number: int) -> str:
    return f"{number} {'clash' if number == 1 else 'clashes'}"


def _versions(runs: Sequence[RunRecord], path: str) -> Iterator[Mapping[str, Any]]:
    yield from (file for run in runs for file in run.content["files"] if file["path"] == path)


def _row(*cells: str) -> str:
    filled: Iterable[str] = map(cell, cells)
    return f"| {' | '.join(filled)} |"
