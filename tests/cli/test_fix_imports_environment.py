"""`fix-imports --site-packages`: what is installed decides whether a hack is needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.imports.trees import write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository

HACKED = """\
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import app

print(app, sys.argv)
"""
CLEAN = "import sys\n\nimport app\n\nprint(app, sys.argv)\n"
PACKAGES = "lib/python3.11/site-packages"


@pytest.fixture
def root(repository: Repository) -> Path:
    files = {"README.md": "    python tools/run.py\n", "tools/run.py": HACKED, "src/app/__init__.py": "x = 1\n"}
    return repository(files, git=True)


def _write_environment(root: Path, name: str, **files: str) -> str:
    path = root.parent / name
    write_tree(path / PACKAGES, files)
    return str(path)


def test_a_hack_is_taken_out_where_the_environment_leads_to_this_checkout(root: Path, cli: Cli) -> None:
    environment = _write_environment(root, "env", **{"app.pth": f"{root}/src\n"})
    assert cli("fix-imports", "--check", cwd=root).exit_code == 0
    run = cli("fix-imports", "--write", "--site-packages", environment, cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert (root / "tools/run.py").read_text("utf-8") == CLEAN


@pytest.mark.parametrize(
    "files",
    [
        {"other.py": ""},
        {"app/__init__.py": ""},
        {"app.pth": "../../../../other/src\n"},
        {"app.pth": "import os; os.getcwd()\n{root}/src\n"},
        {"app/__init__.py": "", "x.pth": "{root}/src\n"},
    ],
    ids=["not installed", "a copy", "another checkout", "a line that is not known", "a copy in front"],
)
def test_it_stays_where_another_is_found_without_it(files: dict[str, str], root: Path, cli: Cli) -> None:
    write_tree(root.parent, {"other/src/app/__init__.py": ""})
    environment = _write_environment(root, "env", **{name: text.format(root=root) for name, text in files.items()})
    run = cli("fix-imports", "--write", "--unsafe", "--site-packages", environment, cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert (root / "tools/run.py").read_text("utf-8") == HACKED


def test_the_configuration_names_it_from_the_root_and_the_command_line_from_here(root: Path, cli: Cli) -> None:
    _write_environment(root, "env", **{"app.pth": f"{root}/src\n"})
    told = cli("fix-imports", "--check", "--site-packages", "../../env", cwd=root / "tools")
    (root / "rrr-optimize.toml").write_text('fix-imports.site-packages = "../env"\n', encoding="utf-8")
    configured = cli("fix-imports", "--check", cwd=root)
    assert (told.exit_code, configured.exit_code) == (1, 1)


@pytest.mark.parametrize("path", ["gone", "src", "."])
def test_what_is_no_environment_is_an_error(path: str, root: Path, cli: Cli) -> None:
    run = cli("fix-imports", "--site-packages", path, cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert "--site-packages and fix-imports.site-packages name" in run.stderr


def test_an_audit_asks_the_environment_for_the_names_of_distributions(repository: Repository, cli: Cli) -> None:
    files = {
        "requirements.txt": "odd-name==1\nstray==1\nlinked==1\n",
        "oddly.py": "",
        "odd_name.py": "",
        "docs/__init__.py": "",
        "far.py": "",
        "rrr-optimize.toml": 'fix-imports.site-packages = "../env"\n',
    }
    root = repository(files, git=True)
    other = root.parent / "other"
    write_tree(other, {"linked.egg-info/top_level.txt": "far\n"})
    records = {
        "odd_name-1.dist-info/RECORD": "oddly/__init__.py,sha256=x,1\noddly/deep/__init__.py,,\n",
        "stray-1.dist-info/RECORD": "docs/__init__.py,,\nstray.py,,\n../../../bin/x.py,,\n",
        "linked.egg-link": f"{other}\n.\n",
    }
    _write_environment(root, "env", **records)
    run = cli("audit", "--select", "IMP004", "--format", "json", cwd=root)
    told = [finding["message"] for finding in json.loads(run.stdout)["findings"]]
    assert told == [
        "hides linked, which requirements.txt:3 asks for",
        "hides odd-name, which requirements.txt:1 asks for",
    ]
