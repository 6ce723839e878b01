"""A text names a module of the repository that is not there.

Nothing notices before the text is used: the container does not start, the health check always fails, the test fails
when it is run, the command that was installed cannot be loaded.

    CMD ["uvicorn", "src.api.main:app"]                       # there is no src/api/main.py
    @patch("src.monitoring.local_monitor.LocalMonitor")       # nor a local_monitor
    serve = "trading.cli:main"                                # [project.scripts]; cli.py defines no main

Looked at are targets of `mock.patch` and its like, `python -m`, `python -c` and servers in scripts, CI files,
Makefiles, Dockerfiles and Compose projects, and the entry points of pyproject.toml. Told only where the name is plainly
the repository's own and no folder at all has what it names; of an attribute only where its module cannot have it. What
is excused for imports (`unresolved-import`) is excused here as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.module_mentions import find_mentions
from rrr_optimize.imports.import_sites import keep_parsable, read_sites
from rrr_optimize.imports.set_apart import is_template, is_test_data
from rrr_optimize.imports.unresolved import survey_of
from rrr_optimize.imports.wording import list_words
from rrr_optimize.model import Location, Related
from rrr_optimize.phrases import counted
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.imports.missing import Missing
    from rrr_optimize.imports.unresolved import Survey
    from rrr_optimize.model import Finding

RULE = get_rule("IMP009")
_MOST_RELATED = 10
_MAKING = b"create=True"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each module or name that is missing, at the first text that names it."""
    survey = survey_of(repository)
    causes: dict[object, list[tuple[Location, str, Missing]]] = {}
    targets = list(_targeted(repository, survey))
    parsing = keep_parsable(repository.snapshot, repository.syntax, (location.path for location, _, _ in targets))
    targets = [each for each in targets if each[0].path in parsing]
    for location, shown, missing in (*_mentioned(repository, survey), *targets):
        causes.setdefault((missing.folder or missing.holder, missing.names), []).append((location, shown, missing))
    for texts in causes.values():
        yield _report(texts)


def _mentioned(repository: Repository, survey: Survey) -> Iterator[tuple[Location, str, Missing]]:
    seen: set[tuple[Location, str]] = set()
    for mention in find_mentions(repository.snapshot, repository.compose.projects):
        path = mention.location.path
        if is_template(path) or is_test_data(path) or (mention.location, mention.shown) in seen:
            continue
        seen.add((mention.location, mention.shown))
        if missing := survey.lacking(mention.module, mention.names):
            yield mention.location, mention.shown, missing


def _targeted(repository: Repository, survey: Survey) -> Iterator[tuple[Location, str, Missing]]:
    """Yield the targets of `mock.patch` and its like; only files with a text that names nothing are parsed."""
    codebase = repository.codebase
    for path, texts in sorted(codebase.texts.items()):
        if not path.endswith(".py") or is_template(path) or is_test_data(path):
            continue
        doubtful = {text.module for text in texts if text.is_text and survey.lacking_target(text.module)}
        if not doubtful or survey.is_about_importing(path) or _MAKING in (codebase.snapshot.peek(path) or b""):
            continue
        for site in read_sites(codebase.snapshot, path, doubtful):
            if site.is_target and site.module in doubtful and (missing := survey.lacking_target(site.module)):
                yield Location(path, site.line, site.column, site.line, site.column), str(site), missing


def _report(texts: Sequence[tuple[Location, str, Missing]]) -> Finding:
    (location, shown, missing), *others = texts
    message = f"{shown}: {_describe(missing)}"
    if others:
        message += f"; {counted(len(others), 'other text')} {'names' if len(others) == 1 else 'name'} it"
    return RULE.finding(
        location,
        message,
        f"{missing.folder or missing.holder} {' '.join(missing.names)}",
        why="It fails when it is used, and nothing notices before.",
        hint="name what is meant, or take the text out",
        related=[Related(where, text) for where, text, _ in others[:_MOST_RELATED]],
    )


def _describe(missing: Missing) -> str:
    names = list_words(missing.names)
    if missing.holder and not missing.folder:
        return f"{missing.holder} has no {names}"
    return f"{missing.folder}/ has no {names}" if missing.folder != "." else f"there is no {names}"
