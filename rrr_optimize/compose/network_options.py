"""What a network has of its own that another one does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.plain_models import to_plain

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_values import Value

# What makes a class, and what every network has.
_COMPARED_BEFORE = frozenset({"driver", "internal", "attachable", "external", "enable_ipv4", "enable_ipv6", "name"})
_BRIDGE_NAME = "com.docker.network.bridge.name"


def list_differences(inner: Value, outer: Value | None) -> list[str]:
    """Return in words what would go with a network if its services used another one instead."""
    found: list[str] = []
    for key, value in inner.mapping.items():
        other = outer.get(key) if outer else None
        if key == "driver_opts":
            found += _options(value, other)
        elif key == "ipam" and value.get("config"):
            found.append("subnet")
        elif key not in _COMPARED_BEFORE and to_plain(value) and (other is None or to_plain(other) != to_plain(value)):
            found.append(key)
    if inner.text_of("driver") and outer is not None and not outer.text_of("driver"):
        found.append("driver")
    return found


def _options(options: Value, other: Value | None) -> list[str]:
    known = other.mapping if other else {}
    gone = [key for key, value in options.mapping.items() if key not in known or known[key].text != value.text]
    return ["bridge name" if key == _BRIDGE_NAME else key for key in gone]


def list_options(network: Value) -> list[str]:
    """Return the options of a network that whoever joins it comes under."""
    options = network.get("driver_opts")
    return [key for key in options.mapping if key != _BRIDGE_NAME] if options else []
