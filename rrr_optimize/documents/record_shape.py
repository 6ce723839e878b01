"""Whether data has the shape of a run record: as much of JSON Schema as `schemas/record.schema.json` uses."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "null": type(None),
}


@cache
def record_schema() -> Mapping[str, Any]:
    """Return the schema of run records that comes with the package."""
    text = files("rrr_optimize.schemas").joinpath("record.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


def has_shape(data: Any) -> bool:
    """Return whether data is a record by its schema, so that every field that a document names is there."""
    return _fits(data, record_schema())


def _fits(data: Any, schema: Mapping[str, Any]) -> bool:
    if "$ref" in schema:
        return _fits(data, record_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
    return (
        _is_of_type(data, schema)
        and ("const" not in schema or (data == schema["const"] and type(data) is type(schema["const"])))
        and data in schema.get("enum", (data,))
        and (not isinstance(data, int) or data >= schema.get("minimum", data))
        and (not isinstance(data, dict) or _fits_mapping(data, schema))
        and (not isinstance(data, list) or all(_fits(item, schema.get("items", {})) for item in data))
        and all(_fits(data, rule["then"]) for rule in schema.get("allOf", ()) if _fits(data, rule["if"]))
    )


def _is_of_type(data: Any, schema: Mapping[str, Any]) -> bool:
    named = schema.get("type")
    kinds = [named] if isinstance(named, str) else named or []
    return not kinds or any(isinstance(data, _TYPES[kind]) and not isinstance(data, bool) for kind in kinds)


def _fits_mapping(data: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    known = schema.get("properties", {})
    rest = schema.get("additionalProperties", True)
    return all(name in data for name in schema.get("required", ())) and all(
        _fits(value, known[name]) if name in known else rest is True or (rest is not False and _fits(value, rest))
        for name, value in data.items()
    )
