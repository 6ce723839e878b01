"""Lay one Compose model over another (Compose specification, "Merge and override")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.compose.sequences import drop_repeated

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.problems import Problems
    from rrr_optimize.formats.yaml_values import Value

_REPLACED = frozenset(
    {
        ("services", "*", "command"),
        ("services", "*", "entrypoint"),
        ("services", "*", "healthcheck", "test"),
        ("services", "*", "ulimits", "*"),
    }
)
_NAMED = frozenset({("services", "*", "networks"), ("services", "*", "ulimits")})


def merge(base: Value, over: Value, problems: Problems, pattern: tuple[str, ...] = ()) -> Value:
    """Return `base` with `over` on top, both in their long forms: mappings merge, lists grow, scalars are replaced.

    Where the two are of different kinds, which Compose refuses, it is a problem and the upper one stands.
    """
    if pattern in _REPLACED:
        return over
    if over.data is None:
        return base
    if isinstance(base.data, dict) and isinstance(over.data, dict):
        if pattern == ("services", "*", "logging") and _changes_driver(base, over):
            return over
        return _merge_mappings(base, over, problems, pattern)
    if isinstance(base.data, list) and isinstance(over.data, list):
        if pattern == ("networks", "*", "ipam", "config"):
            return over.with_data(_merge_pools(base, over, problems))
        return over.with_data(drop_repeated(pattern, [*base.data, *over.data]))
    if isinstance(base.data, dict | list):
        name = pattern[-1]
        message = f"{name} is {_kind(base)} in {base.place.location} and {_kind(over)} here"
        problems.add("merge", over.place, message, ".".join(pattern))
    return over


def _merge_mappings(base: Value, over: Value, problems: Problems, pattern: tuple[str, ...]) -> Value:
    merged = dict(base.mapping)
    for key, value in over.mapping.items():
        known = merged.get(key)
        merged[key] = merge(known, value, problems, child(pattern, key)) if known else value
    return over.with_data(merged)


def child(pattern: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Return the pattern one level down; names that people choose are `*`."""
    return (*pattern, "*" if len(pattern) == 1 or pattern in _NAMED else key)


def _changes_driver(base: Value, over: Value) -> bool:
    drivers = base.get("driver"), over.get("driver")
    return drivers[0] is not None and drivers[1] is not None and drivers[0].data != drivers[1].data


def _merge_pools(base: Value, over: Value, problems: Problems) -> list[Value]:
    pools: dict[str, Value] = {}
    for item in (*base.items, *over.items):
        subnet = item.get("subnet")
        key = subnet.text if subnet else ""
        pools[key] = (
            merge(pools[key], item, problems, ("networks", "*", "ipam", "config", "*")) if key in pools else item
        )
    return list(pools.values())


def _kind(value: Value) -> str:
    return "a mapping" if isinstance(value.data, dict) else "a list" if isinstance(value.data, list) else "a value"


def take_resets(value: Value, path: tuple[str, ...] = ()) -> tuple[Value, list[tuple[str, ...]]]:
    """Return a file without what it marks `!reset`, and the paths that it or `!override` takes out of what is below."""
    if isinstance(value.data, list):
        kept = [take_resets(item, (*path, "*")) for item in value.data if item.tag != "!reset"]
        paths = [found for _, below in kept for found in below]
        return (
            (value.with_data([item for item, _ in kept]), paths)
            if paths or len(kept) < len(value.data)
            else (value, [])
        )
    if not isinstance(value.data, dict):
        return value, []
    entries: dict[str, Value] = {}
    paths = []
    for key, item in value.data.items():
        if item.tag:
            paths.append((*path, key))
        if item.tag != "!reset":
            entries[key], below = take_resets(item, (*path, key))
            paths += below
    return (value.with_data(entries), paths) if paths else (value, [])


def delete_paths(value: Value, paths: list[tuple[str, ...]]) -> Value:
    """Return a model without what stands at these paths."""
    for path in paths:
        value = _delete(value, path)
    return value


def _delete(value: Value, path: tuple[str, ...]) -> Value:
    entries = dict(value.mapping)
    if path[0] not in entries:
        return value
    if len(path) == 1:
        del entries[path[0]]
    else:
        entries[path[0]] = _delete(entries[path[0]], path[1:])
    return value.with_data(entries)
