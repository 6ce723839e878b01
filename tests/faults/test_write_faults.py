"""A write or an undo that breaks at any of its steps leaves all old or all new, and never both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import (
    InterruptedTransactionError,
    JournalError,
    PreflightError,
    RollbackError,
    RrrOptimizeError,
    WriteFailedError,
)
from rrr_optimize.transaction import list_transactions
from tests.faults.faulty import Died, Fault, FaultyFileSystem, PowerlessFileSystem
from tests.faults.trees import assert_nothing_stray, assert_ready, finish, recover, undo, write_into
from tests.transaction.conftest import bytes_of, look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.workspace.root import Root
    from tests.faults.trees import Trees


def every_step(trees: Trees, act: Callable[[Root, FaultyFileSystem], object], fault: Fault) -> range:
    """Return the numbers of the steps that an undisturbed run takes and at which the fault makes a difference."""
    root = trees.make()
    if act is undo:
        write_into(root)
    counting = FaultyFileSystem(fault)
    act(root, counting)
    assert len(counting.steps) > 20
    return range(1, len(counting.steps) + 1)


def outcome_of(
    act: Callable[[Root, FileSystem], object], root: Root, filesystem: FileSystem
) -> type[BaseException] | None:
    """Return what came of it: the kind of the error, or None."""
    try:
        act(root, filesystem)
    except (RrrOptimizeError, Died) as error:
        return type(error)
    return None


FAILURES = [Fault.FAILS, Fault.FAILS_LATE, Fault.FAILS_HALF]
DEATHS = [Fault.DIES, Fault.DIES_HALF]


@pytest.mark.parametrize("fault", FAILURES)
def test_a_write_that_fails_at_any_step_has_changed_nothing(fault: Fault, trees: Trees) -> None:
    outcomes = set()
    for step in every_step(trees, write_into, fault):
        root = trees.make()
        outcome = outcome_of(write_into, root, FaultyFileSystem(fault, step))
        if outcome is None:
            assert bytes_of(look(root.path)) == trees.new
        else:
            assert look(root.path) == trees.old
        outcomes.add(outcome)
        assert_ready(root, trees)
    wanted = {JournalError, WriteFailedError} | ({PreflightError} if fault is Fault.FAILS else set())
    assert outcomes - {None} == wanted


def test_a_write_on_a_disk_that_stays_broken_is_undone_once_it_is_mended(trees: Trees) -> None:
    unfinished = 0
    for step in every_step(trees, write_into, Fault.STAYS_BROKEN):
        root = trees.make()
        if outcome_of(write_into, root, FaultyFileSystem(Fault.STAYS_BROKEN, step)) is RollbackError:
            unfinished += 1
            with pytest.raises(InterruptedTransactionError):
                write_into(root)
            undo(root)
        elif any(each.is_interrupted for each in list_transactions(root)):
            # Before the first change: there was nothing to roll back, but the journal may know of the write.
            undo(root)
        assert_nothing_stray(root)
        assert_ready(root, trees)
    assert unfinished > 20


@pytest.mark.parametrize("fault", DEATHS)
def test_a_write_that_is_killed_at_any_step_is_undone_or_stands(fault: Fault, trees: Trees) -> None:
    stands = 0
    for step in every_step(trees, write_into, fault):
        root = trees.make()
        assert outcome_of(write_into, root, FaultyFileSystem(fault, step)) is Died
        recover(root, trees)
        stands += bytes_of(look(root.path)) == trees.new
        assert_ready(root, trees)
    assert stands > 0


def test_a_write_that_loses_power_at_any_step_is_undone_or_stands(trees: Trees, tmp_path: Path) -> None:
    (tmp_path / "graves").mkdir()
    for step in every_step(trees, write_into, Fault.DIES):
        root = trees.make()
        with pytest.raises(Died):
            write_into(root, PowerlessFileSystem(tmp_path / "graves", step))
        recover(root, trees)
        assert_ready(root, trees)


@pytest.mark.parametrize("fault", [*FAILURES, Fault.STAYS_BROKEN, *DEATHS])
def test_an_undo_that_breaks_at_any_step_is_finished_by_the_next(fault: Fault, trees: Trees) -> None:
    broken_off = 0
    for step in every_step(trees, undo, fault):
        root = trees.make()
        write_into(root)
        if outcome_of(undo, root, FaultyFileSystem(fault, step)):
            broken_off += 1
        else:
            assert look(root.path) == trees.old
        finish(root, trees)
    assert broken_off > 10


def test_an_undo_that_loses_power_at_any_step_is_finished_by_the_next(trees: Trees, tmp_path: Path) -> None:
    (tmp_path / "graves").mkdir()
    for step in every_step(trees, undo, Fault.DIES):
        root = trees.make()
        write_into(root)
        with pytest.raises(Died):
            undo(root, PowerlessFileSystem(tmp_path / "graves", step))
        finish(root, trees)


def test_an_undo_that_is_killed_twice_is_finished_by_the_third(trees: Trees) -> None:
    for step in every_step(trees, undo, Fault.DIES)[::3]:
        for second in range(1, 30, 3):
            root = trees.make()
            write_into(root)
            with pytest.raises(Died):
                undo(root, FaultyFileSystem(Fault.DIES, step))
            outcome_of(undo, root, FaultyFileSystem(Fault.DIES, second))
            finish(root, trees)


def test_the_undo_of_a_killed_write_may_be_killed_too(trees: Trees) -> None:
    for step in every_step(trees, write_into, Fault.DIES)[::3]:
        for second in range(1, 30, 3):
            root = trees.make()
            with pytest.raises(Died):
                write_into(root, FaultyFileSystem(Fault.DIES, step))
            if bytes_of(look(root.path)) == trees.new:
                continue
            outcome_of(undo, root, FaultyFileSystem(Fault.DIES, second))
            finish(root, trees)
