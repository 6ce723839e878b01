"""The judge of real repositories: what it must notice, and that it is quiet where nothing is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Repository

SCRIPT = Path(__file__).with_name("public_replay.py")
HACK = "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib'))\n"
FILES = {
    "lib/helper.py": "open(__file__ + '.was_run', 'w')\n",
    "app/tool.py": "import run\n",
    "run.py": f"{HACK}import helper\n",
}


def judge(before: Path, after: Path, *arguments: str) -> tuple[int, list[str]]:
    command = [sys.executable, "-B", str(SCRIPT), str(before), str(after), *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        ("import helper\n", [], "run.py|import helper reached ['lib/helper.py'], and now ['absent']"),
        (f"{HACK}import (\n", [], "run.py does not parse any more"),
        (f"{HACK}import other\n", [], "import helper reached"),
        (FILES["run.py"], ["--again", f'{sys.executable} -c \'open("run.py", "w")\''], "the second run changes run.py"),
        (FILES["run.py"], ["--again", f"{sys.executable} -c 'raise SystemExit(1)'"], "the second run ends with 1"),
    ],
    ids=["needed", "broken", "another import", "unstable", "not done"],
)
def test_tells_what_is_wrong(text: str, arguments: list[str], told: str, repository: Repository) -> None:
    before, after = repository(FILES, folder="before"), repository({**FILES, "run.py": text}, folder="after")
    code, lines = judge(before, after, *arguments)
    assert code == 1
    assert any(told in line for line in lines)


def test_is_quiet_where_nothing_is_wrong_and_runs_nothing(repository: Repository) -> None:
    idle = "import sys\nsys.path.append('gone')\nimport os\nprint(os)\n"
    before = repository({**FILES, "run.py": idle}, folder="before")
    after = repository({**FILES, "run.py": "import os\nprint(os)\n"}, folder="after")
    assert judge(before, after)[0] == 0
    assert not [*before.rglob("*.was_run"), *after.rglob("*.was_run")]


@pytest.mark.parametrize(
    "config",
    [
        {"pytest.ini": "[pytest]\npythonpath = lib\n"},
        {"pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['lib']\n"},
    ],
    ids=["ini", "toml"],
)
def test_counts_what_pytest_puts_on_the_path(config: dict[str, str], repository: Repository) -> None:
    hack = "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), '../lib'))\n"
    before = repository({**FILES, "tests/test_a.py": f"{hack}import helper\n", **config}, folder="before")
    after = repository({**FILES, "tests/test_a.py": "import helper\n", **config}, folder="after")
    told = judge(before, after)[1]
    assert not [line for line in told if line.startswith("pytest")]
    assert [line for line in told if line.startswith("script")]
