"""Which lists of a Compose file hold each thing once, and by what (Compose specification, "Unique resources")."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_values import Value

Index: TypeAlias = Callable[["Value"], str]


def _name(value: Value) -> str:
    return value.text.partition("=")[0]


def _field(*names: str) -> Index:
    def index(value: Value) -> str:
        return next((found.text for name in names if (found := value.mapping.get(name))), value.text)

    return index


def _port(value: Value) -> str:
    fields = ("host_ip", "published", "target", "protocol")
    given = [found.text if (found := value.mapping.get(field)) else "" for field in fields]
    return ":".join([given[0] or "0.0.0.0", *given[1:]])  # noqa: S104 - compared, never bound


_UNIQUE: dict[tuple[str, ...], Index] = {
    ("services", "*", "cap_add"): _name,
    ("services", "*", "cap_drop"): _name,
    ("services", "*", "dns"): _name,
    ("services", "*", "dns_opt"): _name,
    ("services", "*", "dns_search"): _name,
    ("services", "*", "expose"): lambda value: value.text,
    ("services", "*", "extra_hosts"): lambda value: value.text,
    ("services", "*", "links"): _name,
    ("services", "*", "profiles"): _name,
    ("services", "*", "tmpfs"): _name,
    ("services", "*", "build", "tags"): _name,
    ("services", "*", "networks", "*", "aliases"): _name,
    ("services", "*", "networks", "*", "link_local_ips"): _name,
    ("services", "*", "devices"): _field("target"),
    ("services", "*", "volumes"): _field("target"),
    ("services", "*", "configs"): _field("target", "source"),
    ("services", "*", "secrets"): _field("target", "source"),
    ("services", "*", "env_file"): _field("path"),
    ("services", "*", "ports"): _port,
}


def drop_repeated(pattern: tuple[str, ...], items: list[Value]) -> list[Value]:
    """Return the items of the list at this path, each thing once: the last one, at the place of the first."""
    index = _UNIQUE.get(pattern)
    return items if index is None else list({index(item): item for item in items}.values())
