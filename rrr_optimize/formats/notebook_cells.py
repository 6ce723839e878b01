"""Read the Python cells of a Jupyter notebook (nbformat 4, and the worksheets of 3)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAGIC = re.compile(r"\s*[%!?]|.*\?\s*$")
_CELL_MAGIC = re.compile(r"\s*%%(?!(?:time|timeit|capture|prun)\b)")


@dataclass(frozen=True, slots=True)
class NotebookCode:
    """The Python of a notebook in one text; `lines` are, for its telling lines, those of the file, from 1."""

    text: str
    lines: tuple[int, ...]


def read_notebook(text: str, is_telling: Callable[[str], object]) -> NotebookCode | None:
    """Return the code cells of a notebook; None where the text is no notebook, or one of another language.

    A cell of another language (`%%bash`) is left out; lines with a magic or a shell command become `pass`. Only the
    telling lines are looked up in the file.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or _language(data) not in {"python", ""}:
        return None
    rows: list[str] = []
    lines: list[int] = []
    position, line = 0, 1
    for source in _sources(data):
        cell = source.splitlines(keepends=True) if isinstance(source, str) else source
        if cell and _CELL_MAGIC.match(cell[0]):
            continue
        for row in cell:
            if is_telling(row):
                begin, position = position, _find(text, row, position)
                line += text.count("\n", begin, position)
            code = row.rstrip("\r\n")
            rows.append(_without_magic(code))
            lines.append(line)
    return NotebookCode("\n".join(rows), tuple(lines))


def _language(data: dict[str, Any]) -> str:
    metadata = data.get("metadata")
    for key, name in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(name), str):
            language: str = part[name]
            return language.lower()
    return ""


def _sources(data: dict[str, Any]) -> Iterator[str | list[str]]:
    sheets = data.get("worksheets")
    holders = [data, *(sheets if isinstance(sheets, list) else [])]
    cells = [cell for holder in holders if isinstance(holder, dict) for cell in _list(holder.get("cells"))]
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input"))
            if isinstance(source, str):
                yield source
            elif isinstance(source, list):
                yield [row for row in source if isinstance(row, str)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _find(text: str, row: str, position: int) -> int:
    """Return where the file spells a line of a cell, searching onwards; the position itself where it cannot be told."""
    for ascii_only in (False, True):
        spelled = json.dumps(row, ensure_ascii=ascii_only)[1:-1]
        found = text.find(spelled, position) if spelled else -1
        if found >= 0:
            return found
    return position


def _without_magic(code: str) -> str:
    indent = code[: len(code) - len(code.lstrip())]
    return f"{indent}pass" if _MAGIC.match(code) else code
