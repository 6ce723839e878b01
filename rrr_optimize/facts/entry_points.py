"""The objects that an installed project offers by name: commands, and plug-ins of others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rrr_optimize.facts.source_kinds import Role
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.model import Span
from rrr_optimize.toml_text import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rrr_optimize.source import SourceText

EntryPoint = tuple[str, Span]
"""The module that an entry point names, and where that is written."""


def read_entry_points(source: SourceText, role: Role) -> Iterator[EntryPoint]:
    """Yield the entry points of a pyproject.toml, setup.cfg or setup.py; of one that cannot be read, none.

    What only running a setup.py would tell is left out. The file is parsed, never executed.
    """
    read = _READERS.get(role)
    try:
        yield from read(source) if read else ()
    except UnreadableError:
        return


def _read_pyproject(source: SourceText) -> Iterator[EntryPoint]:
    from rrr_optimize.formats.toml_spans import read_toml

    toml = read_toml(source)
    # PyPA specification "pyproject.toml", and Poetry's names for the same.
    single = [("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")]
    grouped = [("project", "entry-points"), ("tool", "poetry", "plugins")]
    groups = [*single, *((*keys, name) for keys in grouped for name in table(toml.data, *keys))]
    for keys in groups:
        for name, target in table(toml.data, *keys).items():
            if isinstance(target, str):
                yield _module_of(target), toml.span(*keys, name) or Span(0, 0)


def _read_setup_cfg(source: SourceText) -> Iterator[EntryPoint]:
    from rrr_optimize.formats.ini_lines import read_ini

    section = read_ini(source).sections.get("options.entry_points")
    for option in section.options.values() if section else ():
        for line in option.lines:
            _, equals, target = line.text.partition("=")
            if equals:
                yield _module_of(target), line.span


def _read_setup_script(source: SourceText) -> Iterator[EntryPoint]:
    from rrr_optimize.formats.python_literals import LiteralReader
    from rrr_optimize.formats.python_tree import parse_python

    python = parse_python(source)
    reader = LiteralReader(python)
    for call in ast.walk(python.module):
        match call:
            case ast.Call(func=ast.Name(id="setup") | ast.Attribute(attr="setup"), keywords=keywords):
                values = [each.value for each in keywords if each.arg == "entry_points"]
                groups = [group for value in values for _, group in reader.read_table("entry_points", value)]
                for line in (line for group in groups for line in reader.read_texts("entry_points", group)):
                    _, equals, target = line.text.partition("=")
                    if equals:
                        yield _module_of(target), line.span


def _module_of(target: str) -> str:
    """Return the module of `name = module:object [extra]`."""
    return target.partition("[")[0].partition(":")[0].strip()


_READERS: Mapping[Role, Callable[[SourceText], Iterator[EntryPoint]]] = {
    Role.PYPROJECT: _read_pyproject,
    Role.SETUP_CFG: _read_setup_cfg,
    Role.SETUP_PY: _read_setup_script,
}
