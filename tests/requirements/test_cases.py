"""Small repositories in fixtures/audit, and what each rule tells of them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Told

FOLDER = Path(__file__).parents[2] / "fixtures" / "audit"
TOLD = "-- told\n"


@dataclass(frozen=True)
class Case:
    """One small repository: `parts` are its files by path, and `config` and `told` beside them."""

    book: Path
    rules: tuple[str, ...]
    name: str
    text: str

    @property
    def parts(self) -> dict[str, str]:
        pieces = re.split(r"^-- (.+)\n", self.text, flags=re.MULTILINE)
        return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def read_cases() -> Iterator[Case]:
    for book in sorted(FOLDER.glob("*.cases")):
        header, *texts = re.split(r"^## ", book.read_text(encoding="utf-8"), flags=re.MULTILINE)
        rules = tuple(re.findall(r"\b[A-Z]{3}\d{3}\b", header))
        for text in texts:
            name, _, body = text.partition("\n")
            yield Case(book, rules, name, body)


CASES = tuple(read_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.book.stem}: {case.name}")
def test_tells_what_is_expected(case: Case, told: Told, pytestconfig: pytest.Config) -> None:
    files = {path: text for path, text in case.parts.items() if path not in {"config", "told"}}
    found = told(files, *case.rules, config=tomllib.loads(case.parts.get("config", "")))
    text = "".join(f"{finding}\n" for finding in found)
    if pytestconfig.getoption("--accept"):
        before = case.text.partition(TOLD)[0]
        book = case.book.read_text(encoding="utf-8")
        now = before + (TOLD + text if text else "")
        after = book.replace(f"## {case.name}\n{case.text}", f"## {case.name}\n{now}")
        case.book.write_text(after, encoding="utf-8", newline="\n")
    else:
        assert text == case.parts.get("told", "")


@pytest.mark.parametrize("book", sorted({case.book for case in CASES}), ids=lambda book: book.stem)
def test_what_must_not_be_told_comes_first(book: Path) -> None:
    is_told = ["told" in case.parts for case in CASES if case.book == book]
    assert is_told == sorted(is_told)
    assert len({case.name for case in CASES if case.book == book}) == len(is_told)


@pytest.mark.parametrize("code", [rule.code for rule in RULES if rule.code[:3] in {"REQ", "IMP", "CMP"}])
def test_every_rule_is_shown_to_be_silent_and_to_speak(code: str) -> None:
    assert sum("told" not in case.parts for case in CASES if code in case.rules) >= 2
    assert any(line.startswith(f"{code} ") for case in CASES for line in case.parts.get("told", "").splitlines())
