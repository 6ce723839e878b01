"""Whatever the tree: what is written is what was asked for, and undo gives back every byte, mode and time."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings, strategies as st

from rrr_optimize.errors import PreflightError
from rrr_optimize.transaction import list_transactions, undo_last, write
from rrr_optimize.workspace.root import Root
from tests.faults.faulty import Died, Fault, FaultyFileSystem
from tests.transaction.conftest import ANYWHERE, Clean, Seen, look, request_for

NAMES = st.sampled_from(["a", "b", "c.txt", "\N{SNOWMAN}", "with space", "-dash"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
DATA = st.one_of(st.binary(max_size=40), st.integers(0, 9000).map(lambda size: b"x" * size))
MODES = st.sampled_from([0o644, 0o600, 0o755, 0o640, 0o666, 0o4755, 0o200])
TIMES = st.integers(0, 2_000_000_000 * 10**9)
TREES = st.dictionaries(PATHS, st.tuples(DATA, MODES, TIMES), max_size=6)
CHANGES = st.dictionaries(PATHS, st.none() | DATA, min_size=1, max_size=6)


def make_tree(folder: Path, tree: dict[str, tuple[bytes, int, int]]) -> None:
    for name, (data, mode, modified) in tree.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError:
            # A file of this tree is a folder for another one.
            continue
        path.chmod(mode)
        os.utime(path, ns=(modified, modified))


def write_what_can_be(root: Root, changes: dict[str, bytes | None], fault: int = 0) -> dict[str, bytes | None]:
    """Write all changes that preflight lets through, and return them."""
    possible = {path: data for path, data in changes.items() if data is not None or (root.path / path).is_file()}
    request = request_for(root.path, possible)
    try:
        write(root, request, Clean(), ANYWHERE, filesystem=FaultyFileSystem(Fault.DIES, fault))
    except PreflightError as error:
        refused = {problem.path for problem in error.problems}
        assert refused
        return write_what_can_be(root, {path: data for path, data in possible.items() if path not in refused}, fault)
    return possible


def expect(before: dict[str, Seen], changes: dict[str, bytes | None]) -> dict[str, bytes]:
    files = {path: seen.data for path, seen in before.items()}
    for path, data in changes.items():
        if data is None:
            del files[path]
        else:
            files[path] = data
            parents = path.split("/")[:-1]
            files.update(("/".join(parents[: end + 1]), b"") for end in range(len(parents)))
    return files


@given(TREES, st.lists(CHANGES, min_size=1, max_size=3))
@settings(max_examples=60)
def test_what_is_written_is_undone_to_the_byte(
    tree: dict[str, tuple[bytes, int, int]], rounds: list[dict[str, bytes | None]]
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        root = Root(Path(temporary).resolve(), None)
        make_tree(root.path, tree)
        states = []
        for changes in rounds:
            before = look(root.path)
            count = len(list_transactions(root))
            done = write_what_can_be(root, changes)
            assert {path: seen.data for path, seen in look(root.path).items()} == expect(before, done)
            if len(list_transactions(root)) > count:
                states.append(before)
        while states:
            undo_last(root, FaultyFileSystem())
            assert look(root.path) == states.pop()
        assert list_transactions(root) == ()


@given(TREES, CHANGES, st.integers(1, 60))
@settings(max_examples=60)
def test_a_write_that_is_killed_is_undone_to_the_byte_or_stands(
    tree: dict[str, tuple[bytes, int, int]], changes: dict[str, bytes | None], step: int
) -> None:
    temporary = tempfile.mkdtemp()
    try:
        root = Root(Path(temporary).resolve(), None)
        make_tree(root.path, tree)
        before = look(root.path)
        try:
            write_what_can_be(root, changes, step)
        except Died:
            if any(each.is_interrupted for each in list_transactions(root)):
                undo_last(root, FaultyFileSystem())
            if not list_transactions(root):
                assert look(root.path) == before
        assert [path for path in look(root.path) if ".rrr-optimize-" in path] == []
    finally:
        shutil.rmtree(temporary)
