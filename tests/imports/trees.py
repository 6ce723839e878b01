"""Package trees for the tests of imports: written to a folder, and followed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import ModuleIndex
from rrr_optimize.facts.program_files import ProgramFile, read_program
from rrr_optimize.imports.events import Events
from rrr_optimize.imports.following import follow
from rrr_optimize.imports.searches import Searches

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.imports.program import Program, Trace


@dataclass(frozen=True)
class Texts:
    """The files of a tree, parsed when they are asked for."""

    files: Mapping[str, str]

    def read(self, path: str) -> ProgramFile | None:
        text = self.files[path]
        try:
            module = ast.parse(text)
        except SyntaxError:
            return None
        return read_program(module, text, path)


def trace(program: Program, files: Mapping[str, str]) -> Trace:
    return follow(program, Searches(ModuleIndex.of_files(files)), Events(Texts(files)))


def write_tree(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
