"""An import of the repository's own code that leads nowhere.

It fails with a ModuleNotFoundError or an ImportError as soon as it is reached, and with it everything that loads the
file. Often the module was renamed or moved, or was never committed.

    from src.monitoring.local_monitor import LocalMonitor     # src/monitoring/ has no local_monitor.py
    from .exceptions import DataError                         # exceptions.py defines no such name

Told only where the name is plainly the repository's own: a folder from which the file may import has the beginning of
it and other imports find things there, or a module of just that name stands elsewhere in the same project. The folders
are those of the file and of whoever loads it, the source roots, what pytest and PYTHONPATH add, and what statements put
on the search path; where one of them is known only at run time, nothing is said. Neither is anything said of modules
that a build makes, that git ignores or that are left out, of imports whose failure is caught or that only type checkers
see, of modules that make their names at run time, and of templates and test data. A name that nothing in the repository
resembles is taken for a requirement, declared or not: that is the business of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.imports.candidates import Candidates
from rrr_optimize.imports.import_sites import keep_parsable
from rrr_optimize.imports.unresolved import survey_of
from rrr_optimize.imports.wording import list_words
from rrr_optimize.model import Location, Related, Severity
from rrr_optimize.phrases import counted
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.imports.missing import Missing
    from rrr_optimize.model import Finding

RULE = get_rule("IMP006")
_MOST_RELATED = 10


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each module or name that is missing, at the first import that asks for it."""
    seen = list(survey_of(repository).missing())
    parsing = keep_parsable(repository.snapshot, repository.syntax, (each.path for each in seen))
    missing = [each for each in seen if each.path in parsing]
    candidates = Candidates(repository, missing)
    causes: dict[object, list[Missing]] = {}
    for each in missing:
        # All that is missing of one package that is not on the search path has one cause.
        root = each.elsewhere.partition(f"{each.names[0]}/")[0] if each.elsewhere else ""
        causes.setdefault((each.folder or each.holder, each.names, root), []).append(each)
    for imports in causes.values():
        yield _report(imports, candidates.suggest(imports[0]))


def _report(imports: Sequence[Missing], candidate: str) -> Finding:
    first, *others = imports
    message = _describe(first)
    if others:
        message += f"; {counted(len(others), 'other import')} of it"
    return RULE.finding(
        _place(first),
        message,
        f"{first.folder or first.elsewhere} {' '.join(first.names)}",
        why="It fails as soon as it is reached, and with it whatever loads the file.",
        hint=_advise(first, candidate),
        related=[Related(_place(each), str(each.site)) for each in others[:_MOST_RELATED]],
        severity=Severity.WARNING if first.elsewhere else None,
    )


def _describe(missing: Missing) -> str:
    site, names = missing.site, list_words(missing.names)
    if missing.elsewhere:
        return f"{site}: no folder on the search path has {names}"
    where = f"{missing.folder}/" if missing.folder != "." else "the root"
    if missing.holder and missing.names[0] in site.names:
        beside = f", and {where} no such module" if missing.folder else ""
        return f"{site}: {missing.holder} has no {names}{beside}"
    return f"{site}: {where if missing.folder else missing.holder} has no {names}"


def _advise(missing: Missing, candidate: str) -> str:
    if missing.elsewhere:
        return f"{candidate} has it: import it by a name that leads there"
    return f"{candidate}: was that meant?" if candidate else "add what is missing, or take the import out"


def _place(missing: Missing) -> Location:
    site = missing.site
    return Location(missing.path, site.line, site.column, site.line, site.column)
