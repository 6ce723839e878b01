"""What a network has of its own that another one does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_values import Value


def list_differences(inner: Value, outer: Value | None) -> list[str]:
    """Return in words what would go with a network if its services used another one instead."""
    found: list[str] = []
    options = inner.get("driver_opts")
    for key, value in options.mapping.items() if options else ():
        other = outer.get("driver_opts", key) if outer else None
        if other is None or other.text != value.text:
            found.append("bridge name" if key.endswith("bridge.name") else key)
    return found + (["subnet"] if inner.get("ipam", "config") else [])
