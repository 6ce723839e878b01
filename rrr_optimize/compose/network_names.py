"""Where the name of a network stands in what a service is told: labels, commands, variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Location

_TOLD = (
    *(("labels",), ("annotations",), ("deploy", "labels"), ("environment",), ("command",), ("entrypoint",)),
    *(("healthcheck", "test"), ("build", "network"), ("build", "labels"), ("build", "args")),
)
_SPEAKS_OF_NETWORKS = re.compile(r"network|(?:^|[_.-])net(?:$|[_.-])", re.IGNORECASE)


class NamedPlace(NamedTuple):
    """A value that names a network: under which key it stands, and where."""

    network: str
    key: str
    where: Location


def find_named_networks(project: ComposeProject) -> Iterator[NamedPlace]:
    """Yield the values of services that name a network of the project, by its key or as Docker calls it.

    A name that a service answers to as well is mostly that service's: it counts only under a key that speaks of
    networks, as `traefik.docker.network` does.
    """
    names: dict[str, str] = {}
    for network, value in project.section("networks").items():
        names |= {network: network, value.text_of("name") or network: network}
    if not names:
        return
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(longest_first)})(?![\w-])")
    doubtful = project.host_names | {"default", "host", "bridge", "none"}
    for service in project.services.values():
        for keys in _TOLD:
            value = service.value.get(*keys)
            for place, text, held in _texts(keys[-1], value) if value else ():
                for match in pattern.finditer(text):
                    if match[0] not in doubtful or _SPEAKS_OF_NETWORKS.search(place):
                        yield NamedPlace(names[match[0]], place, held.where)


def _texts(key: str, value: Value) -> Iterator[tuple[str, str, Value]]:
    """Yield every scalar below a key with the key that it stands under."""
    if isinstance(value.data, dict):
        for name, item in value.data.items():
            yield from _texts(name, item)
    elif isinstance(value.data, list):
        for item in value.data:
            yield from _texts(key, item)
    else:
        yield key, value.text, value
