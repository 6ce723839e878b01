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
    names = sorted(project.section("networks"), key=len, reverse=True)
    if not names:
        return
    patterns = {
        name: re.compile(rf"(?<![\w.-])(?:{_full_name(project, name)}|{re.escape(name)})(?![\w-])") for name in names
    }
    doubtful = project.host_names | {"default", "host", "bridge", "none"}
    for service in project.services.values():
        for keys in _TOLD:
            value = service.value.get(*keys)
            for place, text, held in _texts(keys[-1], value) if value else ():
                for name, pattern in patterns.items():
                    match = pattern.search(text)
                    if match and (match[0] not in doubtful or _SPEAKS_OF_NETWORKS.search(place)):
                        yield NamedPlace(name, place, held.where)


def _full_name(project: ComposeProject, name: str) -> str:
    """Return a pattern of what Docker calls a network; the folder of the repository may have any name."""
    full = project.section("networks")[name].text_of("name")
    return rf"[a-z0-9][a-z0-9_-]*{re.escape(full)}" if full == f"_{name}" else re.escape(full or name)


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
