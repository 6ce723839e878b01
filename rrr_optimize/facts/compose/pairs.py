"""Lists of `NAME=value` and of hosts, which a Compose file may write as mappings too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from rrr_optimize.formats.yaml_values import Value, text_of

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.canonical import Canonical

Rewrite: TypeAlias = Callable[["Canonical", Value], Value]


def pairs(*, empty: str | None, separators: str = "=") -> Rewrite:
    """Return a rewrite of `[NAME=value, NAME]` to a mapping, in which a name alone has the value `empty`."""

    def rewrite(canonical: Canonical, value: Value) -> Value:
        del canonical
        if isinstance(value.data, list):
            found: dict[str, Value] = {}
            for item in value.data:
                name, separator, rest = _partition(item.text, separators)
                found[name] = Value(rest if separator else empty, item.place, item.place, unset=item.unset)
            return value.with_data(found)
        if isinstance(value.data, dict):
            return value.with_data({key: _as_text(item, empty) for key, item in value.data.items()})
        return value

    return rewrite


def _as_text(value: Value, empty: str | None) -> Value:
    if isinstance(value.data, dict | list | str):
        return value
    return value.with_data(empty if value.data is None else text_of(value.data))


def _partition(text: str, separators: str) -> tuple[str, str, str]:
    cuts = [index for separator in separators if (index := text.find(separator)) >= 0]
    return (text[: min(cuts)], "=", text[min(cuts) + 1 :]) if cuts else (text, "", "")


def write_hosts(canonical: Canonical, value: Value) -> Value:
    """Return `host=address` texts; a mapping may give several addresses to one host."""
    del canonical
    if isinstance(value.data, dict):
        given = [(key, item) for key, entry in value.data.items() for item in entry.items or [entry]]
        return value.with_data([item.with_data(f"{key}={item.text}") for key, item in given])
    made = [item.with_data("=".join(_partition(item.text, "=:")[::2])) for item in value.items]
    return value.with_data(list(made))
