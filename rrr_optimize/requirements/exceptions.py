"""Requirements that the configuration lets differ, each named by version and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.specifiers import specifier_key
from rrr_optimize.path_globs import match_glob

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.config import VersionException
    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository


def without_excepted(declarations: Iterable[Declaration], repository: Repository) -> tuple[Declaration, ...]:
    """Return the declarations that no exception in force covers."""
    exceptions = [item for item in repository.settings.exceptions if not is_expired(item, repository)]
    return tuple(item for item in declarations if not any(covers(exception, item) for exception in exceptions))


def covers(exception: VersionException, declaration: Declaration) -> bool:
    """Return whether an exception means this declaration: the same package and specifier, in its place."""
    return (
        exception.package == declaration.package
        and specifier_key(exception.specifier) == declaration.specifier_key
        and match_glob(exception.where, declaration.location.path)
    )


def is_expired(exception: VersionException, repository: Repository) -> bool:
    """Return whether the exception's last day is over."""
    return exception.expires is not None and exception.expires < repository.today
