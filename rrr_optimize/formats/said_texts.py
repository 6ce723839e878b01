"""What a file says, as a flat list: its strings as they are, and marks of its structure between them.

Two versions of a file whose lists differ in one string only say the same but for that string.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeAlias

from rrr_optimize.formats.install_commands import find_install_commands
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.script_block import read_script_block
from rrr_optimize.formats.toml_spans import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.command_scripts import Dialect
    from rrr_optimize.source import SourceText

Said: TypeAlias = "str | tuple[Any, ...]"


def toml_texts(source: SourceText) -> list[Said]:
    """Return the values of a TOML file, each behind its path. Raises TomlError."""
    return list(_toml_values(read_toml(source).data, ()))


def script_texts(source: SourceText) -> list[Said]:
    """Return the values in the `script` block of a Python file. Raises ScriptBlockError."""
    block = read_script_block(source)
    return list(_toml_values(block.toml.data, ())) if block else []


def ini_texts(source: SourceText) -> list[Said]:
    """Return the sections, keys and lines of an INI file. Raises IniError."""
    from rrr_optimize.formats.ini_lines import read_ini

    found: list[Said] = []
    for section in read_ini(source, fold_case=False).sections.values():
        found.append(("section", section.name.text))
        for option in section.options.values():
            found += [("key", option.key.text, len(option.lines)), *(line.text for line in option.lines)]
    return found


def python_texts(source: SourceText) -> list[Said]:
    """Return the syntax tree of a Python file, breadth first, its string literals by themselves. Raises PythonError."""
    return [said for node in ast.walk(parse_python(source).module) for said in _node_texts(node)]


def yaml_texts(source: SourceText) -> list[Said]:
    """Return the events of a YAML file, scalars by themselves. Raises YamlError."""
    import yaml

    from rrr_optimize.formats.yaml_nodes import read_yaml

    read_yaml(source)  # it refuses what is no YAML, and whatever would be too much
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[Said] = []
    for event in yaml.parse(source.text.lstrip("\ufeff"), loader):
        names = ("anchor", "tag", "implicit", "style", "flow_style")
        found.append((type(event).__name__, *(getattr(event, name, None) for name in names)))
        if isinstance(event, yaml.ScalarEvent):
            found.append(event.value)
    return found


def command_texts(source: SourceText, dialect: Dialect) -> list[Said]:
    """Return what the install commands of a file name; what is no such command is left out."""
    found: list[Said] = []
    for command in find_install_commands(source, dialect):
        files = tuple(file.path for file in command.files)
        others = tuple(tuple(word.text for word in kind) for kind in (command.editables, command.urls, command.groups))
        found.append((files, *others, len(command.lost_specifiers), command.dynamic, command.directory))
        found += [word.text for word in command.requirements]
    return found


def _toml_values(value: Any, path: tuple[str | int, ...]) -> Iterator[Said]:
    if isinstance(value, dict | list):
        yield (path, type(value).__name__, len(value))
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _toml_values(inner, (*path, key))
    else:
        yield (path, "string") if isinstance(value, str) else (path, repr(value))
        if isinstance(value, str):
            yield value


def _node_texts(node: ast.AST) -> Iterator[Said]:
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
    fields = (field for field in ast.iter_fields(node) if text is None or field[0] != "value")
    yield (type(node).__name__, *((name, _shape(value)) for name, value in fields))
    if text is not None:
        yield text


def _shape(value: Any) -> Any:
    """Return a field of a node without the nodes in it, which come by themselves."""
    if isinstance(value, list):
        return tuple(_shape(item) for item in value)
    return None if isinstance(value, ast.AST) else repr(value)
