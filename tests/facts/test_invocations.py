"""How programs are started, wherever that is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Facts

FILES = {"src/app/main.py": "", "src/app/__init__.py": "", "run.py": "", "tests/test_x.py": "", "tools/mend.py": ""}


def tell(facts: Facts, files: dict[str, str]) -> list[str]:
    return [
        f"{each.location} {each.starter.value} {each.path} in {each.directory}"
        + (f" with {':'.join(each.pythonpath)}" if each.pythonpath else "")
        for each in facts({**FILES, **files}).codebase.invocations
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "```bash\npython other.py\npython -m missing.module\npytest nowhere/\n```\n"},
        {"README.md": "Run it with python run.py.\n"},
        {"README.md": "```python\nimport run\n```\n"},
        {"run.sh": "cd $ROOT\npython run.py\n"},
        {"pyproject.toml": "[project.scripts]\nx = 'missing.main:main'\n"},
        {"pyproject.toml": "[project\n"},
        {"setup.cfg": "[options.entry_points]\nconsole_scripts =\n    x = app.main:main\n"},
        {"setup.py": "setup(entry_points={)\n"},
        {"setup.cfg": "no section\n", "setup.py": "import setuptools\nsetuptools.setup(entry_points=read())\n"},
    ],
)
def test_says_nothing_of_files_that_are_not_there(facts: Facts, files: dict[str, str]) -> None:
    assert tell(facts, files) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"README.md": "```bash\n$ python run.py\n```\n"}, ["README.md:2 script run.py in ."]),
        ({"README.md": "Start `python -m src.app.main`.\n"}, ["README.md:1 module src/app/main.py in ."]),
        ({"docs/a.md": "```\ncd src\npython -m app.main\n```\n"}, ["docs/a.md:3 module src/app/main.py in src"]),
        ({"src/README.md": "```\npython -m app.main\n```\n"}, ["src/README.md:2 module src/app/main.py in src"]),
        ({"start.sh": "PYTHONPATH=src python run.py\n"}, ["start.sh:1 script run.py in . with src"]),
        ({"start.sh": "PYTHONPATH=src python -m app.main\n"}, ["start.sh:1 module src/app/main.py in . with src"]),
        ({"Makefile": "run:\n\t@python run.py\n"}, ["Makefile:2 script run.py in ."]),
        ({"Makefile": "run:\n\thypercorn src.app.main:app\n"}, ["Makefile:2 server src/app/main.py in ."]),
        ({"README.md": "```\ndaphne src.app.main:app\n```\n"}, ["README.md:2 server src/app/main.py in ."]),
        ({"docs/a.md": "Run `celery -A src.app.main worker`.\n"}, ["docs/a.md:1 server src/app/main.py in ."]),
        ({"tox.ini": "[testenv]\ncommands = pytest tests\n"}, ["tox.ini:2 pytest tests in ."]),
        (
            {
                ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n"
                "    - run: uvicorn app.main:app\n      working-directory: src\n"
            },
            [".github/workflows/ci.yml:4 server src/app/main.py in src"],
        ),
        (
            {
                "Dockerfile": "FROM python\nWORKDIR /app\nENV PYTHONPATH=/app/src:$PYTHONPATH\n"
                'COPY . .\nCMD ["python", "run.py"]\n'
            },
            ["Dockerfile:5 script run.py in . with src"],
        ),
        (
            {
                "Dockerfile": "FROM python\nWORKDIR /srv/src\n"
                "HEALTHCHECK --interval=5s CMD python -m app.main || exit 1\n"
            },
            ["Dockerfile:3 module src/app/main.py in src"],
        ),
        (
            {"Dockerfile": "FROM python\nENTRYPOINT python run.py\n"},
            ["Dockerfile:2 script run.py in ."],
        ),
        (
            {
                "pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'uv_build'\n"
                "[project]\nname = 'app'\n[project.scripts]\nserve = 'app.main:main'\n"
            },
            ["pyproject.toml:7 console script src/app/main.py in src"],
        ),
        (
            {"pyproject.toml": "[project]\nname = 'x'\n[project.entry-points.plugins]\nx = 'app.main [extra]'\n"},
            ["pyproject.toml:4 console script src/app/main.py in src"],
        ),
        (
            {
                "setup.py": "from setuptools import setup\nsetup(package_dir={'': 'src'})\n",
                "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    x = app.main:main\n    broken\n",
            },
            ["setup.cfg:3 console script src/app/main.py in src"],
        ),
        (
            {
                "setup.py": "from setuptools import setup\nNAMES = ['x = app.main:main']\n"
                "setup(package_dir={'': 'src'}, entry_points={'console_scripts': NAMES, 'gui': f()})\n"
            },
            ["setup.py:2 console script src/app/main.py in src"],
        ),
    ],
)
def test_says_where_a_program_is_started(facts: Facts, files: dict[str, str], expected: list[str]) -> None:
    assert tell(facts, files) == expected
