"""A saved plan is applied exactly, or not at all: what it was made for has to be as it was."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import PlanFileError, StalePlanError
from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Location, Plan, Proof, Span
from rrr_optimize.transaction import undo_last, write
from rrr_optimize.transaction.plan_file import checksum_of, load_plan, save_plan
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, look, make_root, request_for

if TYPE_CHECKING:
    from rrr_optimize.transaction import Request
    from rrr_optimize.workspace.root import Root

PLAN = Plan(
    (
        ChangeGroup(
            "unify/version/numpy",
            Lane.REVIEW,
            "numpy becomes 2.0",
            "two versions",
            hint="look at it \udce9",
            location=Location("a.txt", 1, 8, 1, 11),
            edits=(Edit("a.txt", Span(7, 10), "2.0"), Edit("sub/run.sh", Span(0, 0), "\N{SNOWMAN}")),
            creations=(Creation("new/c.txt", ""),),
            proofs=(Proof("it installs", holds=True, evidence=("a", "b")), Proof("it is small", holds=False)),
            requires=frozenset({"unify/version/scipy", "unify/version/pandas"}),
        ),
        ChangeGroup("unify/version/scipy", Lane.REFUSED, "scipy stays", "no version fits"),
    )
)


@pytest.fixture
def request_(root: Root) -> Request:
    return request_for(root.path, CHANGES, ["kept.txt"])


@pytest.fixture
def saved(root: Root, request_: Request, tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    save_plan(path, root, request_, PLAN)
    return path


def test_gives_back_what_was_saved(saved: Path, root: Root, request_: Request) -> None:
    loaded = load_plan(saved, root)
    assert loaded.plan == PLAN
    assert loaded.request == request_


def test_is_applied_exactly(saved: Path, root: Root) -> None:
    before = look(root.path)
    write(root, load_plan(saved, root).request, Clean(), ANYWHERE)
    seen = look(root.path)
    assert {path: seen[path].data if path in seen else None for path in CHANGES} == CHANGES
    undo_last(root)
    assert look(root.path) == before


def test_is_for_its_user_alone(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [path.name for path in saved.parent.iterdir() if path.name.startswith("plan")] == ["plan.json"]


def test_takes_the_place_of_an_older_one(root: Root, request_: Request, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"old")
    path.chmod(0o644)
    save_plan(path, root, request_, Plan())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_plan(path, root).plan == Plan()


@pytest.mark.parametrize("name", ["a.txt", "sub/run.sh", "sub/old.txt", "kept.txt"])
def test_is_stale_when_a_file_that_was_read_has_changed(name: str, saved: Path, root: Root) -> None:
    (root.path / name).write_bytes(b"another hand\n")
    with pytest.raises(StalePlanError, match=r"^the plan is stale: 1 file has changed since it was made:") as caught:
        load_plan(saved, root)
    assert caught.value.message.endswith(f"\n  - {name}: it has changed since it was read")
    assert caught.value.exit_code == 2


def test_is_stale_when_a_file_that_it_creates_has_come(saved: Path, root: Root) -> None:
    (root.path / "new").mkdir()
    (root.path / "new/c.txt").symlink_to("nowhere")
    with pytest.raises(StalePlanError, match=r"\n  - new/c\.txt: it is to be created and is there already$"):
        load_plan(saved, root)


def test_tells_every_file_that_makes_it_stale(saved: Path, root: Root) -> None:
    (root.path / "a.txt").unlink()
    (root.path / "kept.txt").chmod(0o777)
    with pytest.raises(StalePlanError, match="2 files have changed") as caught:
        load_plan(saved, root)
    assert "a.txt: it was read and is gone" in caught.value.message
    assert "kept.txt: it has changed since it was read" in caught.value.message


@pytest.mark.parametrize("key", ["root", "verb", "summary", "digests", "groups", "changes", "checksum", "more"])
def test_is_stale_once_it_was_edited(key: str, saved: Path, root: Root) -> None:
    table = json.loads(saved.read_bytes())
    table[key] = "edited"
    saved.write_text(json.dumps(table), encoding="ascii")
    with pytest.raises(StalePlanError, match=r"the plan is stale: .* was edited after it was saved"):
        load_plan(saved, root)


def test_another_layout_of_the_same_json_is_no_edit(saved: Path, root: Root) -> None:
    table = json.loads(saved.read_bytes())
    saved.write_text(json.dumps(dict(reversed(table.items()))), encoding="ascii")
    assert load_plan(saved, root).plan == PLAN


def test_is_stale_for_another_root(saved: Path, tmp_path: Path) -> None:
    other = make_root(tmp_path / "other")
    with pytest.raises(StalePlanError, match=r"it was made for .*root, not for .*other"):
        load_plan(saved, other)


def resave(path: Path, **changed: object) -> None:
    """Change a plan as somebody would who also knows how the checksum is made."""
    table = {key: value for key, value in json.loads(path.read_bytes()).items() if key != "checksum"} | changed
    path.write_text(json.dumps(table | {"checksum": checksum_of(table)}), encoding="ascii")


def test_a_plan_of_another_version_is_refused(saved: Path, root: Root) -> None:
    resave(saved, version=2)
    with pytest.raises(PlanFileError, match="was saved by another version"):
        load_plan(saved, root)


def test_a_plan_that_lacks_something_is_none(saved: Path, root: Root) -> None:
    resave(saved, changes=[{"path": "a.txt"}])
    with pytest.raises(PlanFileError, match="is no plan of rrr-optimize"):
        load_plan(saved, root)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format": "other"}', b"\xff", None])
def test_what_is_no_plan_is_told(data: bytes | None, root: Root, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(PlanFileError, match=r"plan\.json is no plan of rrr-optimize"):
        load_plan(path, root)


def test_a_pipe_or_a_folder_is_no_plan_and_nothing_hangs(root: Root, request_: Request, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(PlanFileError, match="is no plan of rrr-optimize"):
            load_plan(path, root)
        with pytest.raises(PlanFileError, match="it is no file"):
            save_plan(path, root, request_, PLAN)


def test_a_place_that_cannot_be_written_is_told(root: Root, request_: Request, tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match=r"the plan cannot be written to .*nowhere/plan\.json"):
        save_plan(tmp_path / "nowhere" / "plan.json", root, request_, PLAN)
    assert not Path(tmp_path / "nowhere").exists()


def test_a_plan_for_files_elsewhere_is_refused_by_the_write(root: Root, request_: Request, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    (first, *_) = request_.changes
    save_plan(path, root, replace(request_, changes=(replace(first, path="../x", before=None),)), PLAN)
    with pytest.raises(Exception, match="it is not a path inside the root"):
        write(root, load_plan(path, root).request, Clean(), ANYWHERE)
    assert not (tmp_path / "x").exists()
