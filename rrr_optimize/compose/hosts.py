"""Hosts that a text names, and which of them can only be a service's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://(?:[^\s/@'\"]*@)?(?P<hosts>[^\s/?#'\"|]+)", re.IGNORECASE)
_HOST = re.compile(r"(?P<host>[A-Za-z][\w-]*)(?::\d+)?")
_HOST_AND_PORT = re.compile(r"(?P<host>[A-Za-z][\w-]*):\d{2,5}")
_NAMES_A_HOST = re.compile(
    r"(?:HOST|HOSTS|ADDR|ADDRESS|ENDPOINT|SERVER|SERVERS|BROKER|BROKERS|URL|URI)$", re.IGNORECASE
)
_HOSTS_OF_DOCKER = frozenset({"localhost", "host", "gateway", "kubernetes", "host-gateway"})
_PLACEHOLDER = re.compile(
    r"^(?:your|my|some|change|example|user|username|hostname|server|domain|ip|x+)\b|_here$|<", re.IGNORECASE
)
_LISTENING = re.compile(
    r"(?:^|_)(?:LISTEN|BIND|ADVERTISED|ORIGINS?|CORS|PUBLIC|BASE|ROOT|EXTERNAL|CALLBACK|REDIRECT|SCHEMA|SITE|DOMAINS?)"
    r"|^(?:FRONTEND|NEXT_PUBLIC|VITE|REACT_APP)_"
)
_NO_NETWORK = frozenset(
    {"file", "sqlite", "unix", "memory", "docker-image", "s3", "gs", "app", "data", "jdbc", "arn", "urn"}
)


def find_hosts(variable: str, value: str) -> Iterator[str]:
    """Yield the hosts in the value of a variable that look like names of services, each once.

    What a service listens on, or tells browsers to use, is no call to another service.
    """
    if len(value) > 2_000 or _LISTENING.search(variable.upper()):  # noqa: PLR2004 - longer than any address
        return
    seen: set[str] = set()
    for text in _candidates(variable, value):
        match = _HOST.fullmatch(text)
        if match and is_service_name(match["host"]) and match["host"] not in seen:
            seen.add(match["host"])
            yield match["host"]


def _candidates(variable: str, value: str) -> Iterator[str]:
    urls = list(_URL.finditer(value))
    for url in urls:
        if url[0].partition("://")[0].lower() not in _NO_NETWORK:
            yield from url["hosts"].split(",")
    if not urls and _NAMES_A_HOST.search(variable):
        for part in value.split(","):
            if _HOST_AND_PORT.fullmatch(part.strip()):
                yield part.strip()


def is_service_name(host: str) -> bool:
    """Return whether a host can only be a service's: one label, no placeholder, nothing that Docker itself resolves."""
    return "." not in host and host.lower() not in _HOSTS_OF_DOCKER and _PLACEHOLDER.search(host) is None
