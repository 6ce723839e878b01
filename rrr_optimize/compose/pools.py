"""Which services share a database, and how many connections their pools may open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.compose.hosts import find_hosts
from rrr_optimize.compose.images import image_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Location

MAX_CONNECTIONS = 100  # PostgreSQL's own default
RESERVED = 3  # superuser_reserved_connections
DEFAULT_POOL = 15  # SQLAlchemy: pool_size 5 and max_overflow 10
_DATABASE_URL = re.compile(r"(?:^|_)(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|SQLALCHEMY_DATABASE)_(?:URL|URI|DSN)$")
_POSTGRES = re.compile(r"postgres(?:ql)?(?:\+\w+)?://", re.IGNORECASE)
# Others have pools as well: REDIS_POOL_SIZE, MONGO_MAX_POOL_SIZE.
_OURS = r"(?P<stem>^|^(?:.*_)?(?:DATABASE|DB|PG|POSTGRES|POSTGRESQL|SQL|SQLALCHEMY|SQLALCHEMY_ENGINE)_)"
_LARGEST = re.compile(rf"{_OURS}(?:POOL_(?:MAX|MAX_SIZE|SIZE)|MAX_POOL_SIZE)$")
_LEAST = re.compile(rf"{_OURS}(?:POOL_(?:MIN|MIN_SIZE)|MIN_POOL_SIZE)$")
_OVERFLOW = re.compile(rf"{_OURS}(?:POOL_)?MAX_OVERFLOW$")
_WORKERS = re.compile(r"^(?:WEB_CONCURRENCY|WORKERS|UVICORN_WORKERS|GUNICORN_WORKERS)$")
_WORKERS_OPTION = re.compile(r"(?:--workers[= ]|-w )(\d{1,4})\b")
_CONNECTIONS = re.compile(r"max_connections\s*=\s*(\d{1,6})")
_POSTGRES_IMAGES = frozenset({"postgres", "postgis", "pgvector", "timescaledb", "timescaledb-ha", "postgresql"})


@dataclass(frozen=True, slots=True, eq=False)
class PoolUser:
    """A service that uses a database: `most` is its largest pool with overflow, None where it declares none."""

    service: Service
    database: str
    most: int | None
    where: Location

    @property
    def processes(self) -> int:
        """How many processes it runs, each with a pool of its own."""
        return self.service.replicas * _workers(self.service)

    @property
    def total(self) -> int:
        """The connections of all its processes."""
        return (self.most or 0) * self.processes


@dataclass(frozen=True, slots=True)
class PoolBounds:
    """The least and the largest size of a pool, with overflow, and what its variables begin with."""

    least: int
    most: int
    stem: str
    where: Location


@dataclass(frozen=True, slots=True)
class Server:
    """How many connections a server takes, and whether the project says so."""

    connections: int
    is_known: bool


def group_by_database(project: ComposeProject) -> Iterator[list[PoolUser]]:
    """Yield the services that use one PostgreSQL database, in the order of the file."""
    groups: dict[str, list[PoolUser]] = {}
    for service in project.services.values():
        if not service.is_off and (user := _find_user(service)):
            groups.setdefault(user.database, []).append(user)
    yield from groups.values()


def _find_user(service: Service) -> PoolUser | None:
    environment = service.entries("environment")
    url = next(
        (value for name, value in environment.items() if _DATABASE_URL.search(name) and _is_postgres(value)), None
    )
    if url is None:
        return None
    largest, overflow = _number(service, _LARGEST), _number(service, _OVERFLOW)
    most = None if largest is None else int(largest.text) + (int(overflow.text) if overflow else 0)
    database = url.text.partition("://")[2].rpartition("@")[2] or url.text
    return PoolUser(service, database, most, (largest or url).where)


def _is_postgres(value: Value) -> bool:
    return bool(_POSTGRES.match(value.text)) or (bool(value.unset) and value.text.startswith("${"))


def _number(service: Service, pattern: re.Pattern[str]) -> Value | None:
    return next((value for _, value in _numbers(service, pattern)), None)


def _numbers(service: Service, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Value]]:
    for name, value in service.entries("environment").items():
        match = pattern.search(name)
        if match and value.text.isdigit() and len(value.text) < 6:  # noqa: PLR2004 - digits
            yield match, value


def find_bounds(service: Service) -> Iterator[PoolBounds]:
    """Yield the bounds of each pool of a service that has both; the names of one pool's variables begin alike.

    Where two variables may be meant, the bounds are as wide as either says.
    """
    least, most = _by_stem(service, _LEAST), _by_stem(service, _LARGEST)
    overflow = _by_stem(service, _OVERFLOW)
    for stem in most:
        if stem in least:
            largest = max(most[stem], key=_read)
            extra = max(map(_read, overflow.get(stem, [])), default=0)
            yield PoolBounds(min(map(_read, least[stem])), _read(largest) + extra, stem.rstrip("_"), largest.where)


def _by_stem(service: Service, pattern: re.Pattern[str]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for match, value in _numbers(service, pattern):
        found.setdefault(match["stem"], []).append(value)
    return found


def _read(value: Value) -> int:
    return int(value.text)


def _workers(service: Service) -> int:
    if given := _number(service, _WORKERS):
        return max(1, int(given.text))
    match = _WORKERS_OPTION.search(" ".join(item.text for item in service.items("command")))
    return max(1, int(match[1])) if match else 1


def find_server(project: ComposeProject, database: str, configured: int | None = None) -> Server:
    """Return what is known of the server of a database; where it is no service, PostgreSQL's default is assumed."""
    if configured is not None:
        return Server(configured, is_known=True)
    hosts = list(find_hosts("DATABASE_URL", f"postgres://{database}"))
    servers = [service for name, service in project.services.items() if name in hosts]
    if not servers and database.startswith("${"):
        servers = [service for service in project.services.values() if image_name(service) in _POSTGRES_IMAGES]
    if len(servers) != 1:
        return Server(MAX_CONNECTIONS, is_known=False)
    match = _CONNECTIONS.search(" ".join(item.text for item in servers[0].items("command")))
    return Server(int(match[1]) if match else MAX_CONNECTIONS, is_known=True)
