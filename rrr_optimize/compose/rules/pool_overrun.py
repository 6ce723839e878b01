"""The connection pools of all services together may ask for more connections than their database server gives.

Counted is replicas x workers x (largest pool + overflow) of every service that is given one database, as far as its
environment says so. What the server gives is its max_connections less the three that PostgreSQL keeps for
superusers: as its command says, or, where that is not in the project, PostgreSQL's 100, and the finding says
"assumed". Services that use the database and declare no pool fall back on a size that the file does not tell; they
are counted with 15 for each process, "assumed", SQLAlchemy's own default. `compose.max-connections` and
`compose.default-pool` in the configuration say better.

Where no service of a database declares a pool, only those count that are built from a folder which requires SQLAlchemy
and never speaks of the size of a pool, and only a database that the project runs. That is told as a note.

    api:    {environment: {DATABASE_URL: ..., DATABASE_POOL_MAX: 60}}
    worker: {environment: {DATABASE_URL: ..., DATABASE_POOL_MAX: 20}, deploy: {replicas: 2}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.default_pools import has_default_pool
from rrr_optimize.compose.pools import DEFAULT_POOL, RESERVED, PoolUser, Server, find_server, group_by_database
from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.model import Related, Severity
from rrr_optimize.phrases import counted
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP028")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each database whose pools are too many, or nearly so with some unknown."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project, repository))


def _check(project: ComposeProject, repository: Repository) -> Iterator[Finding]:
    settings = repository.settings
    for users in group_by_database(project):
        declared = [user for user in users if user.most is not None]
        unknown = [user for user in users if user.most is None]
        server = find_server(project, users[0].database, settings.max_connections)
        each = settings.default_pool or DEFAULT_POOL
        expected = sum(user.total for user in declared) + sum(each * user.processes for user in unknown)
        if expected <= server.connections - RESERVED:
            continue
        basis = "configured" if settings.default_pool else "assumed"
        if declared:
            scope = "each" if all(user.processes == 1 for user in unknown) else "a process"
            yield _report(declared, unknown, server, f"{each} {scope} ({basis})", expected)
        elif server.is_known:
            yield from _check_defaults(unknown, server, repository)


def _check_defaults(users: list[PoolUser], server: Server, repository: Repository) -> Iterator[Finding]:
    """Yield a note if the pools that SQLAlchemy makes by itself are too many."""
    each, most = repository.settings.default_pool or DEFAULT_POOL, server.connections - RESERVED
    users = [user for user in users if has_default_pool(repository, user.service)]
    expected = sum(each * user.processes for user in users)
    if expected > most:
        sizes = ", ".join(f"{user.service.name} {user.processes}" for user in users)
        basis = "configured" if repository.settings.default_pool else "assumed: SQLAlchemy's 5 and 10 of overflow"
        yield RULE.finding(
            users[0].where,
            f"{sum(user.processes for user in users)} processes declare no pool: at {each} each ({basis})"
            f" they take {expected} of {most} connections",
            f"{users[0].database} {users[0].where.path}",
            why=f"{_limit(server)}; who comes too late is refused. Processes: {sizes}.",
            hint="set the size of the pools, raise max_connections, or put a pooler between",
            severity=Severity.INFO,
            related=[Related(user.where, f"{user.service.name} declares no pool") for user in users[1:]],
        )


def _report(declared: list[PoolUser], unknown: list[PoolUser], server: Server, each: str, expected: int) -> Finding:
    total = sum(user.total for user in declared)
    most = server.connections - RESERVED
    names = [user.service.name for user in unknown]
    whose = f"the pool of {declared[0].service.name} takes"
    if len(declared) > 1:
        whose = f"the pools of {counted(len(declared), 'service')} add up to"
    head = f"{whose} {total} of {most} connections"
    if names:
        verb = "declares" if len(names) == 1 else "declare"
        head += f"; {list_names(names)} {verb} none: at {each} {expected} in all"
    sizes = ", ".join(f"{user.service.name} {user.total}" for user in declared)
    return RULE.finding(
        declared[0].where,
        head,
        f"{declared[0].database} {declared[0].where.path}",
        why=f"{_limit(server)}; who comes too late is refused. Counted: {sizes}.",
        hint="make the pools smaller, declare all of them, raise max_connections, or put a pooler between",
        related=[Related(user.where, f"{user.service.name}: {user.total}") for user in declared[1:]]
        + [Related(user.where, f"{user.service.name} declares no pool") for user in unknown],
    )


def _limit(server: Server) -> str:
    assumed = "" if server.is_known else " (assumed: the server is not in the project)"
    return f"PostgreSQL's {server.connections} less {RESERVED} for superusers{assumed}"
