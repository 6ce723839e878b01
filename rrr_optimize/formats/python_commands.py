"""Commands that start Python programs, wherever they are written: `python x.py`, `python -m a.b`, `pytest`, servers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.command_words import STARTING
from rrr_optimize.formats.pip_launchers import (
    PYTHON,
    PYTHON_OPTIONS_WITH_VALUE,
    WRAPPERS,
    base_name,
    find_nested_script,
    skip_prefixes,
)
from rrr_optimize.formats.script_commands import walk_commands
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rrr_optimize.formats.shell_pieces import Script
    from rrr_optimize.formats.shell_words import Word

_VARIABLE = "PYTHONPATH="
_HERE = re.compile(r"\$\(pwd\)|\$\{?PWD\}?|`pwd`")
_TEST_ID = re.compile(r"::.*", re.DOTALL)
_TARGET = re.compile(r"[A-Za-z_][\w.]*(?::[\w.()]+)?")
_DEEPEST = 3
_MOST_OPTIONS = 60


class Starter(Enum):
    """How a command starts a program: what it names is a file, a module, a module to be served, or tests."""

    SCRIPT = "script"
    MODULE = "module"
    SERVER = "server"
    PYTEST = "pytest"
    CONSOLE = "console script"


class Start(NamedTuple):
    """What is started, as the command names it; for pytest once for each path, or "" for none."""

    starter: Starter
    target: str


@dataclass(frozen=True, slots=True)
class PythonCommand:
    """One command that starts a program. `directory` is where it runs, as in InstallCommand.

    `pythonpath` are the entries that a PYTHONPATH in front of it, or exported above it, adds; those that a variable
    decides are left out.
    """

    span: Span
    start: Start
    directory: str | None
    pythonpath: tuple[str, ...] = ()


_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "daphne"})
_RUNNERS = frozenset({"torchrun", "accelerate", "deepspeed", "fastapi", "streamlit", "coverage", "uv", "bokeh"})
_AROUND = frozenset({"pdb", "cProfile", "profile", "trace", "memory_profiler", "kernprof", "line_profiler", "debugpy"})
_TESTS = frozenset({"pytest", "py.test"})
_TEST_OPTIONS_WITH_VALUE = frozenset(
    {
        "-k",
        "-m",
        "-p",
        "-n",
        "-o",
        "-c",
        "-r",
        "-W",
        "--tb",
        "--maxfail",
        "--cov",
        "--durations",
        "--timeout",
        "--junitxml",
    }
)
_APPLICATIONS = {"celery": ("-A", "--app"), "flask": ("--app", "-A")}
_TOOLS = _SERVERS | _RUNNERS | _TESTS | _APPLICATIONS.keys()


def find_python_commands(scripts: Iterable[Script]) -> Iterator[PythonCommand]:
    """Yield the commands that start a program which they name. Never raises; linear in the text."""
    for script in scripts:
        yield from _read_script(script)


def _read_script(script: Script, depth: int = 0, exported: tuple[str, ...] = ()) -> Iterator[PythonCommand]:
    for found, directory in walk_commands(script, STARTING):
        words = found.words
        own = _read_variable(words)
        first = skip_prefixes(words)
        if first >= len(words) or words[first].text == "export":
            exported = own or exported
        elif start := _read_command(words, first):
            span = Span(words[first].span.start, words[-1].span.end)
            for each in start:
                yield PythonCommand(span, each, directory, own or exported)
        elif depth < _DEEPEST and (nested := find_nested_script(script, words)):
            yield from _read_script(replace(nested, directory=directory), depth + 1, own or exported)


def _read_variable(words: Sequence[Word]) -> tuple[str, ...]:
    for word in words[:_MOST_OPTIONS]:
        if word.text.startswith(_VARIABLE):
            parts = _HERE.sub(".", word.text.removeprefix(_VARIABLE)).split(":")
            return tuple(part for part in parts if part and "$" not in part and "`" not in part)
    return ()


def _read_command(words: Sequence[Word], first: int) -> list[Start]:
    name = base_name(words[first])
    if name in WRAPPERS and name not in _TOOLS:
        rest = range(first + 1, min(len(words), first + _MOST_OPTIONS))
        index = next((at for at in rest if _is_program(words[at])), None)
        return _read_program(words, index) if index is not None else []
    return _read_program(words, first)


def _is_program(word: Word) -> bool:
    return base_name(word) in _TOOLS or PYTHON.fullmatch(word.text[-200:]) is not None


def _read_program(words: Sequence[Word], first: int) -> list[Start]:
    name = base_name(words[first])
    arguments = words[first + 1 :]
    if name in _TOOLS:
        return _read_tool(name, arguments)
    return _read_python(arguments) if PYTHON.fullmatch(words[first].text[-200:]) else _read_executable(words[first])


def _read_executable(word: Word) -> list[Start]:
    is_script = word.text.endswith(".py") and not word.is_computed
    return [Start(Starter.SCRIPT, word.text)] if is_script else []


def _read_python(arguments: Sequence[Word]) -> list[Start]:
    index = 0
    while index < min(len(arguments), _MOST_OPTIONS) and arguments[index].text.startswith("-"):
        text = arguments[index].text
        if text.startswith("-m"):
            module = text[2:] or (arguments[index + 1].text if index + 1 < len(arguments) else "")
            return _read_module(module, arguments[index + (1 if text[2:] else 2) :])
        if text.startswith("-c") or text == "-":
            return []
        index += 2 if text in PYTHON_OPTIONS_WITH_VALUE else 1
    return _first_script(arguments[index : index + 1])


def _read_module(module: str, arguments: Sequence[Word]) -> list[Start]:
    if module in _TOOLS:
        return _read_tool(module, arguments)
    if module in _AROUND:
        return _first_script(arguments)
    return [Start(Starter.MODULE, module)] if _TARGET.fullmatch(module) and ":" not in module else []


def _read_tool(name: str, arguments: Sequence[Word]) -> list[Start]:
    if name in _TESTS:
        paths = list(dict.fromkeys(_TEST_ID.sub("", path) for path in _operands(arguments)))
        return [Start(Starter.PYTEST, path) for path in paths] or [Start(Starter.PYTEST, "")]
    if name in _SERVERS:
        served = [word.text for word in arguments if ":" in word.text and _TARGET.fullmatch(word.text)]
        return [Start(Starter.SERVER, served[0].partition(":")[0])] if served else []
    if name in _APPLICATIONS:
        return _read_application(arguments, _APPLICATIONS[name])
    is_running_module = name in {"coverage", "uv"} and any(word.text == "-m" for word in arguments)
    if is_running_module or (name == "uv" and any(_is_program(word) for word in arguments)):
        at = next(at for at, word in enumerate(arguments) if word.text == "-m" or _is_program(word))
        return _read_python(arguments[at:]) if arguments[at].text == "-m" else _read_program(arguments, at)
    return _first_script(arguments)


def _operands(arguments: Sequence[Word]) -> Iterator[str]:
    is_value = False
    for word in arguments:
        if not is_value and not word.text.startswith("-") and not word.is_computed:
            yield word.text
        is_value = word.text in _TEST_OPTIONS_WITH_VALUE


def _read_application(arguments: Sequence[Word], options: tuple[str, ...]) -> list[Start]:
    for at, word in enumerate(arguments[:_MOST_OPTIONS]):
        option, equals, value = word.text.partition("=")
        if option in options:
            target = value if equals else arguments[at + 1].text if at + 1 < len(arguments) else ""
            if _TARGET.fullmatch(target):
                return [Start(Starter.SERVER, target.partition(":")[0])]
    return []


def _first_script(arguments: Sequence[Word]) -> list[Start]:
    scripts = [word.text for word in arguments[:_MOST_OPTIONS] if word.text.endswith(".py") and not word.is_computed]
    return [Start(Starter.SCRIPT, scripts[0])] if scripts else []
