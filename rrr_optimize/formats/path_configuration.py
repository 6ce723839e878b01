"""What a `.pth` file does when an interpreter starts: folders that it adds, and lines that would be run."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_tree import parse_module
from rrr_optimize.formats.unreadable import PythonError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FINDER = re.compile(r"import[ \t]+(\w+)[ \t]*(?:;[ \t]*(\w+)\.install\(\)[ \t;]*)?")
# What old setuptools writes for a namespace package: p = os.path.join(..., *('zope', 'interface')).
_NAMESPACE = re.compile(r"\*\('(\w+)'(?:, ?'\w+')*,?\)")
# Lines that change nothing of what imports reach: coverage, virtualenv, libraries of Windows, setuptools' distutils.
_IDLE = re.compile(
    r"import[ \t]+(?:_virtualenv|pywin32_bootstrap|(?:coverage|sys)\b.*coverage\.process_startup\(.*"
    r"|os,[ \t]*sys;[ \t]*exec\('if .COV_CORE_SOURCE. in .*|os;[ \t]*var = 'SETUPTOOLS_USE_DISTUTILS';.*)[ \t;]*"
)


@dataclass(frozen=True, slots=True)
class PathFile:
    """A `.pth` file, read as the site module reads it (documentation of `site`), but for what it would run.

    `folders` are as written, relative to the folder of the file. `finders` are modules that a line imports to install
    an import hook, `namespaces` top-level names that a line makes. `unknown` are other lines that would be run.
    """

    folders: tuple[str, ...] = ()
    finders: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_path_file(text: str) -> PathFile:
    """Return what a `.pth` file says. Nothing of it is run."""
    folders: list[str] = []
    finders: list[str] = []
    namespaces: list[str] = []
    unknown: list[str] = []
    for line in text.removeprefix("\ufeff").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(("import ", "import\t")):
            folders.append(line.rstrip())
        elif match := _NAMESPACE.search(line):
            namespaces.append(match[1])
        elif not _IDLE.fullmatch(line.rstrip()):
            finder = _FINDER.fullmatch(line.rstrip())
            (finders if finder else unknown).append(finder[1] if finder else line.strip())
    return PathFile(tuple(folders), tuple(finders), tuple(namespaces), tuple(unknown))


@dataclass(frozen=True, slots=True)
class EditableFinder:
    """What an import hook of an editable installation knows: names and their paths, without `.py` or `__init__.py`.

    `namespaces` are names that it makes of folders which need not exist.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    namespaces: tuple[str, ...] = ()


def read_editable_finder(text: str) -> EditableFinder | None:
    """Return what the module of an editable installation's hook knows; None for anything else.

    That of setuptools (`__editable___NAME_finder`) has literal dicts, that of the `editables` project, which Hatch
    and PDM use, calls `map_module` with literals.
    """
    try:
        module = parse_module(text)
    except PythonError:
        return None
    known = dict(_assigned(module))
    mapping = known.get("MAPPING")
    if isinstance(mapping, dict) and all(isinstance(each, str) for pair in mapping.items() for each in pair):
        namespaces = known.get("NAMESPACES", {})
        return EditableFinder(mapping, tuple(namespaces) if isinstance(namespaces, dict) else ())
    calls = list(_mapped(module))
    return EditableFinder(dict(calls)) if calls else None


def _assigned(module: ast.Module) -> Iterator[tuple[str, object]]:
    for statement in module.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                try:
                    yield name, ast.literal_eval(value)
                except (ValueError, TypeError, RecursionError, MemoryError):
                    continue


def _mapped(module: ast.Module) -> Iterator[tuple[str, str]]:
    for statement in module.body:
        match statement:
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(attr="map_module"),
                    args=[ast.Constant(value=str(name)), ast.Constant(value=str(path))],
                )
            ):
                yield name, re.sub(r"([\\/]__init__)?\.py$", "", path)
