"""docs/DEPENDENCY_AUDIT.md of a target: what `unify` found, changed and left, from its run records alone."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.own_documents import MARKER
from rrr_optimize.markdown_text import cell, code, prose
from rrr_optimize.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rrr_optimize.documents.run_records import RunRecord

COMMAND = "unify"


def render(records: Sequence[RunRecord]) -> str:
    """Return the document for the records of `unify`, the oldest first; at least one.

    "Before" is the state that the first run met, "after" the one that the last run left. No figure is typed: each one
    was counted by the run that its record stands for. It holds no clock and depends on nothing but the records.
    """
    first, last = records[0].content, records[-1].content
    sections = (
        _opening(first, last, records),
        _structure(last),
        _resolved(record.content for record in records),
        _left(last),
        _projects(first, last),
        _duplication(first, last),
        _environments(last),
        _files(record.content for record in records),
        _install(last),
        _verification(records),
    )
    return "".join(f"{line}\n" for line in chain.from_iterable(sections))


def _opening(first: Mapping[str, Any], last: Mapping[str, Any], records: Sequence[RunRecord]) -> Iterator[str]:
    before, after = first["before"], last["after"]
    yield from (MARKER, "", "# Dependency audit", "")
    yield (
        f"{counted(len(records), 'run')} of `rrr-optimize unify` over {counted(len(last['projects']), 'project')}: "
        f"{counted(after['packages'], 'package')} in {counted(after['declarations'], 'declaration')}."
    )
    yield from ("", "| | before | after |", "| --- | ---: | ---: |")
    for title, key in (
        ("packages that cannot be installed together (conflicts)", "conflicts"),
        ("packages for which one set of versions cannot serve all (clashes)", "clashes"),
        ("declarations", "declarations"),
        ("different packages", "packages"),
        ("declarations beyond the first of each package", "repeated"),
    ):
        yield f"| {title} | {before[key]} | {after[key]} |"


def _structure(last: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## Structure", "")
    if not last["layers"]:
        yield "No shared files: each project keeps its own requirements, and shared packages agree on a version."
        return
    yield f"Layout: {prose(last['layout'])}. Each shared file says once what its projects have in common."
    yield from ("", "| file | packages | projects that use it |", "| --- | ---: | --- |")
    for layer in last["layers"]:
        users = ", ".join(map(code, layer["users"]))
        yield f"| {cell(code(layer['file']))} | {len(layer['packages'])} | {cell(users)} |"
    for layer in last["layers"]:
        yield from ("", f"{code(layer['file'])}: {', '.join(map(code, layer['packages']))}.")


def _resolved(contents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    decisions = [decision for content in contents for decision in content["decisions"]]
    yield from ("", "## Versions decided", "")
    if not decisions:
        yield "No version had to change."
        return
    yield from ("| package | before | after | who asked | why this one |", "| --- | --- | --- | --- | --- |")
    for decision in decisions:
        asked = "; ".join(f"{code(ask['place'])} {code(ask['asks'])}".strip() for ask in decision["asked"])
        before = ", ".join(map(code, dict.fromkeys(ask["asks"] or "any" for ask in decision["asked"])))
        cells = (code(decision["package"]), before, code(decision["version"]), asked, prose(decision["why"]))
        yield f"| {' | '.join(map(cell, cells))} |"


def _left(last: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## Left as it is", "")
    if not last["left"]:
        yield "Nothing was held back or refused."
        return
    yield from ("| what | lane | why | what to do |", "| --- | --- | --- | --- |")
    for group in last["left"]:
        cells = (prose(group["title"]), group["lane"], prose(group["why"]), prose(group["hint"]))
        yield f"| {' | '.join(map(cell, cells))} |"


def _projects(first: Mapping[str, Any], last: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## Projects", "")
    yield "Packages that the project asks for, with all that its files include."
    yield from ("", "| project | before | after | added | state |", "| --- | ---: | ---: | --- | --- |")
    before = {project["path"]: project["packages_before"] for project in first["projects"]}
    for project in last["projects"]:
        known = before.get(project["path"], project["packages_before"])
        added = ", ".join(map(code, project["added"]))
        cells = (code(project["path"]), str(known), str(project["packages_after"]), added, prose(project["state"]))
        yield f"| {' | '.join(map(cell, cells))} |"


def _duplication(first: Mapping[str, Any], last: Mapping[str, Any]) -> Iterator[str]:
    before, after = first["before"], last["after"]
    yield from ("", "## Duplication", "")
    if not before["repeated"]:
        yield "No package was declared twice."
        return
    share = (before["repeated"] - after["repeated"]) / before["repeated"]
    yield (
        f"Of {counted(before['repeated'], 'declaration')} beyond the first of each package "
        f"{after['repeated']} are left: {share:.0%} removed."
    )


def _environments(last: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## Pythons and platforms", "")
    yield f"Judged for Python {prose(', '.join(last['pythons']))}."
    if not last["marked"]:
        yield "No requirement depends on the environment."
        return
    yield from ("", "| requirement | only where | declared in |", "| --- | --- | --- |")
    for item in last["marked"]:
        yield f"| {cell(code(item['requirement']))} | {cell(code(item['marker']))} | {cell(code(item['place']))} |"


def _files(contents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    files = [file for content in contents for file in content["files"]]
    yield from ("", "## Files", "")
    if not files:
        yield "No requirements file was changed."
        return
    yield from ("| file | what happened | lines before | lines after |", "| --- | --- | ---: | ---: |")
    for file in files:
        before = "" if file["lines_before"] is None else file["lines_before"]
        what = "created" if file["lines_before"] is None else "edited"
        yield f"| {cell(code(file['path']))} | {what} | {before} | {file['lines_after']} |"


def _install(last: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## Install", "")
    if not last["commands"]:
        yield "No project is installed from a requirements file."
        return
    yield from ("From the root of the repository:", "")
    yield from (f"    {command}" for command in last["commands"])


def _verification(records: Sequence[RunRecord]) -> Iterator[str]:
    last = records[-1]
    yield from ("", "## How this was verified", "")
    groups = [group for record in records for group in record.content["groups"] if group["proofs"]]
    claims = Counter((proof["claim"], proof["result"]) for group in groups for proof in group["proofs"])
    yield f"{counted(len(groups), 'change')}, {counted(claims.total(), 'proof')}:"
    yield ""
    for (claim, result), number in sorted(claims.items(), key=lambda item: (-item[1], item[0])):
        yield f"- {result} ({counted(number, 'time')}): {prose(claim)}"
    yield "- NOT RUN: a resolver. No package index was asked, so what only releases can tell is not known."
    yield ""
    yield (
        f"Engine: {prose(last.content['engine'])}. Policy: {prose(last.content['policy'])}. Digest of the "
        f"{counted(len(last.inputs), 'input')}: {code(last.content['inputs_digest'])}. Record: {code(last.path)}."
    )
    yield ""
    yield (
        "`rrr-optimize unify --check` makes all of this again and exits with 1 if one character of an input, of a "
        "record or of this document has changed; `rrr-optimize unify --write` brings it up to date."
    )
