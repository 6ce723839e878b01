"""The modules that commands and configuration name: `python -m`, servers, `python -c`, entry points."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.command_kinds import COMMAND_DIALECTS, EXECUTED
from rrr_optimize.facts.source_kinds import Role, find_roles
from rrr_optimize.formats.command_scripts import find_scripts
from rrr_optimize.formats.command_words import STARTING
from rrr_optimize.formats.dockerfile_scripts import find_container_scripts
from rrr_optimize.formats.python_commands import Starter, find_python_commands
from rrr_optimize.formats.shell_pieces import Script, Syntax
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.model import Location
from rrr_optimize.toml_text import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

_CODE = re.compile(
    r"""\bpython[\d.]*"?\s+(?:-\w\s+)*"?-c"?\s+(?P<quote>["'])(?P<code>(?:\\.|(?!(?P=quote)).){0,2000})(?P=quote)""",
    re.DOTALL,
)
_ENTRY_POINT = re.compile(r"\s*(?P<module>[A-Za-z_][\w.]*)\s*(?::\s*(?P<name>[A-Za-z_]\w*)[\w.]*)?\s*(?:\[.*\])?\s*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A module that a text names, with the names that it must have, and in words how the text does that."""

    module: str
    names: tuple[str, ...]
    location: Location
    shown: str


def find_mentions(snapshot: Snapshot, projects: Iterable[ComposeProject]) -> Iterator[Mention]:
    """Yield the modules that files of commands, Compose projects and pyproject.toml files name."""
    for path, role in find_roles(snapshot.files):
        if role is Role.PYPROJECT and (source := snapshot.text(path)):
            yield from _read_entry_points(source)
        elif role in EXECUTED and (source := snapshot.text(path)) and STARTING.search(source.text):
            scripts = list(find_scripts(source.text, COMMAND_DIALECTS[role]))
            if role is Role.DOCKERFILE:
                scripts += find_container_scripts(source.text)
            yield from _read_scripts(scripts, source)
    for project in projects:
        for service in project.services.values():
            for keys in (("command",), ("entrypoint",), ("healthcheck", "test")):
                if (value := service.value.get(*keys)) is not None:
                    yield from _read_value(value)


def _read_scripts(scripts: Iterable[Script], source: SourceText) -> Iterator[Mention]:
    for script in scripts:
        for command in find_python_commands([script]):
            if command.start.starter in {Starter.MODULE, Starter.SERVER}:
                yield Mention(command.start.target, (), source.locate(command.span), _shown(command.start))
        for match in _CODE.finditer(script.text):
            offset = script.offset + match.start()
            line, column = source.position(offset)
            place = Location(source.path, line, column, line, column)
            yield from _read_code(match["code"], place)


def _read_value(value: Value) -> Iterator[Mention]:
    words = [item.text for item in value.items]
    if words[:1] in (["CMD"], ["CMD-SHELL"]):
        kind, *words = words
        text = " ".join(words) if kind == "CMD-SHELL" else " ".join(map(json.dumps, words))
    else:
        text = " ".join(map(json.dumps, words)) if words else value.text
    script = Script(text, 0, ".", Syntax.SHELL)
    for command in find_python_commands([script]):
        if command.start.starter in {Starter.MODULE, Starter.SERVER}:
            yield Mention(command.start.target, (), value.where, _shown(command.start))
    for match in _CODE.finditer(text):
        yield from _read_code(match["code"], value.where)


def _read_code(code: str, place: Location) -> Iterator[Mention]:
    """Yield the imports in the argument of `python -c`."""
    try:
        module = ast.parse(code.replace('\\"', '"'))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in module.body:
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    yield Mention(alias.name, (), place, f"import {alias.name}")
            case ast.ImportFrom(module=str(name), names=aliases, level=0):
                names = tuple(alias.name for alias in aliases if alias.name != "*")
                yield Mention(name, names, place, f"from {name} import {', '.join(names) or '*'}")


def _read_entry_points(source: SourceText) -> Iterator[Mention]:
    from rrr_optimize.formats.toml_spans import read_toml

    try:
        toml = read_toml(source)
    except UnreadableError:
        return
    groups = [("project", "entry-points", group) for group in table(toml.data, "project", "entry-points")]
    for keys in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts"), *groups):
        for name, target in table(toml.data, *keys).items():
            match = _ENTRY_POINT.fullmatch(target) if isinstance(target, str) else None
            span = toml.span(*keys, name)
            if match is not None and span is not None:
                names = (match["name"],) if match["name"] else ()
                yield Mention(match["module"], names, source.locate(span), f'{name} = "{target}"')


def _shown(start: tuple[Starter, str]) -> str:
    starter, target = start
    return f"python -m {target}" if starter is Starter.MODULE else f'"{target}"'
