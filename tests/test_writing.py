"""What a command does with a plan, whatever planned it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.commands.opening import Target
from rrr_optimize.commands.stages import Course, Staged, run_stages
from rrr_optimize.commands.writing import WritingOptions, run_writing
from rrr_optimize.errors import RrrOptimizeError, UsageError
from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Plan, Span, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conftest import Facts, Repository

FILES = {"a.txt": "one\ntwo\n", "b/b.txt": "bee\n", "b/requirements.txt": "", "requirements.txt": ""}


def _edit(
    name: str, path: str, old: str, new: str, lane: Lane = Lane.SAFE, requires: tuple[str, ...] = ()
) -> ChangeGroup:
    start = FILES[path].index(old)
    edits = (Edit(path, Span(start, start + len(old)), new),)
    return ChangeGroup(name, lane, f"{old} becomes {new}", "because", edits=edits, requires=frozenset(requires))


def _first(_: Course) -> Staged:
    groups = (_edit("one", "a.txt", "one", "1"), _edit("bee", "b/b.txt", "bee", "B", Lane.REVIEW))
    refused = ChangeGroup("never", Lane.REFUSED, "nothing", "it cannot be")
    return Staged(Plan((*groups, refused)), (Table("Figures", ("a", "b"), (("1", "2"),)),), ("a note",))


def _second(course: Course) -> Staged:
    """Plan on what the first stage leaves: a line about each file that it changed."""
    text = "".join(f"{change.path}\n" for change in course.now.snapshot.changes)
    return Staged(Plan((ChangeGroup("list", Lane.SAFE, "a list", "why", creations=(Creation("list.txt", text),)),)))


STAGES = (_first, _second)


def _run(root: Path, environ: Mapping[str, str], **options: object) -> int:
    target = Target(str(root), options.pop("projects", ()))  # type: ignore[arg-type]
    return run_writing("test", STAGES, WritingOptions(target=target, **options), {}, root, environ)  # type: ignore[arg-type]


@pytest.fixture
def root(repository: Repository) -> Path:
    return repository(FILES, git=True)


def _tree(root: Path) -> dict[str, str]:
    hidden = {".git", ".rrr-optimize"}
    paths = (
        path for path in root.rglob("*") if path.is_file() and not hidden.intersection(path.relative_to(root).parts)
    )
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths}


def test_shows_the_plan_and_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(root, {}) == 1
    assert capsys.readouterr().out == (
        "a.txt:1:1 one one becomes 1\n"
        "b/b.txt:1:1 bee review: bee becomes B\n    why: because\n"
        ". never refused: nothing\n    why: it cannot be\n"
        "list.txt:1:1 list a list\n"
        "\nFigures:\n  a  b\n  1  2\n"
        "\n--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n"
        "--- /dev/null\n+++ b/list.txt\n@@ -0,0 +1 @@\n+a.txt\n\n"
        "note: a note\n"
        "2 changes would edit 1 file and create 1 file; "
        "1 held back for a review (--unsafe applies what needs one); 1 refused\n"
    )
    assert _tree(root) == FILES


def test_check_leaves_the_diff_out(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(root, {}, check=True) == 1
    assert "+++" not in capsys.readouterr().out
    assert _tree(root) == FILES


def test_writes_what_is_safe(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(root, {}, write=True) == 0
    assert _tree(root) == FILES | {"a.txt": "1\ntwo\n", "list.txt": "a.txt\n"}
    assert "2 changes written: edit 1 file and create 1 file; `rrr-optimize undo`" in capsys.readouterr().out


def test_unsafe_accepts_a_review_and_a_later_stage_sees_it(root: Path) -> None:
    assert _run(root, {}, write=True, unsafe=True) == 0
    assert _tree(root)["list.txt"] == "a.txt\nb/b.txt\n"
    assert _tree(root)["b/b.txt"] == "B\n"


def test_a_project_narrows_the_run_to_what_touches_it(root: Path) -> None:
    assert _run(root, {}, write=True, unsafe=True, projects=("b",)) == 0
    assert _tree(root) == FILES | {"b/b.txt": "B\n"}


def test_json_goes_to_a_file(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "plan.json"
    assert _run(root, {}, write=True, output_format="json", output=output) == 0
    plan = json.loads(output.read_text("utf-8"))
    assert plan["transaction"]
    assert [group["accepted"] for group in plan["groups"]] == [True, False, False, True]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"write": True, "check": True}, "--write and --check contradict each other"),
        ({"output_format": "sarif"}, "--format sarif: there is no such choice"),
        ({"color": "red"}, "--color red: there is no such choice"),
        ({"interactive": True}, "--interactive needs a terminal"),
        ({"projects": ("x",)}, "there is no project 'x'"),
    ],
)
def test_refuses_what_makes_no_sense(options: dict[str, object], message: str, root: Path) -> None:
    with pytest.raises(UsageError, match=message):
        _run(root, {}, **options)


def test_a_file_that_git_could_not_give_back_is_not_written(root: Path) -> None:
    (root / "a.txt").write_text("one\ntwo\nthree\n", "utf-8")
    with pytest.raises(RrrOptimizeError, match=r"a\.txt"):
        _run(root, {}, write=True)
    assert _run(root, {}, write=True, allow_dirty=True) == 0
    assert _tree(root)["a.txt"] == "1\ntwo\nthree\n"


def test_a_stage_may_require_what_an_earlier_one_did(facts: Facts) -> None:
    def later(_: Course) -> Staged:
        return Staged(Plan((_edit("two", "a.txt", "two", "2", requires=("bee",)),)))

    repository = facts(FILES)
    for admitted, expected in ((("one", "two"), {"one"}), (("bee", "two"), {"bee", "two"})):
        course = run_stages(repository, (_first, later), lambda group, names=admitted: group.id in names)  # type: ignore[misc]
        assert course.accepted == expected
