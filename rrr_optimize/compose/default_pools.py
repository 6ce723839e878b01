"""Which services surely fall back on the connection pool that SQLAlchemy makes where nobody says how large."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.compose.paths import find_folder
from rrr_optimize.facts.declarations import Layer

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.project import Service
    from rrr_optimize.facts.repository import Repository

_LIBRARIES = frozenset({"sqlalchemy", "sqlmodel", "flask-sqlalchemy"})
_SIZES = (b"pool_size", b"POOL_SIZE", b"max_overflow", b"MAX_OVERFLOW", b"poolclass", b"NullPool", b"StaticPool")


def has_default_pool(repository: Repository, service: Service) -> bool:
    """Return whether a service is built from a folder that requires SQLAlchemy and never speaks of a pool's size."""
    context = service.value.get("build", "context")
    if context is None or context.unset:
        return False
    folder = find_folder(repository.snapshot, context.text)
    if folder is None or not _requires_library(repository, folder):
        return False
    snapshot = repository.snapshot
    scripts = [path for path in snapshot.files_below(folder) if path.endswith(".py")]
    return not any(size in (snapshot.peek(path) or b"") for path in scripts for size in _SIZES)


def _requires_library(repository: Repository, folder: str) -> bool:
    """Return whether what is declared in a folder, or in its `requirements` folder, holds one of the libraries."""
    folders = {folder, posixpath.normpath(f"{folder}/requirements")}
    return any(
        declaration.package in _LIBRARIES
        and declaration.scope.layer is Layer.RUNTIME
        and (posixpath.dirname(declaration.location.path) or ".") in folders
        for declaration in repository.requirements.declarations
    )
