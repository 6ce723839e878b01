"""Small repositories in fixtures/audit, and what each rule tells of them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.rules import RULES
from tests.case_books import Case, read_cases

if TYPE_CHECKING:
    from tests.conftest import Told

FOLDER = Path(__file__).parents[2] / "fixtures" / "audit"
CASES = tuple(read_cases(FOLDER, "told"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.book.stem}: {case.name}")
def test_tells_what_is_expected(case: Case, told: Told, pytestconfig: pytest.Config) -> None:
    found = told(case.files, *case.rules, config=tomllib.loads(case.parts.get("config", "")))
    text = "".join(f"{finding}\n" for finding in found)
    if pytestconfig.getoption("--accept"):
        case.accept(text)
    else:
        assert text == case.expected


@pytest.mark.parametrize("book", sorted({case.book for case in CASES}), ids=lambda book: book.stem)
def test_what_must_not_be_told_comes_first(book: Path) -> None:
    is_told = ["told" in case.parts for case in CASES if case.book == book]
    assert is_told == sorted(is_told)
    assert len({case.name for case in CASES if case.book == book}) == len(is_told)


@pytest.mark.parametrize("code", [rule.code for rule in RULES if not rule.code.startswith("RRR")])
def test_every_rule_is_shown_to_be_silent_and_to_speak(code: str) -> None:
    assert sum("told" not in case.parts for case in CASES if code in case.rules) >= 2
    assert any(line.startswith(f"{code} ") for case in CASES for line in case.parts.get("told", "").splitlines())
