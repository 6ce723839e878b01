"""Commands that start programs; what starts none of this repository comes first."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.python_commands import find_python_commands
from rrr_optimize.formats.shell_pieces import Script, Syntax


def find(text: str) -> list[str]:
    found = []
    for command in find_python_commands([Script(text, 0, ".", Syntax.SHELL)]):
        assert text[command.span.start : command.span.end]
        where = "" if command.directory == "." else f" in {command.directory}"
        path = f" with {':'.join(command.pythonpath)}" if command.pythonpath else ""
        found.append(f"{command.start.starter.value} {command.start.target}{where}{path}")
    return found


@pytest.mark.parametrize(
    "text",
    [
        "pip install python",
        "python -c 'import a'",
        "python --version",
        "python - < a.py",
        "python $SCRIPT",
        'python "$HERE/run.py"',
        "echo python a.py # no: ",
        "uvicorn --help",
        "flask run",
        "coverage report",
        "streamlit hello",
        "python -m",
        "python -m 'not a module'",
        "# python a.py",
    ],
)
def test_starts_nothing_that_it_names(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python a/b.py --fast", ["script a/b.py"]),
        ("python3.12 -u -W error a.py", ["script a.py"]),
        (".venv/bin/python a.py", ["script a.py"]),
        ("./run.py now", ["script ./run.py"]),
        ("nohup python a.py > log 2>&1 &", ["script a.py"]),
        ("poetry run python a.py", ["script a.py"]),
        ("uv run a.py", ["script a.py"]),
        ("uv run python -m a.b", ["module a.b"]),
        ("uv run -m a.b", ["module a.b"]),
        ("docker compose exec app python a.py", ["script a.py"]),
        ("python -m a.b --fast", ["module a.b"]),
        ("python -ma.b", ["module a.b"]),
        ("python -m cProfile -o out.txt a.py", ["script a.py"]),
        ("python -m pdb a.py", ["script a.py"]),
        ("coverage run a.py", ["script a.py"]),
        ("coverage run -m a.b", ["module a.b"]),
        ("streamlit run a/b.py --server.port 80", ["script a/b.py"]),
        ("torchrun --nproc 2 a.py", ["script a.py"]),
        ("uvicorn a.b:app --reload", ["server a.b"]),
        ("python -m uvicorn a.b:app", ["server a.b"]),
        ("gunicorn -w 4 'a.b:make()'", ["server a.b"]),
        ("celery -A a.b worker", ["server a.b"]),
        ("flask --app=a.b run", ["server a.b"]),
        ("pytest", ["pytest "]),
        ("python -m pytest -q", ["pytest "]),
        ("pytest tests/unit a_test.py::test_x -k 'not slow'", ["pytest tests/unit", "pytest a_test.py"]),
        ("PYTHONPATH=src:lib python a.py", ["script a.py with src:lib"]),
        ("export PYTHONPATH=$PWD/src:$PYTHONPATH\npython a.py", ["script a.py with ./src"]),
        ("cd app && python a.py", ["script a.py in app"]),
        ("(cd app; python a.py); python b.py", ["script a.py in app", "script b.py"]),
        ("bash -c 'cd app && python a.py'", ["script a.py in app"]),
        ("if python a.py; then python b.py; fi", ["script a.py", "script b.py"]),
    ],
)
def test_says_what_a_command_starts(text: str, expected: list[str]) -> None:
    assert find(text) == expected
