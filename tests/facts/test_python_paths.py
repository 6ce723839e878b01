"""Every way to give PYTHONPATH a folder is read, and what only running would tell is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.python_paths import PythonPaths, read_python_paths

if TYPE_CHECKING:
    from tests.conftest import Facts


@pytest.mark.parametrize(
    ("path", "text", "folders"),
    [
        pytest.param("a.py", "# PYTHONPATH matters\n", set(), id="a word in a text"),
        pytest.param("a.sh", "export PYTHONPATH=$PYTHONPATH\n", set(), id="itself"),
        pytest.param("a.sh", "export PYTHONPATH=/opt/elsewhere\n", set(), id="no folder of the repository"),
        pytest.param("a.sh", "export PYTHONPATH=libs/one:$PYTHONPATH\n", {"libs/one"}, id="shell"),
        pytest.param("a.sh", 'PYTHONPATH="$(pwd)/libs/one:libs/two" python a.py\n', {"libs/one", "libs/two"}, id="two"),
        pytest.param("Dockerfile", "ENV PYTHONPATH /app/libs/one\n", {"libs/one"}, id="an image"),
        pytest.param("ci.yml", "env:\n  PYTHONPATH: ${{ github.workspace }}/libs/two\n", {"libs/two"}, id="CI"),
        pytest.param(".env", "PYTHONPATH=./libs/one\n", {"libs/one"}, id="environment file"),
        pytest.param("a.sh", "export PYTHONPATH=$ROOT/libs/one\n", {"libs/one"}, id="behind a variable"),
        pytest.param("a.bat", "set PYTHONPATH=%PYTHONPATH%;libs/two\n", {"libs/two"}, id="Windows"),
    ],
)
def test_finds_the_folders(facts: Facts, path: str, text: str, folders: set[str]) -> None:
    repository = facts({path: text, "libs/one/a.py": "", "libs/two/b.py": ""})
    assert repository.find_holding is not None
    found = read_python_paths(repository.snapshot, repository.find_holding)
    assert found == PythonPaths(frozenset(folders))


def test_notes_what_a_variable_decides(facts: Facts) -> None:
    repository = facts({"a.sh": "export PYTHONPATH=$WHERE:$PYTHONPATH\n", "b.sh": "export PYTHONPATH=$(pwd)\n"})
    assert repository.find_holding is not None
    assert read_python_paths(repository.snapshot, repository.find_holding).unknown == ("a.sh",)
