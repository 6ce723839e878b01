"""One file is imported under two names.

For Python these are two modules: the file is run twice, and there are two of each of its classes, of its caches and of
its settings. `isinstance` and `except` do not recognise what the other half of the program made.

    from src.core.errors import OrderError     # in src/main.py
    from core.errors import OrderError         # in src/engine.py, which puts src/ on the search path

Choose one name, that of an installation, and use it everywhere. Only imports that surely lead to the file count. Told
as a note where no program and no test session is seen to load both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.imports.canonical import canonical_names
from rrr_optimize.imports.double_names import DoubleName, Use, find_double_names
from rrr_optimize.imports.foreign import foreign_names
from rrr_optimize.imports.import_sites import keep_parsable
from rrr_optimize.imports.wording import list_words
from rrr_optimize.model import Location, Related, Severity
from rrr_optimize.phrases import counted
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("IMP007")
_MOST_RELATED = 6


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each two folders from which files have names, at an import by the rarer name."""
    doubles = list(find_double_names(repository.codebase, repository.own_modules, foreign_names(repository)))
    importers = {use.importer for double in doubles for use in (*double.usual, *double.other)}
    parsing = keep_parsable(repository.snapshot, repository.syntax, importers)
    causes: dict[frozenset[str], list[DoubleName]] = {}
    for double in (narrowed for each in doubles if (narrowed := each.narrow(parsing))):
        roots = frozenset({double.usual[0].root, double.other[0].root})
        causes.setdefault(roots, []).append(double)
    for group in causes.values():
        yield _report(group, repository.codebase)


def _report(doubles: Sequence[DoubleName], codebase: Codebase) -> Finding:
    double = max(doubles, key=lambda each: (bool(each.together), len(each.usual) + len(each.other)))
    together, (first, *others) = double.together, sorted(double.other, key=_key)
    usual = double.usual[0]
    message = f"{double.path} is {first.name} here and {usual.name} in {counted(len(double.usual), 'other file')}"
    if len(doubles) > 1:
        rest = [each.path for each in doubles if each is not double]
        message += f"; {list_words(rest)} {'has' if len(rest) == 1 else 'have'} two names as well"
    return RULE.finding(
        _place(first),
        message,
        f"{double.other[0].root} {usual.root}",
        why=f"{together} loads both: they are two modules, with two of each class."
        if together
        else "For a program that loads both they are two modules, with two of each class.",
        hint=f"import it as {_best_name(double, codebase)} everywhere",
        related=[
            *(Related(_place(use), str(use.site)) for use in others[:_MOST_RELATED]),
            *(Related(_place(use), str(use.site)) for use in double.usual[:_MOST_RELATED]),
        ],
        severity=None if together else Severity.INFO,
    )


def _best_name(double: DoubleName, codebase: Codebase) -> str:
    """Return the name that an installation gives the file, if it is one of both, else the usual one."""
    used = {double.usual[0].name, double.other[0].name}
    return next((name for name in canonical_names(double.path, codebase) if name in used), double.usual[0].name)


def _key(use: Use) -> tuple[str, int]:
    return use.importer, use.site.line


def _place(use: Use) -> Location:
    site = use.site
    return Location(use.importer, site.line, site.column, site.line, site.column)
