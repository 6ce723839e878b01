"""What pytest is told, by every file that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.pytest_settings import PytestSettings, read_pytest_facts

if TYPE_CHECKING:
    from tests.conftest import Facts


PYTEST_LISTS = "pythonpath = ['src', 'lib']\naddopts = ['--import-mode=importlib']\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[other]\nx = 1\n"),
        ("setup.cfg", "[metadata]\nname = x\n"),
        ("tox.ini", "[tox]\nenvlist = py311\n"),
        ("pyproject.toml", "[project]\nname = 'pytest-something'\n"),
        ("pyproject.toml", "[tool.pytest.ini_options\n"),
        ("setup.cfg", "pytest without a section\n"),
    ],
)
def test_a_file_without_settings_changes_none(facts: Facts, name: str, text: str) -> None:
    (settings,) = read_pytest_facts(facts({f"{name}": text}).snapshot).around("test_x.py")[-1:]
    assert settings in {PytestSettings(), PytestSettings(config=name)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "pytest.ini",
            "[pytest]\npythonpath = src lib\ntestpaths =\n    tests\naddopts = -q --import-mode=importlib\n",
        ),
        ("tox.ini", "[pytest]\npythonpath = src lib\ntestpaths = tests\naddopts = --import-mode importlib\n"),
        ("setup.cfg", "[tool:pytest]\npythonpath = src lib\ntestpaths = tests\naddopts = --import-mode=importlib\n"),
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\ntestpaths = 'tests'\n" + PYTEST_LISTS,
        ),
        (
            "pyproject.toml",
            "[tool.pytest]\npythonpath = ['src', 'lib']\ntestpaths = ['tests']\naddopts = '--import-mode=importlib'\n",
        ),
        (
            "pytest.toml",
            "[pytest]\npythonpath = ['src', 'lib']\ntestpaths = ['tests']\naddopts = ['--import-mode=importlib']\n",
        ),
    ],
)
def test_every_file_of_settings_is_read(facts: Facts, name: str, text: str) -> None:
    found = read_pytest_facts(facts({f"app/{name}": text}).snapshot)
    settings, of_the_root = found.around("app/tests/test_x.py")
    assert settings == PytestSettings(
        "app", f"app/{name}", ("app/src", "app/lib"), ("app/tests",), "importlib", ("test_*.py", "*_test.py")
    )
    assert of_the_root == PytestSettings()


def test_the_first_file_of_a_folder_wins(facts: Facts) -> None:
    files = {
        "pytest.ini": "[pytest]\ntestpaths = a\n",
        "pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['b']\n",
    }
    assert read_pytest_facts(facts(files).snapshot).around("test_x.py")[0].testpaths == ("a",)


def test_files_are_collected_by_name() -> None:
    assert PytestSettings().collects("a/test_x.py")
    assert PytestSettings().collects("a/x_test.py")
    assert not PytestSettings().collects("a/x.py")
    assert PytestSettings(python_files=("checks/*.py",)).collects("checks/x.py")
