"""`fix-imports --write` over files that no tool should touch: each stays as it is, and the good one is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository

HACK = "import sys\n\nsys.path.insert(0, 'gone')\n\nprint(sys.argv)\n"
CLEAN = "import sys\n\nprint(sys.argv)\n"
BESIDE = b"import sys\n\nsys.path.insert(0, 'gone'); x = %b\n\nprint(sys.argv)\n"
CONDEMNED = {
    # What LibCST does not follow beside the statement.
    "sum.py": BESIDE % b" + ".join([b"1"] * 600),
    "brackets.py": BESIDE % (b"[" * 190 + b"]" * 190),
    "minus.py": BESIDE % (b"-" * 2_000 + b"1"),
    # What Python does not parse.
    "nested.py": HACK.encode() + b"(" * 5_000 + b")" * 5_000 + b"\n",
    "two.py": HACK.encode() + b"print 'x'\n",
    "nul.py": HACK.encode() + b"x = '\0'\n",
    # What is no text, or too long.
    "utf16.py": HACK.encode("utf-16"),
    "cookie.py": b"# coding: klingon\n" + HACK.encode(),
    "large.py": HACK.encode() + b"# more\n" * 400_000,
}


@pytest.fixture
def root(repository: Repository) -> Path:
    return repository({"good.py": HACK, **CONDEMNED}, git=True)


def test_what_cannot_be_proved_stays_as_it_is_and_the_rest_is_mended(root: Path, cli: Cli) -> None:
    run = cli("fix-imports", "--write", "--unsafe", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert (root / "good.py").read_text("utf-8") == CLEAN
    assert {path: (root / path).read_bytes() for path in CONDEMNED} == CONDEMNED


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("\x0c", ""),
        ("", "x = 1\r"),
        ("", f"x = {' + '.join(['1'] * 600)}\n"),
        ("", f"x = {'[' * 190}{']' * 190}\n"),
        ("\ufeff", '"""\n\tif: no code\n"""\n'),
    ],
    ids=["form feed", "lone return", "long sum", "deep brackets", "mark and tabs"],
)
def test_what_stands_elsewhere_in_a_file_is_no_hindrance(
    before: str, behind: str, repository: Repository, cli: Cli
) -> None:
    root = repository({"a.py": f"{before}{HACK}{behind}".encode()}, git=True)
    run = cli("fix-imports", "--write", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert (root / "a.py").read_bytes() == f"{before}{CLEAN}{behind}".encode()


def test_each_that_stays_is_told_with_the_reason(root: Path, cli: Cli) -> None:
    told = cli("fix-imports", cwd=root).stdout
    refused = [path for path in CONDEMNED if f"{path}:" in told]
    assert {"sum.py", "brackets.py", "minus.py", "nested.py", "two.py", "nul.py"} <= set(refused)
    assert "the file does not parse" in told


def test_a_link_is_followed_once_and_stays_a_link(repository: Repository, tmp_path: Path, cli: Cli) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(HACK, encoding="utf-8")
    root = repository({"real.py": HACK}, git=True)
    (root / "link.py").symlink_to("real.py")
    (root / "away.py").symlink_to(outside)
    run = cli("fix-imports", "--write", "--allow-dirty", cwd=root)
    assert run.exit_code == 0, run.stderr
    assert ((root / "real.py").read_text("utf-8"), (root / "link.py").is_symlink()) == (CLEAN, True)
    assert (outside.read_text("utf-8"), (root / "away.py").is_symlink()) == (HACK, True)


def test_a_hard_link_is_refused_and_nothing_is_written(repository: Repository, cli: Cli) -> None:
    root = repository({"a.py": HACK, "b.py": HACK}, git=True)
    (root / "a.py").hardlink_to(_moved(root / "a.py"))
    run = cli("fix-imports", "--write", "--allow-dirty", cwd=root)
    assert run.exit_code == 2
    assert "a.py" in run.stderr
    assert (root / "b.py").read_text("utf-8") == HACK


def test_a_plan_is_stale_when_a_file_has_changed(root: Path, tmp_path: Path, cli: Cli) -> None:
    plan = tmp_path / "plan.json"
    assert cli("fix-imports", "--plan-out", str(plan), cwd=root).exit_code in {0, 1}
    (root / "good.py").write_text(f"{HACK}print()\n", encoding="utf-8")
    run = cli("fix-imports", "--apply", str(plan), "--allow-dirty", cwd=root)
    assert run.exit_code == 2
    assert "stale" in run.stderr
    assert (root / "good.py").read_text("utf-8") == f"{HACK}print()\n"


def test_nothing_of_the_target_runs(repository: Repository, tmp_path: Path, cli: Cli) -> None:
    mark = tmp_path / "mark"
    bomb = f"open({str(mark)!r}, 'w')\nraise SystemExit(3)\n"
    files = {"run.py": f"{HACK}import bomb\n", "bomb.py": bomb, "conftest.py": bomb, "setup.py": bomb}
    root = repository({**files, "sitecustomize.py": bomb, "gone.pth": "import bomb\n"}, git=True)
    run = cli("fix-imports", "--write", "--allow-dirty", "--prove-run", cwd=root)
    assert (run.exit_code, mark.exists()) == (0, False)
    assert (root / "run.py").read_text("utf-8") == f"{CLEAN}import bomb\n"


def _moved(path: Path) -> Path:
    other = path.with_suffix(".txt")
    path.rename(other)
    return other
