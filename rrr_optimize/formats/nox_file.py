"""Read what the functions of a noxfile.py install. The file is parsed, never executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.placed_text import PlacedText
from rrr_optimize.formats.python_literals import Dynamic, LiteralReader
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.source import SourceText

_FILE_OPTIONS = {
    "-r": "files",
    "--requirement": "files",
    "-c": "constraints",
    "--constraint": "constraints",
    "-e": "editables",
    "--editable": "editables",
}
# Options of `pip install` and `uv pip install` whose value is an argument of its own and no requirement.
_VALUE_OPTIONS = frozenset(
    {"-C", "-f", "-i", "-t", "--abi", "--build-constraint", "--cache-dir", "--cert", "--client-cert"}
    | {"--config-settings", "--exclude-newer", "--exists-action", "--extra-index-url", "--find-links"}
    | {"--global-option", "--group", "--implementation", "--index-url", "--log", "--no-binary", "--only-binary"}
    | {"--platform", "--prefix", "--progress-bar", "--proxy", "--python", "--python-version", "--report"}
    | {"--resolver", "--retries", "--root", "--root-user-action", "--src", "--target", "--timeout"}
    | {"--trusted-host", "--upgrade-strategy"}
)


@dataclass(frozen=True, slots=True)
class NoxInstall:
    """One `session.install` call.

    `requirements` are the plain arguments, local paths such as `.` among them; `files`, `constraints` and `editables`
    are the values of -r, -c and -e.
    """

    span: Span
    requirements: tuple[PlacedText, ...]
    files: tuple[PlacedText, ...]
    constraints: tuple[PlacedText, ...]
    editables: tuple[PlacedText, ...]


@dataclass(frozen=True, slots=True)
class NoxFunction:
    """A function of a noxfile and its `session.install` calls, in order.

    `pythons` are the versions of `@nox.session(python=...)`. An argument that is not literal is in `dynamic`. conda
    packages are left out: they are no Python requirements.
    """

    name: str
    span: Span
    is_session: bool
    pythons: tuple[PlacedText, ...]
    installs: tuple[NoxInstall, ...]
    dynamic: tuple[Dynamic, ...]


def read_noxfile(source: SourceText) -> tuple[NoxFunction, ...]:
    """Return the sessions of a noxfile, and the other functions in it that install, in order of the file.

    A session is a function with a decorator called `session`. Raises PythonError, and nothing else.
    """
    python = parse_python(source)
    # One reader for all functions, so that its limits hold for the file.
    reader = LiteralReader(python)
    functions = [node for node in ast.walk(python.module) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    sessions = {"session"} | {parameter.arg for node in functions for parameter in node.args.args}
    found = []
    for node in sorted(functions, key=lambda function: function.lineno):
        decorators = [decorator for decorator in node.decorator_list if _is_session(decorator)]
        installs = [call for call in _own_calls(node) if _is_install(call, sessions)]
        if decorators or installs:
            found.append(_read_function(reader, node, decorators, installs))
    return tuple(found)


def _read_function(
    reader: LiteralReader,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    decorators: list[ast.expr],
    installs: list[ast.Call],
) -> NoxFunction:
    before = len(reader.dynamic)
    pythons = [
        python
        for decorator in decorators
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
        if keyword.arg in ("python", "py") and not _is_no_python(keyword.value)
        for python in reader.read_texts("python", keyword.value)
    ]
    calls = tuple(_read_install(reader, call) for call in installs)
    return NoxFunction(
        name=node.name,
        span=reader.python.span(node),
        is_session=bool(decorators),
        pythons=tuple(pythons),
        installs=calls,
        dynamic=tuple(reader.dynamic[before:]),
    )


def _read_install(reader: LiteralReader, call: ast.Call) -> NoxInstall:
    kinds: dict[str, list[PlacedText]] = {"requirements": [], "files": [], "constraints": [], "editables": []}
    for kind, value in _sort_arguments(_read_arguments(reader, call)):
        kinds[kind].append(value)
    return NoxInstall(
        span=reader.python.span(call),
        requirements=tuple(kinds["requirements"]),
        files=tuple(kinds["files"]),
        constraints=tuple(kinds["constraints"]),
        editables=tuple(kinds["editables"]),
    )


def _sort_arguments(arguments: Iterator[PlacedText | None]) -> Iterator[tuple[str, PlacedText]]:
    """Yield the arguments of one `pip install` with their kind; None stands for one that is not literal."""
    for argument in arguments:
        if argument is None:
            continue
        option, value = _split_option(argument)
        if option in _VALUE_OPTIONS and value is None:
            next(arguments, None)
        elif option in _FILE_OPTIONS:
            value = value or next(arguments, None)
            if value:
                yield _FILE_OPTIONS[option], value
        elif not option:
            yield "requirements", argument


def _split_option(argument: PlacedText) -> tuple[str, PlacedText | None]:
    """Return the option that an argument is, or "", and the value written with it: `-rfile`, `--requirement=file`."""
    text = argument.text
    if not text.startswith("-"):
        return "", None
    name, equals, _ = text.partition("=")
    width = len(name) + 1 if equals else len(name)
    if not text.startswith("--"):
        name, width = text[:2], 2
    while text[width : width + 1].isspace():
        width += 1
    if width >= len(text):
        return name, None
    span = Span(argument.span.start + width, argument.span.end) if argument.exact else argument.span
    return name, PlacedText(text[width:], span, argument.exact)


def _read_arguments(reader: LiteralReader, call: ast.Call) -> Iterator[PlacedText | None]:
    for node in call.args:
        if isinstance(node, ast.Starred):
            before = len(reader.dynamic)
            yield from reader.read_texts("install", node.value)
            if len(reader.dynamic) > before:
                yield None
        else:
            yield reader.read_text("install", node)


def _own_calls(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.Call]:
    """Return the calls in a function's body, not those of functions inside it, in order of the file."""
    calls = []
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.Call):
            calls.append(node)
        pending.extend(ast.iter_child_nodes(node))
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _is_install(call: ast.Call, sessions: set[str]) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr="install"):
            return name in sessions
    return False


def _is_session(decorator: ast.expr) -> bool:
    match decorator.func if isinstance(decorator, ast.Call) else decorator:
        case ast.Name(id="session") | ast.Attribute(attr="session"):
            return True
    return False


def _is_no_python(value: ast.expr) -> bool:
    """Tell whether a session says `python=False`: it runs without an environment of its own."""
    return isinstance(value, ast.Constant) and value.value is False
