"""What files were found to import is remembered, by their content, for as long as the readers are the same."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from rrr_optimize.formats.python_imports import Doubt, ImportSite, PythonImports, Timing
from rrr_optimize.formats.python_imports.plain_data import from_data, to_data
from rrr_optimize.tools.import_memory import ImportMemory

if TYPE_CHECKING:
    from pathlib import Path


NAMES = st.lists(st.sampled_from(["a", "b", "ä"])).map(tuple)
SITES = st.builds(
    ImportSite,
    line=st.integers(1, 9),
    column=st.integers(1, 9),
    module=st.sampled_from(["", "a", "a.b"]),
    level=st.integers(0, 2),
    names=NAMES,
    timing=st.sampled_from(Timing),
    tolerates=st.booleans(),
    is_text=st.booleans(),
    is_target=st.booleans(),
    binds=NAMES,
)
IMPORTS = st.builds(
    PythonImports,
    sites=st.lists(SITES).map(tuple),
    bound=st.dictionaries(st.sampled_from(["x", "y"]), st.integers(1, 9)),
    exported=NAMES,
    doubts=st.frozensets(st.sampled_from(Doubt)),
    has_main=st.booleans(),
    acts=st.booleans(),
)


def said(imports: PythonImports | None) -> tuple[object, ...]:
    assert imports is not None
    # Two sites are never equal, so their words are compared.
    return repr(imports.sites), *(getattr(imports, each.name) for each in fields(imports)[1:])


@given(IMPORTS)
def test_plain_data_lose_nothing(imports: PythonImports) -> None:
    assert said(from_data(to_data(imports))) == said(imports)


@pytest.mark.parametrize(
    "data",
    [
        *(1, [], "text", [[], ["x"], [], [], 0, 0], [[], {"x": "y"}, [], [], 0, 0]),
        *([[1], {}, [], [], 0, 0], [[], {}, [], [99], 0, 0], [[[1]], {}, [], [], 0, 0]),
    ],
)
def test_data_of_another_form_are_none(data: object) -> None:
    assert from_data(data) is None


def test_a_second_run_knows_what_the_first_has_learned(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    first = ImportMemory.of_user(environ, tmp_path)
    for number in range(30):
        first.learn("imports", str(number), [number])
    first.save()
    assert [each.name.partition("-")[0] for each in (tmp_path / "rrr-optimize").iterdir()] == ["imports"]
    second = ImportMemory.of_user(environ, tmp_path)
    assert (second.recall("imports", "7"), second.recall("texts", "7")) == ([7], None)


def test_each_repository_has_a_memory_and_other_versions_of_it_go(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    folder = tmp_path / "rrr-optimize"
    for root in ("one", "two"):
        memory = ImportMemory.of_user(environ, tmp_path / root)
        own = memory.cache.path
        assert own is not None
        older = own.with_name(f"{own.name.rpartition('-')[0]}-older.json")
        folder.mkdir(exist_ok=True)
        older.write_text("{}", encoding="utf-8")
        for number in range(30):
            memory.learn("imports", str(number), [root])
        memory.save()
        assert (own.is_file(), older.exists()) == (True, False)
    assert len(list(folder.iterdir())) == 2
    assert ImportMemory.of_user(environ, tmp_path / "one").recall("imports", "7") == ["one"]


def test_a_memory_that_grows_too_large_keeps_what_was_of_use(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    memory = ImportMemory.of_user(environ, tmp_path)
    for number in range(30):
        memory.learn("old", str(number), 1)
    memory.save()
    memory = ImportMemory.of_user(environ, tmp_path)
    memory.limit = 40
    memory.recall("old", "7")
    for number in range(30):
        memory.learn("new", str(number), 1)
    memory.save()
    kept = ImportMemory.of_user(environ, tmp_path)
    assert [kept.recall("old", key) for key in ("7", "8")] == [1, None]
    assert kept.recall("new", "29") == 1


@pytest.mark.parametrize("text", ["", "[]", "1", "\0", "[" * 100_000])
def test_a_broken_memory_is_none(tmp_path: Path, text: str) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    file = ImportMemory.of_user(environ, tmp_path).cache.path
    assert file is not None
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    assert ImportMemory.of_user(environ, tmp_path).recall("imports", "1") is None
