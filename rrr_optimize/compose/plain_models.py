"""Compose models as plain data, to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_values import Value


def to_plain(value: Value) -> Any:
    """Return a value without its places."""
    if isinstance(value.data, dict):
        return {key: to_plain(item) for key, item in value.data.items()}
    return [to_plain(item) for item in value.data] if isinstance(value.data, list) else value.data


def drop_networks(data: Any) -> Any:
    """Return plain data without any `networks`, however deep."""
    if isinstance(data, dict):
        return {key: drop_networks(item) for key, item in data.items() if key != "networks"}
    return [drop_networks(item) for item in data] if isinstance(data, list) else data
