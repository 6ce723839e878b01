"""All the ways in which a file may be entered or loaded that a judgement about it has to look at."""

from __future__ import annotations

import posixpath
from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import INIT
from rrr_optimize.formats.python_commands import Starter
from rrr_optimize.imports.entries import as_imported, as_module, as_script, as_served, as_tests
from rrr_optimize.imports.nearness import shared_folders
from rrr_optimize.imports.program import Mode
from rrr_optimize.imports.search_path import folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.pytest_settings import PytestSettings
    from rrr_optimize.imports.program import Program

_CONFTEST = "conftest.py"
_AROUND_TESTS = (_CONFTEST, f"{INIT}.py")
_MOST_CALLERS = 60
_MOST_TESTS = 200


@dataclass(frozen=True, slots=True)
class Ways:
    """The programs that load a file, the usual one first, and whether there are more than were looked at.

    `is_known` tells that something loads the file, starts it, or that it does something when it is started.
    """

    programs: tuple[Program, ...]
    is_cut: bool = False
    is_known: bool = True


def find_ways(path: str, codebase: Codebase, offered: Collection[str] = ()) -> Ways:
    """Return the programs that enter a file, or a file that loads it, directly or through others.

    Every file can be run as a script; one whose path is a name also by `-m` from the root; a test file by pytest. What
    documents, configuration and other scripts start counts as they start it. `offered` are the names that a statement
    of the file makes importable: tests that import one of them and run in the same session are part of it.
    """
    loading, is_cut = _closure(path, codebase)
    programs: list[Program] = []
    inside: list[Program] = []
    for each in loading:
        programs += _entries(each, codebase, is_own=each == path)
        programs += _loading_sessions(each, codebase, offered) if each != path and _is_test(each, codebase) else ()
        inside += _inside(each, codebase)
    is_cut = is_cut or len(inside) > _MOST_CALLERS
    programs += inside[:_MOST_CALLERS]
    if _is_test(path, codebase):
        sessions = list(_sessions(path, codebase, offered))
        is_first = posixpath.basename(path) == _CONFTEST or _is_collected(path, codebase)
        programs = [*sessions, *programs] if is_first else [*programs, *sessions]
    bare = list(dict.fromkeys(_sort(programs, path)))
    file = codebase.files.read(path)
    is_cut = is_cut or any(len(program.loads) >= _MOST_TESTS for program in programs)
    is_known = len(loading) > 1 or bool(inside) or _is_test(path, codebase) or any(program.is_shown for program in bare)
    return Ways((*bare, *_installed(bare, codebase)), is_cut, is_known or (file is not None and file.imports.acts))


def _installed(programs: list[Program], codebase: Codebase) -> Iterator[Program]:
    """Yield the same programs where the projects are installed: their source roots are then behind all else."""
    behind = tuple(dict.fromkeys(folder(root.folder) for root in codebase.roots))
    for program in programs:
        if behind and program.mode is not Mode.IMPORT:
            yield replace(program, path=(*program.path, *behind), is_shown=False, is_installed=True)


def _sort(programs: list[Program], path: str) -> list[Program]:
    """Return the programs with those first that are written down for the file itself, the most frequent first."""
    counts = Counter(each for each in programs if each.is_shown and each.loads[-1].path == path)
    return sorted(programs, key=lambda each: -counts[each])


def _closure(path: str, codebase: Codebase) -> tuple[list[str], bool]:
    """Return the files that load a file, itself first, and whether there are more; the nearest are looked at first."""
    found = {path: None}
    waiting = deque([path])
    while waiting:
        for other in sorted(codebase.importers(waiting.popleft()), key=lambda other: -shared_folders(path, other)):
            if other not in found:
                found[other] = None
                waiting.append(other)
            if len(found) > _MOST_CALLERS:
                return list(found), True
    return list(found), False


def _entries(path: str, codebase: Codebase, *, is_own: bool) -> Iterator[Program]:
    file = codebase.files.read(path)
    if file is None:
        return
    is_test = _is_test(path, codebase)
    shown = list(_shown(path, codebase))
    yield from shown
    if posixpath.basename(path) == _CONFTEST:
        return
    if is_own or file.imports.has_main or path.endswith(".ipynb") or not (is_test or codebase.importers(path)):
        for directory in codebase.directories or _usual_directories(path, file.statements):
            yield as_script(path, directory)
        yield from _modules(path, codebase, is_own=is_own)
    if is_test and not is_own:
        for settings in dict.fromkeys(codebase.pytest.around(path)):
            yield as_tests([path], settings, codebase.index)


def _modules(path: str, codebase: Codebase, *, is_own: bool) -> Iterator[Program]:
    """Yield a file as it is started by its name; beside the file another one begins as the script does."""
    for directory in codebase.directories or (".",):
        program = as_module(path, codebase.index, directory)
        if program is not None and (is_own or directory != (posixpath.dirname(path) or ".")):
            yield program


def _inside(path: str, codebase: Codebase) -> Iterator[Program]:
    """Yield the programs and tests inside a package: they load its `__init__.py` without an import that names it."""
    if posixpath.basename(path) != f"{INIT}.py" or "/" not in path:
        return
    for other in codebase.snapshot.files_below(posixpath.dirname(path)):
        file = codebase.files.read(other) if other.endswith(".py") and other != path else None
        if file is None:
            continue
        if file.imports.has_main or posixpath.basename(other) == "__main__.py":
            for directory in codebase.directories or (".",):
                if program := as_module(other, codebase.index, directory):
                    yield program
        if _is_test(other, codebase):
            for settings in dict.fromkeys(codebase.pytest.around(other)):
                yield as_tests([other], settings, codebase.index)


def _usual_directories(path: str, statements: object) -> tuple[str, ...]:
    """Return where a script is started: in the root, and beside its file where the working directory matters."""
    own = posixpath.dirname(path) or "."
    return (".", own) if own != "." and statements else (".",)


def _shown(path: str, codebase: Codebase) -> Iterator[Program]:
    for each in codebase.invocations:
        if each.path != path:
            continue
        environment = tuple(folder(entry) for entry in each.pythonpath)
        program: Program | None = None
        match each.starter:
            case Starter.SCRIPT:
                program = as_script(path, each.directory, environment=environment)
            case Starter.MODULE:
                program = as_module(path, codebase.index, each.directory, environment=environment, module=each.module)
            case Starter.CONSOLE:
                program = as_imported(path, each.directory, codebase.index, environment=environment)
            case Starter.SERVER:
                program = as_served(path, each.directory, codebase.index, environment=environment, module=each.module)
            case Starter.PYTEST:
                pass
        if program is not None:
            yield replace(program, is_shown=True)


def _is_test(path: str, codebase: Codebase) -> bool:
    return posixpath.basename(path) == _CONFTEST or any(each.may_collect(path) for each in codebase.pytest.around(path))


def _is_collected(path: str, codebase: Codebase) -> bool:
    """Tell whether pytest collects a file when it is told nothing: it is a test by name, and in `testpaths`."""
    settings = codebase.pytest.around(path)[0]
    return settings.collects(path) and _is_inside(path, settings)


def _sessions(path: str, codebase: Codebase, offered: Iterable[str]) -> Iterator[Program]:
    for settings in dict.fromkeys(codebase.pytest.around(path)):
        others = [
            other
            for other in codebase.files_with(offered)
            if other != path and settings.may_collect(other) and _runs_with(other, path, settings)
        ]
        if posixpath.basename(path) == _CONFTEST:
            own = posixpath.dirname(path) or "."
            tests = [other for other in others if _is_below(other, own)] or _first_test(own, settings, codebase)
        else:
            tests = [path]
        tests = tests or [path, *_first_conftests(settings, codebase)]
        yield as_tests(tests[:_MOST_TESTS], settings, codebase.index)
        yield as_tests(tests[:_MOST_TESTS], settings, codebase.index, directory=settings.rootdir)
        session = sorted({*tests, *others})[:_MOST_TESTS]
        if session != tests:
            yield as_tests(session, settings, codebase.index)


def _loading_sessions(path: str, codebase: Codebase, offered: Iterable[str]) -> Iterator[Program]:
    """Yield the sessions around a test file or conftest.py that loads something which serves other tests as well."""
    is_conftest = posixpath.basename(path) == _CONFTEST
    for program in _sessions(path, codebase, offered):
        others = (load for load in program.loads if load.path != path and not load.path.endswith(_AROUND_TESTS))
        if is_conftest or any(others):
            yield program


def _runs_with(other: str, path: str, settings: PytestSettings) -> bool:
    """Tell whether one command is likely to collect both: what pytest does when it is told nothing, or one folder."""
    if _is_inside(path, settings):
        return _is_inside(other, settings)
    return posixpath.dirname(other) == posixpath.dirname(path)


def _is_inside(path: str, settings: PytestSettings) -> bool:
    places = settings.testpaths or (settings.rootdir,)
    return any(_is_below(path, place) or path == place for place in places)


def _first_test(own: str, settings: PytestSettings, codebase: Codebase) -> list[str]:
    below = codebase.snapshot.files_below(own)
    return [path for path in below if path.endswith(".py") and settings.may_collect(path)][:1]


def _first_conftests(settings: PytestSettings, codebase: Codebase) -> list[str]:
    """Return the conftest.py files in the folders `test*` of the rootdir: pytest loads them before it collects."""
    prefix = "" if settings.rootdir == "." else f"{settings.rootdir}/"
    names = (path for path in codebase.snapshot.files_named(_CONFTEST) if path.startswith(f"{prefix}test"))
    return [path for path in names if path.removeprefix(prefix).count("/") == 1]


def _is_below(path: str, where: str) -> bool:
    return where == "." or path.startswith(f"{where}/")
