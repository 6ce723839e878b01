"""TOML of strangers is loaded in bounded time and memory, or refused in one way."""

from __future__ import annotations

import pytest

from rrr_optimize.toml_text import TomlTextError, load_toml


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('text = "' + ". " * 500 + '"', id="dots in prose are no key"),
        pytest.param('text = """\n' + "." * 500 + '\n"""', id="a ruler of dots"),
        pytest.param("a.b.c.d = 1", id="a dotted key"),
        pytest.param("a" * 100_000 + " = 1", id="one long key"),
    ],
)
def test_loads_what_only_looks_dangerous(text: str) -> None:
    assert load_toml(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(".".join(["a"] * 100_000) + " = 1", id="a key of 100,000 parts"),
        pytest.param("x = { " + ".".join(['"a"'] * 100_000) + " = 1 }", id="inside an inline table"),
        pytest.param("[" + " . ".join(["'a'"] * 100_000) + "]", id="in a header"),
        pytest.param("x = " + "[" * 100_000, id="nested arrays"),
        pytest.param("x = " + "1" * 10_000, id="an endless integer"),
        pytest.param("x = ", id="no value"),
    ],
)
def test_refuses_the_rest_in_one_way(text: str) -> None:
    with pytest.raises(TomlTextError):
        load_toml(text)
