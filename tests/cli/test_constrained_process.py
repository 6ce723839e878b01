"""A process with little of what it usually has: permissions, file descriptors, a home."""

from __future__ import annotations

import ctypes
import os
import resource
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.cli.conftest import Start
    from tests.conftest import Cli, Repository

_CONFLICT = "numpy==1.0\nnumpy==2.0\n"
_SOMEBODY_ELSE = 65534
_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


def _obey_modes() -> None:
    """Take from the command what makes root ignore the modes of files; it stays root, so it can still start."""
    if os.getuid() == 0:
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            if ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError("this root ignores modes and cannot be made to obey them")


def _finish(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    stdout, stderr = process.communicate(timeout=60)
    return process.returncode, stdout.decode(), stderr.decode()


@pytest.mark.parametrize("lister", ["walk", "git"])
def test_what_may_not_be_opened_is_told_and_the_rest_is_read(lister: str, repository: Repository, start: Start) -> None:
    files = {
        "requirements.txt": f"{_CONFLICT}-r closed/requirements.txt\n",
        "closed/requirements.txt": "a==1\n",
        "secret-requirements.txt": "a==1\n",
    }
    root = repository(files, git=lister == "git")
    (root / "secret-requirements.txt").chmod(0)
    (root / "closed").chmod(0)
    try:
        code, stdout, stderr = _finish(start("audit", ".", "-v", cwd=root, before=_obey_modes))
    finally:
        (root / "closed").chmod(0o755)
    assert (code, stderr) == (1, "")
    assert "requirements.txt:1:1 REQ001 error: numpy is pinned" in stdout
    assert "\nsecret-requirements.txt: not analysed: permission denied\n" in stdout
    assert "permission denied" in stdout.split("closed", 1)[1]


def test_a_root_that_may_not_be_listed_is_an_error(repository: Repository, start: Start, tmp_path: Path) -> None:
    root = repository({"a/requirements.txt": _CONFLICT})
    (root / "a").chmod(0o311)
    code, stdout, stderr = _finish(start("audit", "a", cwd=root, before=_obey_modes))
    (root / "a").chmod(0o755)
    assert (code, stdout) == (2, "")
    assert stderr == f"rrr-optimize: {(tmp_path / 'repository/a').resolve()} cannot be listed: permission denied\n"


def _limit_descriptors() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def test_64_file_descriptors_are_enough(repository: Repository, start: Start) -> None:
    files = {f"p{number}/requirements.txt": f"x=={number}\n" for number in range(300)}
    files |= {f"deep/{'d/' * level}requirements.txt": "y==1\n" for level in range(100)}
    for lister in ("walk", "git"):
        root = repository(files, git=lister == "git", folder=lister)
        code, stdout, stderr = _finish(start("audit", ".", cwd=root, before=_limit_descriptors))
        assert (code, stderr) == (1, "")
        assert "in 400 files of" in stdout


def test_no_home_and_no_place_to_write_are_needed(repository: Repository, cli: Cli, start: Start) -> None:
    root = repository({"requirements.txt": _CONFLICT}, git=True)
    for home in (os.devnull, "/nonexistent"):
        run = cli("audit", cwd=root, environment={"HOME": home, "XDG_CACHE_HOME": home, "TMPDIR": home})
        assert (run.exit_code, run.stderr) == (1, "")
    if os.getuid() == 0:
        # What is left to test as root: a checkout of somebody else, whose ownership git calls dubious.
        for path in (root, root / ".git"):
            os.chown(path, _SOMEBODY_ELSE, _SOMEBODY_ELSE)
    root.chmod(0o555)
    code, stdout, stderr = _finish(start("audit", cwd=root, before=_obey_modes))
    root.chmod(0o755)
    assert (code, stderr) == (1, "")
    assert "note: " not in stdout


def test_the_folder_one_stands_in_may_be_gone(repository: Repository, start: Start) -> None:
    gone = repository({"gone/x": ""}) / "gone"

    def leave_nothing() -> None:
        (gone / "x").unlink()
        gone.rmdir()

    code, stdout, stderr = _finish(start("audit", ".", cwd=gone, before=leave_nothing))
    assert (code, stdout) == (2, "")
    assert stderr.startswith("rrr-optimize: the working directory does not exist any more\nhint: ")
