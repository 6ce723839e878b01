"""A value that the Compose specification does not allow: an unknown key, a list where a mapping belongs, a wrong word.

Compose refuses the whole project. The check follows the official JSON schema of the specification, which comes with
this package; a value with a variable in it fits wherever text or a number does.

    services:
      web:
        port: ["80:80"]      # services.web has no port
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.formats.json_schema import compose_schema, find_violations
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding

RULE = get_rule("CMP003")
_MOST_IN_A_FILE = 20


def check(repository: WithCompose) -> Iterator[Finding]:
    """Yield a finding for each value that the schema does not allow, at most some of one file."""
    standard = {project.files[0] for project in repository.compose.projects}
    for file in repository.compose.files:
        is_compose = any("services" in document.mapping for document in file.documents)
        if not is_compose and (file.path not in standard or not file.documents):
            continue
        found = [violation for each in file.documents for violation in find_violations(each, compose_schema())]
        for violation in dict.fromkeys(found[:_MOST_IN_A_FILE]):
            yield RULE.finding(
                violation.location,
                violation.message,
                f"{'.'.join(violation.path)} {file.path}",
                why="Compose refuses the project.",
                hint=_explain(violation.path, violation.message),
            )


def _explain(path: tuple[str, ...], message: str) -> str:
    unknown = path[-1] if path and message.endswith(f"has no {path[-1]}") else ""
    if len(path) == 1 and unknown and not unknown.startswith("x-"):
        return f"services stand under services:, what is your own begins with x-: x-{unknown}"
    return ""
