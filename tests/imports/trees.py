"""Package trees for the laws of imports: written, run by the real Python, and followed by ours."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import ModuleIndex
from rrr_optimize.facts.program_files import ProgramFile, read_program
from rrr_optimize.imports.following import follow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rrr_optimize.imports.program import Program, Trace

# What every generated file begins with: it writes down what each import left in sys.modules. On one line, so that the
# imports have the line numbers that the tree gives them.
PRELUDE = (
    "import json, os, pathlib, sys; _told = lambda line, names: open(os.environ['TOLD'], 'a').write(json.dumps("
    "[__file__, __name__, line, {n: getattr(sys.modules[n], '__file__', None)"
    " for n in names if sys.modules.get(n) is not None and n not in sys.builtin_module_names}]) + chr(10))\n"
)
Said = dict[tuple[str, str, int], dict[str, str]]


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


def trace(program: Program, files: Mapping[str, str], **conditions: object) -> Trace:
    del conditions
    return follow(program, ModuleIndex.of_files(files), Texts(files))


def write_file(lines: Sequence[str]) -> str:
    """Return the text of a file: each import guarded, each followed by a note of what it left behind."""
    text = PRELUDE
    for line in lines:
        if line.startswith(("import ", "from ")) and line != "import sys":
            text += f"try:\n    {line}\nexcept ImportError: pass\n"
            text += f"_told({text.count(chr(10)) - 1}, {names_of(line)!r})\n"
        else:
            text += line + "\n"
    return text


def names_of(line: str) -> list[str]:
    (node,) = ast.parse(line).body
    if isinstance(node, ast.Import):
        dotted = node.names[0].name
    else:
        assert isinstance(node, ast.ImportFrom)
        dotted = f"{node.module}.{node.names[0].name}" if not node.level else ""
    parts = dotted.split(".")
    return [".".join(parts[: number + 1]) for number in range(len(parts))] if dotted else []


def write_tree(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def run_python(root: Path, arguments: Sequence[str], directory: str = ".") -> Said:
    """Return what a real run wrote down: by file, module name and line, the module names and their files."""
    root = root.resolve()
    told = root / "told.json"
    told.unlink(missing_ok=True)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE", "PYTEST"))
    }
    environment |= {"TOLD": str(told), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=root / directory,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    real = str(root)
    said: Said = {}
    for row in told.read_text(encoding="utf-8").splitlines() if told.exists() else ():
        path, name, line, found = json.loads(row)
        key = (os.path.relpath(root / directory / path, real), name, line)
        said[key] = {
            # The folders of a namespace follow the search path, so that a later look sees others.
            module: os.path.relpath(where, real) if where else "namespace"
            for module, where in found.items()
        }
    return said


def said_by(traced: Trace) -> Said:
    """Return the same of a trace, for the names that its imports mention."""
    said: Said = {}
    for (path, name, site, module, is_late), origin in traced.origins.items():
        if not is_late and not site.is_text:
            found = said.setdefault((path, name, site.line), {})
            found[module] = (origin.found.path or "namespace") if origin.found else ""
    return said


def differences(real: Said, ours: Said) -> list[str]:
    """Return where a real run and a trace disagree about an import that the real run came to."""
    found = []
    for key, modules in real.items():
        # A name that the package has bound already is not looked for as a submodule.
        own = {name: path for name, path in ours.get(key, {}).items() if path or not _is_elsewhere(modules.get(name))}
        expected = {name: modules.get(name, "") for name in own}
        tops = {name for name, path in modules.items() if "." not in name and not _is_elsewhere(path)}
        if expected != own or not own.keys() >= tops:
            found.append(f"{key}: Python has {expected}, we say {own}")
    return found


def _is_elsewhere(path: str | None) -> bool:
    return path is not None and path.startswith("..")
