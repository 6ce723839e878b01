"""Check values with places against the part of JSON Schema (draft 7) that the Compose specification's schema uses."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Location

_WORDS = {"object": "a mapping", "array": "a list", "null": "empty", "string": "text", "boolean": "true or false"}
_VARIABLE = re.compile(r"\$[A-Za-z_{]")


@dataclass(frozen=True, slots=True)
class Violation:
    """One value that is not as the schema says: where in the model, where in the file, and what is wrong."""

    path: tuple[str, ...]
    location: Location
    message: str


@cache
def compose_schema() -> Mapping[str, Any]:
    """Return the schema of the Compose specification that comes with the package."""
    text = files("rrr_optimize.schemas").joinpath("compose-spec.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


def find_violations(value: Value, schema: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Return what is wrong with a value; of the alternatives of a `oneOf` only the one that comes closest is told.

    A text with a variable in it fits any scalar type.
    """
    return tuple(_Checker(schema).check(value, schema, ()))


class _Checker:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def check(self, value: Value, schema: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Violation]:
        if "$ref" in schema:
            schema = self._resolve(schema["$ref"])
        if alternatives := schema.get("oneOf") or schema.get("anyOf"):
            yield from self._check_alternatives(value, alternatives, path)
        if "type" in schema and not _has_type(value, schema["type"]):
            yield _violation(value, path, f"has to be {_spell(schema['type'])}, not {_kind(value)}")
            return
        if isinstance(value.data, dict):
            yield from self._check_mapping(value, value.data, schema, path)
        elif isinstance(value.data, list):
            yield from self._check_list(value.data, schema, path)
        else:
            yield from _check_scalar(value, schema, path)

    def _resolve(self, reference: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._root
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    def _check_alternatives(
        self, value: Value, alternatives: Sequence[Mapping[str, Any]], path: tuple[str, ...]
    ) -> Iterator[Violation]:
        failures: list[list[Violation]] = []
        for alternative in alternatives:
            found = list(self.check(value, alternative, path))
            if not found:
                return
            if _has_type(value, _types(self._deref(alternative))):
                failures.append(found)
        if failures:
            # The deepest complaint is about the form that the person meant.
            yield from max(failures, key=lambda found: max(len(violation.path) for violation in found))
            return
        types = [kind for each in alternatives for kind in _types(self._deref(each))]
        yield _violation(value, path, f"has to be {_spell(types)}, not {_kind(value)}")

    def _deref(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._resolve(schema["$ref"]) if "$ref" in schema else schema

    def _check_mapping(
        self, value: Value, entries: Mapping[str, Value], schema: Mapping[str, Any], path: tuple[str, ...]
    ) -> Iterator[Violation]:
        for name in schema.get("required", ()):
            if name not in entries:
                yield _violation(value, path, f"needs {name}")
        known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        other = schema.get("additionalProperties", True)
        for name, entry in entries.items():
            if entry.tag:
                continue
            below = (*path, name)
            if name in known:
                yield from self.check(entry, known[name], below)
            elif pattern := next((pattern for pattern in patterns if re.search(pattern, name)), None):
                yield from self.check(entry, patterns[pattern], below)
            elif other is False:
                yield Violation(below, entry.where, f"{_name(path)} has no {name}")
            elif isinstance(other, dict):
                yield from self.check(entry, other, below)

    def _check_list(
        self, items: Sequence[Value], schema: Mapping[str, Any], path: tuple[str, ...]
    ) -> Iterator[Violation]:
        if schema.get("uniqueItems"):
            seen: set[str] = set()
            for item in items:
                if item.text and item.text in seen:
                    yield _violation(item, path, f"lists {item.text.partition('=')[0]} twice")
                seen.add(item.text)
        if "items" in schema:
            for index, item in enumerate(items):
                yield from self.check(item, schema["items"], (*path, str(index)))


def _check_scalar(value: Value, schema: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Violation]:
    if isinstance(value.data, str) and _VARIABLE.search(value.data):
        return
    if "enum" in schema and value.data not in schema["enum"]:
        yield _violation(value, path, f"has to be one of {', '.join(map(str, schema['enum']))}, not {value.text}")
    if "pattern" in schema and isinstance(value.data, str) and not re.search(schema["pattern"], value.data):
        yield _violation(value, path, f"cannot be {value.text!r}")
    if isinstance(value.data, int | float) and not isinstance(value.data, bool):
        if "minimum" in schema and value.data < schema["minimum"]:
            yield _violation(value, path, f"has to be at least {schema['minimum']}, not {value.text}")
        if "maximum" in schema and value.data > schema["maximum"]:
            yield _violation(value, path, f"has to be at most {schema['maximum']}, not {value.text}")


def _has_type(value: Value, wanted: str | Sequence[str]) -> bool:
    types = [wanted] if isinstance(wanted, str) else wanted
    is_variable = isinstance(value.data, str) and _VARIABLE.search(value.data) is not None
    return _kind_name(value) in types or (
        ("number" in types and _kind_name(value) == "integer")
        or ("integer" in types and isinstance(value.data, float) and value.data.is_integer())
        or (is_variable and any(kind in types for kind in ("string", "number", "integer", "boolean")))
    )


def _kind_name(value: Value) -> str:
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (dict, "object")):
        if isinstance(value.data, kind):
            return name
    return "array" if isinstance(value.data, list) else "null"


def _kind(value: Value) -> str:
    name = _kind_name(value)
    return _WORDS.get(name, f"the number {value.text}") if name != "boolean" else value.text


def _types(schema: Mapping[str, Any]) -> list[str]:
    wanted = schema.get("type", [])
    return [wanted] if isinstance(wanted, str) else list(wanted)


def _spell(wanted: str | Sequence[str]) -> str:
    types = [wanted] if isinstance(wanted, str) else [kind for kind in dict.fromkeys(wanted) if kind != "null"]
    return " or ".join(_WORDS.get(kind, "a number") for kind in types)


def _name(path: tuple[str, ...]) -> str:
    return ".".join(path) or "the file"


def _violation(value: Value, path: tuple[str, ...], message: str) -> Violation:
    return Violation(path, value.where, f"{_name(path)} {message}")
