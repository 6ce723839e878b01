"""Read from a setup.py where its packages stand. The file is parsed, never executed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_literals import LiteralReader
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.unreadable import PythonError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.source import SourceText


@dataclass(frozen=True, slots=True)
class SetupFolders:
    """`package_dir` by package ("" is all others), where `find_packages` looks, and what is listed one by one."""

    folders: Mapping[str, str]
    where: str
    packages: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


def read_setup_folders(source: SourceText) -> SetupFolders | None:
    """Return what the literal keywords of the first `setup()` call say; None where none can be read."""
    try:
        python = parse_python(source)
    except PythonError:
        return None
    calls = [node for node in ast.walk(python.module) if isinstance(node, ast.Call) and _is_called(node, "setup")]
    if not calls:
        return None
    reader = LiteralReader(python)
    keywords = {keyword.arg: keyword.value for keyword in calls[0].keywords if keyword.arg}
    packages = keywords.get("packages")
    where = ""
    if isinstance(packages, ast.Call):
        if not _is_called(packages, "find_packages") and not _is_called(packages, "find_namespace_packages"):
            return None
        where, packages = _where(packages, reader), None
    modules = keywords.get("py_modules")
    return SetupFolders(
        _folders(keywords.get("package_dir"), reader),
        where,
        tuple(text.text for text in reader.read_texts("packages", packages)) if packages else (),
        tuple(text.text for text in reader.read_texts("py_modules", modules)) if modules else (),
    )


def _where(call: ast.Call, reader: LiteralReader) -> str:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "where"]
    text = reader.read_text("where", (call.args[:1] or named)[0]) if call.args or named else None
    return text.text if text else "."


def _folders(node: ast.expr | None, reader: LiteralReader) -> Mapping[str, str]:
    found: dict[str, str] = {}
    resolved = reader.resolve(node) if node is not None else None
    if isinstance(resolved, ast.Dict):
        for key, value in zip(resolved.keys, resolved.values, strict=True):
            name = reader.read_text("package_dir", key) if key is not None else None
            folder = reader.read_text("package_dir", value)
            if name is not None and folder is not None:
                found[name.text] = folder.text or "."
    return found


def _is_called(call: ast.Call, name: str) -> bool:
    return name in {getattr(call.func, "id", ""), getattr(call.func, "attr", "")}
