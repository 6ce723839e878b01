"""The documentation says what is true: generated pages, options, configuration keys, links."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize.engine import explain_rule
from rrr_optimize.rules import RULES, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Cli

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SCHEMAS = ROOT / "rrr_optimize" / "schemas"


def _rule_page(rule: Rule) -> str:
    return f"# {rule.code} {rule.name}\n\nSeverity: {rule.severity.label}.\n\n{explain_rule(rule)}\n"


def _index_page() -> str:
    rows = "".join(f"| [{r.code}]({r.code}.md) | {r.name} | {r.severity.label} | {r.summary} |\n" for r in RULES)
    return (
        "# Rules\n\n`rrr-optimize rule CODE` prints the same pages. A rule is selected by its code, the beginning of "
        f"its code, or its name.\n\n| code | name | severity | what is wrong |\n|---|---|---|---|\n{rows}"
    )


def _format_page(title: str, name: str) -> str:
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    rows = "".join(f"| `{path}` | {kind} | {text} |\n" for path, kind, text in _fields(schema, schema, ""))
    return (
        f"# {title}\n\n{schema['description']}\n\nThe schema is in the package, "
        f"`rrr_optimize/schemas/{name}`.\n\n| field | type | meaning |\n|---|---|---|\n{rows}"
    )


def _fields(schema: dict[str, Any], node: dict[str, Any], prefix: str) -> Iterator[tuple[str, str, str]]:
    for name, raw in node.get("properties", {}).items():
        field = _resolve(schema, raw)
        path = f"{prefix}{name}"
        text = raw.get("description") or field.get("description", "")
        yield path, _type(field), text.replace("|", "\\|")
        items = _resolve(schema, field.get("items", {}))
        yield from _fields(schema, field, f"{path}.")
        yield from _fields(schema, items, f"{path}[].")


def _resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target = schema
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _type(field: dict[str, Any]) -> str:
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    kind = field.get("type", "one of " + ", ".join(map(str, field.get("enum", ()))))
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


PAGES = {
    **{f"rules/{rule.code}.md": _rule_page(rule) for rule in RULES},
    "rules/README.md": _index_page(),
    "report-format.md": _format_page("The JSON report", "report.schema.json"),
    "plan-format.md": _format_page("The JSON of a plan", "plan.schema.json"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_up_to_date(name: str, pytestconfig: pytest.Config) -> None:
    page = DOCS / name
    if pytestconfig.getoption("--accept"):
        page.write_text(PAGES[name], encoding="utf-8", newline="\n")
    assert page.read_text(encoding="utf-8") == PAGES[name]


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    assert {page.name for page in (DOCS / "rules").iterdir()} == {f"{rule.code}.md" for rule in RULES} | {"README.md"}


@pytest.mark.parametrize(
    "command",
    [["audit"], ["unify"], ["fix-imports"], ["compose"], ["report"], ["undo"], ["rule"], []],
    ids=lambda words: " ".join(words) or "alone",
)
def test_every_option_is_documented_and_no_other(command: list[str], cli: Cli, tmp_path: Path) -> None:
    title = f"## `rrr-optimize {command[0]}" if command else "## `rrr-optimize`"
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    section = page[page.index(title) :].partition("\n## ")[0]
    documented = {option for row in re.findall(r"^\| (`-.*?) \|", section, re.MULTILINE) for option in _options(row)}
    told = cli(*command, "--help", cwd=tmp_path).stdout
    assert documented == {option for line in told.splitlines() if re.match(r"  -", line) for option in _options(line)}


def _options(text: str) -> list[str]:
    return re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", re.split(r"\s{2,}", text.strip())[0])


def test_every_configuration_key_is_documented_and_no_other() -> None:
    schema = json.loads((SCHEMAS / "config.schema.json").read_text(encoding="utf-8"))
    tables = ("requirements", "unify", "fix-imports", "compose")
    keys = {key for key in schema["properties"] if key not in tables}
    keys |= {f"{table}.{key}" for table in tables for key in schema["properties"][table]["properties"]}
    page = (DOCS / "configuration.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert set(re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE)) == keys


@pytest.mark.parametrize("page", [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))], ids=lambda page: page.name)
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
