"""Requirements in setup.cfg and setup.py, by what is written there literally."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import (
    Declaration,
    Include,
    Kind,
    Layer,
    Problem,
    ProblemKind,
    Scope,
    Source,
    declare,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.formats.ini_lines import IniFile
    from rrr_optimize.formats.placed_text import PlacedText
    from rrr_optimize.formats.setup_script import SetupFacts
    from rrr_optimize.model import Project
    from rrr_optimize.source import SourceText

_COMMENT = re.compile(r"(?:^|\s+)#.*")
_FILE_DIRECTIVE = re.compile(r"^file:\s*(?P<names>.+)$")
_LISTS_OF_REQUIREMENTS = frozenset({"install_requires", "setup_requires", "tests_require", "extras_require"})


def read_setup_cfg(source: SourceText, ini: IniFile, project: Project) -> Source:
    """Return the requirements of a setup.cfg as setuptools reads them; `file:` values are includes."""
    lists: list[tuple[Layer, str, tuple[PlacedText, ...]]] = []
    for key, layer in (
        ("install_requires", Layer.RUNTIME),
        ("setup_requires", Layer.BUILD),
        ("tests_require", Layer.TEST),
    ):
        if option := ini.option("options", key):
            lists.append((layer, "", option.lines))
    if extras := ini.sections.get("options.extras_require"):
        lists += [(Layer.EXTRA, option.key.text, option.lines) for option in extras.options.values()]
    declarations: list[Declaration] = []
    problems: list[Problem] = []
    includes: list[Include] = []
    for layer, name, lines in lists:
        for line in lines:
            scope = Scope(project, layer, name)
            if directive := _FILE_DIRECTIVE.match(line.text):
                includes += _files(source, line, directive["names"], scope)
            elif text := _COMMENT.sub("", line.text):
                _add(declare(text, source.locate(line.span), scope, Kind.SETUP_CFG), declarations, problems)
    return Source(source.path, Kind.SETUP_CFG, project, tuple(declarations), tuple(includes), tuple(problems))


def read_setup_py(source: SourceText, setup: SetupFacts, project: Project) -> Source:
    """Return the literal requirements of a setup.py; whatever is computed becomes a problem, never a guess."""
    declarations: list[Declaration] = []
    problems: list[Problem] = []
    for layer, name, marker, texts in _literal_lists(setup):
        for text in texts:
            # A list may hold several requirements in one string, one on each line.
            for line in filter(None, (part.strip() for part in text.text.splitlines())):
                if not line.startswith("#"):
                    written = _with_marker(line, marker)
                    found = declare(written, source.locate(text.span), Scope(project, layer, name), Kind.SETUP_PY)
                    _add(found, declarations, problems)
    for dynamic in setup.dynamic:
        if dynamic.what.partition("[")[0] in _LISTS_OF_REQUIREMENTS:
            location = source.locate(dynamic.span)
            message = f"{dynamic.what} is not statically known: {dynamic.reason}"
            problems.append(Problem(ProblemKind.DYNAMIC, location, message, dynamic.what))
    return Source(source.path, Kind.SETUP_PY, project, tuple(declarations), (), tuple(problems))


def _literal_lists(setup: SetupFacts) -> Iterator[tuple[Layer, str, str, Iterable[PlacedText]]]:
    yield Layer.RUNTIME, "", "", setup.install_requires
    yield Layer.BUILD, "", "", setup.setup_requires
    yield Layer.TEST, "", "", setup.tests_require
    for extra in setup.extras_require:
        # setuptools reads "name:marker" in the key of an extra.
        name, _, marker = extra.name.text.partition(":")
        yield (Layer.EXTRA if name else Layer.RUNTIME), name, marker.strip(), extra.requirements


def _with_marker(requirement: str, marker: str) -> str:
    if not marker:
        return requirement
    body, semicolon, own = requirement.rpartition(";")
    return f"{body}; ({own}) and ({marker})" if semicolon else f"{requirement}; {marker}"


def _files(source: SourceText, line: PlacedText, names: str, scope: Scope) -> Iterator[Include]:
    for name in re.split(r"\s*,\s*", names.strip()):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), name))
        yield Include(target, constraint=False, location=source.locate(line.span), scope=scope)


def _add(found: Declaration | Problem, declarations: list[Declaration], problems: list[Problem]) -> None:
    if isinstance(found, Declaration):
        declarations.append(found)
    else:
        problems.append(found)
