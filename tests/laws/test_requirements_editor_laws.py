"""Laws of the editor of requirements files, with pip's own parser as the judge."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, reject, settings, strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from pip._internal.req.req_file import preprocess

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.refusal import MISREAD, Refusal
from rrr_optimize.formats.requirements_editing import edit_requirements, set_line_specifiers
from rrr_optimize.formats.requirements_lines import LineKind, read_requirements
from rrr_optimize.formats.requirements_operations import (
    DropHashes,
    InsertLines,
    Operation,
    Place,
    RemoveLine,
    SetSpecifier,
)
from rrr_optimize.formats.specifier_text import find_specifier_problem, respecify
from rrr_optimize.model import Edit
from rrr_optimize.source import SourceText, UndecodableError
from tests.laws.test_requirements_lines_laws import files, plain_lines

SPECIFIERS = st.sampled_from(["", "==7.5", ">=7,<8", "~=7.5", "== 7.5, !=7.6", "===7.5+x", "==7.*"])
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
DROPPED = "aa==0 --hash=sha256:00"


@st.composite
def tidy_files(draw: st.DrawFn) -> str:
    """A file as people write them: comments, blank lines, one kind of line end, with or without a final one."""
    line_end = draw(LINE_ENDS)
    lines = draw(st.lists(plain_lines, max_size=8))
    return line_end.join(line.replace("\n", line_end) for line in lines) + draw(st.sampled_from(["", line_end]))


@st.composite
def sources(draw: st.DrawFn) -> SourceText:
    try:
        return SourceText.decode("requirements.txt", draw(st.one_of(tidy_files(), files)).encode())
    except UndecodableError:
        reject()


@st.composite
def edited_files(draw: st.DrawFn) -> tuple[SourceText, list[Operation]]:
    source = draw(sources())
    numbers = st.integers(0, max(len(read_requirements(source).lines) - 1, 0))
    on_lines: list[st.SearchStrategy[Operation]] = [
        st.builds(SetSpecifier, numbers, SPECIFIERS),
        st.builds(DropHashes, numbers),
        st.builds(RemoveLine, numbers),
    ]
    inserted = st.lists(st.one_of(plain_lines.map(lambda line: line.partition("\n")[0]), st.just("")), max_size=2)
    insertion = st.builds(InsertLines, st.sampled_from(Place), inserted.map(tuple))
    kinds = [*on_lines, insertion] if source.text else [insertion]
    return source, draw(st.lists(st.one_of(kinds), max_size=4))


def edit(source: SourceText, operations: list[Operation]) -> str | None:
    edits = edit_requirements(source, operations)
    return None if isinstance(edits, Refusal) else apply_edits(source.text, edits)


def has_end(text: str) -> bool:
    return text[-1:].splitlines() == [""]


@settings(max_examples=150)
@given(edited_files())
def test_lines_that_no_operation_names_stay_as_they_are(drawn: tuple[SourceText, list[Operation]]) -> None:
    source, operations = drawn
    after = edit(source, operations)
    if after is None:
        return
    touched = {operation.line for operation in operations if not isinstance(operation, InsertLines)}
    kept = [
        source.slice(line.span).rstrip()
        for number, line in enumerate(read_requirements(source).lines)
        if number not in touched and line.kind not in {LineKind.BLANK, LineKind.COMMENT}
    ]
    place = 0
    for text in kept:
        place = after.index(text, place) + len(text)
    assert not after or not source.text or has_end(after) == has_end(source.text)


@settings(max_examples=150)
@given(edited_files())
def test_pip_reads_what_was_meant_and_nothing_else(drawn: tuple[SourceText, list[Operation]]) -> None:
    source, operations = drawn
    after = edit(source, operations)
    if after is None:
        return
    lines = read_requirements(source).lines
    said = [number for number, line in enumerate(lines) if line.kind not in {LineKind.BLANK, LineKind.COMMENT}]
    before = dict(zip(said, (text for _, text in preprocess(source.text)), strict=True))
    named = {operation.line for operation in operations if not isinstance(operation, InsertLines)}
    removed = {operation.line for operation in operations if isinstance(operation, RemoveLine)}
    added = [line for operation in operations if isinstance(operation, InsertLines) for line in operation.lines]
    found = [text for _, text in preprocess(after)]
    assert len(found) == len(before.keys() - removed) + sum(1 for _ in preprocess("\n".join(added)))
    unchanged = [text for number, text in before.items() if number not in named]
    for text in unchanged:
        assert text in found
        found.remove(text)


@settings(max_examples=150)
@given(sources(), SPECIFIERS)
@example(SourceText("requirements.txt", "aa===1.0aa[x]\n"), "==7.5")
def test_setting_twice_is_setting_once_and_setting_back_is_nothing(source: SourceText, specifier: str) -> None:
    text = source.text
    lines = read_requirements(source).lines
    for number, outcome in set_line_specifiers(source, dict.fromkeys(range(len(lines)), specifier)).items():
        if not isinstance(outcome, Edit):
            assert outcome is None or outcome.reason != MISREAD or "\\" in text
            continue
        assert lines[number].span.start <= outcome.span.start <= outcome.span.end <= lines[number].span.end
        once = replace(source, text=apply_edits(text, [outcome]))
        assert edit_requirements(once, [SetSpecifier(number, specifier)]) == ()
        old = lines[number].requirement
        assert old is not None
        back = edit(once, [SetSpecifier(number, old.specifier)])
        if find_specifier_problem(old.specifier):
            # What follows === may hold brackets, which only requirements files can say.
            assert back is None
            continue
        # One that went took the blanks and parentheses around it along, and one with blanks brought its own.
        assert back == text or not specifier or " " in specifier


@given(sources())
def test_no_operation_is_no_edit(source: SourceText) -> None:
    assert edit_requirements(source, []) == ()


@given(edited_files())
def test_a_line_that_is_taken_out_and_put_back_is_read_as_before(drawn: tuple[SourceText, list[Operation]]) -> None:
    source, operations = drawn
    for operation in operations:
        if isinstance(operation, RemoveLine):
            line = source.slice(read_requirements(source).lines[operation.line].span)
            after = edit(source, [operation])
            if after is None or len(line.splitlines()) != 1:
                continue
            back = edit(replace(source, text=after), [InsertLines(Place.END, (line.strip("\r\n"),))])
            if back is not None:
                assert sorted(said for _, said in preprocess(back)) == sorted(
                    said for _, said in preprocess(source.text)
                )


NAMES = st.sampled_from(["aa", "B.c-d_e", "aa[x]", "aa[x, Y]", "aa [x]"])
CLAUSES = st.builds("{}{}{}".format, st.sampled_from(["==", ">=", "!="]), st.sampled_from(["", " "]), st.just("1.0"))
OLD = st.builds(str.join, st.sampled_from([",", ", ", " , "]), st.lists(CLAUSES, max_size=2))
MARKERS = st.sampled_from(["", ";os_name=='nt'", ' ; python_version < "3.9"  '])


@given(NAMES, st.sampled_from(["{}", " {}", " ({})"]), OLD, MARKERS, SPECIFIERS)
def test_only_the_specifier_of_a_requirement_changes(
    name: str, frame: str, old: str, marker: str, specifier: str
) -> None:
    text = f"{name}{frame.format(old) if old else ''}{marker}"
    found = respecify(text, specifier)
    assert not isinstance(found, Refusal)
    after = found.apply(text) if found else text
    before, result = Requirement(text), Requirement(after)
    assert (result.name, result.extras, str(result.marker)) == (before.name, before.extras, str(before.marker))
    assert result.specifier == SpecifierSet(specifier)
    assert respecify(after, specifier) is None
    if specifier and old:
        back = respecify(after, old)
        assert not isinstance(back, Refusal)
        assert Requirement(back.apply(after) if back else after).specifier == before.specifier
        assert " " not in old or (back.apply(after) if back else after) == text
