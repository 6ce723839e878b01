"""A health check that only imports a module, or only prints something.

It starts a second Python in the container and never asks the service: it says healthy while the service hangs, and
it may take more memory than the service.

    healthcheck:
      test: ["CMD", "python", "-c", "import app; print('OK')"]

Ask the service instead: its port, its health page, or the age of what it last wrote.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP021")
_PYTHON = re.compile(r"(?:.*/)?python[\d.]*")
# The code and nothing else: another command on the line may well ask the service.
_SHELL = re.compile(
    r"""\s*(?:\S*/)?python[\d.]*\s+-c\s+(?P<quote>["'])(?P<code>.*?)(?P=quote)\s*"""
    r"""(?:\d?>\s*\S+\s*)*(?:\|\|\s*(?:exit\s+\d+|false)\s*)?""",
    re.DOTALL,
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each check that asks nothing of its service."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    for service in project.services.values():
        test = service.value.get("healthcheck", "test")
        code = _find_code([item.text for item in test.items]) if test else None
        does = _does_nothing(code) if code is not None else ""
        if test and does:
            yield RULE.finding(
                test.where,
                f"the health check of {service.name} only {does}: {code}",
                f"{code} {test.where.path}",
                why="It says healthy as long as Python can be started, whatever the service does.",
                hint="ask the service itself, its port or its health page",
            )


def _find_code(words: list[str]) -> str | None:
    """Return what `python -c` is given, in an exec form or in a shell line."""
    if words[:1] == ["CMD-SHELL"] and (match := _SHELL.fullmatch(" ".join(words[1:]))):
        return match["code"]
    if len(words) > 3 and _PYTHON.fullmatch(words[1]) and words[2] == "-c":  # noqa: PLR2004 - CMD python -c code
        return words[3]
    return None


def _does_nothing(code: str) -> str:
    """Return what code does all day that asks nothing of the service, in a word; nothing where it may ask."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if not body or not all(map(_says_nothing, body)):
        return ""
    if any(isinstance(node, ast.Import | ast.ImportFrom) for node in body):
        return "imports"
    return "prints" if "print" in code else "ends"


def _says_nothing(node: ast.stmt) -> bool:
    """Tell whether a statement imports, or prints or exits with a constant."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return True
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    call = ast.unparse(node.value.func)
    return call in {"print", "exit", "sys.exit", "quit"} and all(
        isinstance(each, ast.Constant) for each in node.value.args
    )
