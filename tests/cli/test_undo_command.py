"""`rrr-optimize undo`, as a user runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.model import FileChange
from rrr_optimize.transaction import Permissions, Request, write
from rrr_optimize.workspace.root import find_root
from tests.faults.faulty import Died, Fault, FaultyFileSystem
from tests.transaction.conftest import Clean

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.transaction.filesystem import FileSystem
    from tests.conftest import Cli, Repository

SECRET = "https://user:hunter2@example.com/simple"  # noqa: S105 - a canary


@pytest.fixture
def written(repository: Repository) -> Path:
    folder = repository({"a.txt": "old\n", "sub/b.txt": "old\n"}, git=True)
    make(folder, {"a.txt": b"new\n", "sub/c.txt": b"created\n"})
    return folder


def make(folder: Path, changes: dict[str, bytes], filesystem: FileSystem | None = None, verb: str = "unify") -> None:
    read = {path: (folder / path).read_bytes() if (folder / path).exists() else None for path in changes}
    request = Request(
        verb, tuple(FileChange(path, read[path], after) for path, after in changes.items()), {}, f"from {SECRET}"
    )
    write(find_root(str(folder), folder), request, Clean(), Permissions(), filesystem=filesystem)


def test_takes_the_last_write_back_and_tells_each_file(written: Path, cli: Cli) -> None:
    assert cli("undo", cwd=written / "sub") == (
        0,
        "restored a.txt\nremoved sub/c.txt\nUndone: unify (0001), 1 file restored, 1 removed.\n",
        "",
    )
    assert (written / "a.txt").read_bytes() == b"old\n"
    assert cli("undo", cwd=written) == (0, "Nothing to undo.\n", "")


def test_lists_what_can_be_undone_and_masks_credentials(written: Path, cli: Cli) -> None:
    make(written, {"sub/b.txt": b"new\n"}, verb="compose")
    run = cli("undo", ".", "--list", cwd=written)
    assert (run.exit_code, run.stderr) == (0, "")
    first, second = (line.split("  ") for line in run.stdout.splitlines())
    assert (first[0], *first[2:]) == ("0002", "compose", "1 file", "from https://***@example.com/simple")
    assert (second[0], *second[2:4]) == ("0001", "unify", "2 files")
    assert (written / "sub/b.txt").read_bytes() == b"new\n"


def test_a_root_without_a_journal_has_nothing_to_undo(repository: Repository, cli: Cli) -> None:
    folder = repository({"a.txt": ""})
    assert cli("undo", ".", cwd=folder) == (0, "Nothing to undo.\n", "")
    assert cli("undo", ".", "--list", cwd=folder) == (0, "Nothing to undo.\n", "")
    assert [path.name for path in folder.iterdir()] == ["a.txt"]


def test_a_changed_file_is_named_and_the_exit_code_is_2(written: Path, cli: Cli) -> None:
    (written / "a.txt").write_bytes(b"my own work\n")
    run = cli("undo", cwd=written)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(
        "rrr-optimize: nothing was undone, because 1 file is not as `unify` left it:\n"
        "  - a.txt: it has changed since\n"
        "hint: take your changes to it back first; or remove "
    )


def test_a_run_that_was_cut_off_is_listed_and_undone(written: Path, cli: Cli) -> None:
    with pytest.raises(Died):
        make(written, {"a.txt": b"newer\n"}, FaultyFileSystem(Fault.DIES, 10))
    assert "  interrupted\n" in cli("undo", "--list", cwd=written).stdout
    run = cli("undo", cwd=written)
    assert (run.exit_code, run.stderr) == (0, "")
    assert run.stdout.endswith("Undone: the interrupted unify (0002), 0 files restored, 0 removed.\n")
    assert (written / "a.txt").read_bytes() == b"new\n"


def test_names_in_the_journal_are_shown_as_what_they_are(repository: Repository, cli: Cli) -> None:
    folder = repository({"a.txt": ""})
    name = "https:\N{RIGHT-TO-LEFT OVERRIDE}.txt"
    request = Request("unify", (FileChange(name, None, b""),), {})
    write(find_root(str(folder), folder), request, Clean(), Permissions(allow_no_vcs=True))
    assert cli("undo", ".", cwd=folder).stdout.startswith("removed https:\\u202e.txt\n")
