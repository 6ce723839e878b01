"""Read from a setup.py which packages it lists or how it finds them. The file is parsed, never executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_literals import LiteralReader
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.unreadable import PythonError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.model import Span
    from rrr_optimize.source import SourceText


@dataclass(frozen=True, slots=True)
class PackageSearch:
    """`find_packages(where, exclude, include)`; `takes_namespaces` is `find_namespace_packages`."""

    where: str = "."
    include: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    takes_namespaces: bool = False


@dataclass(frozen=True, slots=True)
class SetupPackages:
    """Where `packages` stands, what it lists or how they are searched for, `package_dir`, and patterns of data."""

    span: Span
    listed: tuple[str, ...]
    search: PackageSearch | None
    folders: Mapping[str, str]
    data: tuple[str, ...] = ()


def read_setup_packages(source: SourceText) -> SetupPackages | None:
    """Return what the only `setup()` call of a file says of its packages; None unless all of it is literal."""
    try:
        python = parse_python(source)
    except PythonError:
        return None
    calls = [node for node in ast.walk(python.module) if isinstance(node, ast.Call) and _name(node) == "setup"]
    if len(calls) != 1:
        return None
    reader = LiteralReader(python)
    keywords = {keyword.arg or "": keyword.value for keyword in calls[0].keywords}
    packages = keywords.get("packages")
    # Keywords that are unpacked may hold anything.
    if packages is None or "" in keywords:
        return None
    value = reader.resolve(packages)
    search = _read_search(value, reader) if isinstance(value, ast.Call) else None
    listed = () if search else tuple(text.text for text in reader.read_texts("packages", packages))
    folders = _read_folders(keywords.get("package_dir"), reader)
    if reader.dynamic:
        return None
    patterns = tuple(_patterns(keywords.get("package_data")))
    return SetupPackages(python.span(packages), listed, search, folders, patterns)


def _read_search(call: ast.Call, reader: LiteralReader) -> PackageSearch | None:
    name = _name(call)
    if name not in {"find_packages", "find_namespace_packages"}:
        return None
    arguments = dict(zip(("where", "exclude", "include"), call.args, strict=False))
    arguments |= {keyword.arg or "": keyword.value for keyword in call.keywords}
    where = reader.read_text("where", arguments["where"]) if "where" in arguments else None
    include, exclude = (
        tuple(text.text for text in reader.read_texts(key, arguments[key])) if key in arguments else ()
        for key in ("include", "exclude")
    )
    return PackageSearch(where.text if where else ".", include or ("*",), exclude, name == "find_namespace_packages")


def _read_folders(node: ast.expr | None, reader: LiteralReader) -> dict[str, str]:
    if node is None:
        return {}
    pairs = [(key, reader.read_text("package_dir", value)) for key, value in reader.read_table("package_dir", node)]
    return {key.text: value.text for key, value in pairs if value is not None}


def _patterns(data: ast.expr | None) -> Iterator[str]:
    """Yield the patterns of package data that are written out, whatever else is computed beside them."""
    values = data.values if isinstance(data, ast.Dict) else [data] if data is not None else []
    for node in (node for value in values for node in ast.walk(value)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))
