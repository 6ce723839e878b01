"""Read what a setup.py declares in literals. The file is parsed, never executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_literals import Dynamic, LiteralReader
from rrr_optimize.formats.python_tree import parse_python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.placed_text import PlacedText
    from rrr_optimize.model import Span
    from rrr_optimize.source import SourceText

_MODULES = frozenset({"setuptools", "distutils.core"})


@dataclass(frozen=True, slots=True)
class Extra:
    """One entry of `extras_require`: the key as written (it may carry `:marker`) and its requirements."""

    name: PlacedText
    requirements: tuple[PlacedText, ...]


@dataclass(frozen=True, slots=True)
class SetupFacts:
    """The literal keywords of a `setup()` call; `call` is its span.

    What is missing here is either not written or listed in `dynamic`: an entry named after a keyword (for an extra:
    `extras_require[name]`) says that this keyword is not, or not wholly, statically known; one named `setup` says so
    of the call as a whole.
    """

    call: Span
    name: PlacedText | None
    python_requires: PlacedText | None
    classifiers: tuple[PlacedText, ...]
    install_requires: tuple[PlacedText, ...]
    setup_requires: tuple[PlacedText, ...]
    tests_require: tuple[PlacedText, ...]
    extras_require: tuple[Extra, ...]
    dynamic: tuple[Dynamic, ...]


def read_setup(source: SourceText) -> SetupFacts | None:
    """Return what the first `setup()` call of a setup.py says in literals; None where there is no such call.

    A call counts when its name comes from setuptools or distutils, or is a plain `setup` that the file does not
    itself define. Raises PythonError, and nothing else.
    """
    python = parse_python(source)
    calls = sorted(_setup_calls(python.module), key=lambda call: (call.lineno, call.col_offset))
    if not calls:
        return None
    reader = _KeywordReader(LiteralReader(python), calls[0])
    for other in calls[1:]:
        reader.literals.note("setup", other, "setup() is called in several places")
    return SetupFacts(
        call=python.span(calls[0]),
        name=reader.read_text("name"),
        python_requires=reader.read_text("python_requires"),
        classifiers=reader.read_texts("classifiers"),
        install_requires=reader.read_texts("install_requires"),
        setup_requires=reader.read_texts("setup_requires"),
        tests_require=reader.read_texts("tests_require"),
        extras_require=reader.read_extras("extras_require"),
        dynamic=tuple(reader.literals.dynamic),
    )


class _KeywordReader:
    def __init__(self, literals: LiteralReader, call: ast.Call) -> None:
        self.literals = literals
        self.values = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        for keyword in call.keywords:
            if keyword.arg is None:
                literals.note("setup", keyword.value, "it takes keywords from a dict")

    def read_text(self, keyword: str) -> PlacedText | None:
        value = self.values.get(keyword)
        return self.literals.read_text(keyword, value) if value else None

    def read_texts(self, keyword: str) -> tuple[PlacedText, ...]:
        value = self.values.get(keyword)
        return self.literals.read_texts(keyword, value) if value else ()

    def read_extras(self, keyword: str) -> tuple[Extra, ...]:
        value = self.values.get(keyword)
        table = self.literals.read_table(keyword, value) if value else []
        return tuple(
            Extra(name, self.literals.read_texts(f"{keyword}[{name.text}]", requirements))
            for name, requirements in table
        )


def _setup_calls(module: ast.Module) -> Iterator[ast.Call]:
    imported = set(_imported_names(module))
    defined = {node.name for node in ast.walk(module) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = _qualified_name(node.func)
            if name in imported or (name == "setup" and name not in defined):
                yield node


def _imported_names(module: ast.Module) -> Iterator[str]:
    """Yield every spelling under which the file's imports make the real `setup` callable."""
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (f"{alias.asname or alias.name}.setup" for alias in names if alias.name in _MODULES)
            case ast.ImportFrom(module=str(origin), names=names):
                for alias in names:
                    if origin in _MODULES and alias.name == "setup":
                        yield alias.asname or alias.name
                    if f"{origin}.{alias.name}" in _MODULES:
                        yield f"{alias.asname or alias.name}.setup"


def _qualified_name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=base), attr=name):
            return f"{base}.{name}"
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id=base), attr=middle), attr=name):
            return f"{base}.{middle}.{name}"
    return ""
