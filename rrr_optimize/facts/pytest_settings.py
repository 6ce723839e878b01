"""How pytest is set up below each folder: what it adds to the search path, what it collects, how it imports."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.command_kinds import EXECUTED
from rrr_optimize.facts.source_kinds import find_roles
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.toml_text import strings, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

_IMPORT_MODE = re.compile(r"--import-mode[= ](prepend|append|importlib)\b")
# The section of a tox.ini that holds options is no command.
_OPTIONS = re.compile(r"^\[pytest\](?:\n(?!\[).*)*", re.MULTILINE)
# In the order in which pytest looks (reference, "Configuration file formats"); the first that has a section wins.
_NAMES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
_SECTIONS = {"tox.ini": "pytest", "setup.cfg": "tool:pytest"}


@dataclass(frozen=True, slots=True)
class PytestSettings:
    """The settings of one `rootdir`, with paths relative to the root of the repository.

    `config` is the file that holds them, empty where there is none and the defaults of pytest hold.
    """

    rootdir: str = "."
    config: str = ""
    pythonpath: tuple[str, ...] = ()
    testpaths: tuple[str, ...] = ()
    import_mode: str = "prepend"
    python_files: tuple[str, ...] = ("test_*.py", "*_test.py")

    def may_collect(self, path: str) -> bool:
        """Return whether a file may be run as a test: also one that is called like one and has to be named."""
        return self.collects(path) or PytestSettings().collects(path)

    def collects(self, path: str) -> bool:
        """Return whether a file is collected by name; one in a folder that pytest is not told to look in counts too."""
        of_name, of_path = _patterns(self.python_files)
        return bool(of_name.fullmatch(posixpath.basename(path)) or of_path.fullmatch(path))


@cache
def _patterns(globs: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return one pattern for all globs of names and one for those with a slash, which are of paths."""
    written = [[fnmatch.translate(glob) for glob in globs if ("/" in glob) is is_path] for is_path in (False, True)]
    of_name, of_path = (re.compile("|".join(each) or r"(?!)") for each in written)
    return of_name, of_path


@dataclass(frozen=True, slots=True)
class PytestFacts:
    """The settings by `rootdir`; `told_modes` are the import modes that commands of the repository ask for."""

    by_folder: Mapping[str, PytestSettings] = field(default_factory=dict)
    told_modes: tuple[str, ...] = ()

    def around(self, path: str) -> tuple[PytestSettings, ...]:
        """Return the settings under which a file may be collected: those of the nearest folder, then of the root.

        The same with the import modes that commands ask for come last.
        """
        folder, found = posixpath.dirname(path), []
        while folder:
            if folder in self.by_folder:
                found.append(self.by_folder[folder])
                break
            folder = posixpath.dirname(folder)
        found.append(self.by_folder.get(".", PytestSettings()))
        return (*found, *(replace(each, import_mode=mode) for mode in self.told_modes for each in found))


def read_pytest_facts(snapshot: Snapshot) -> PytestFacts:
    """Return the settings of every folder that holds some; a file that cannot be read holds none."""
    found: dict[str, PytestSettings] = {}
    for name in _NAMES:
        for path in snapshot.files_named(name):
            folder = posixpath.dirname(path) or "."
            source = snapshot.text(path) if folder not in found else None
            if source is not None and "pytest" in name + source.text:
                settings = read_pytest_settings(source)
                if settings is not None:
                    found[folder] = settings
    return PytestFacts(found, tuple(sorted(_told_modes(snapshot))))


def _told_modes(snapshot: Snapshot) -> set[str]:
    """Return the import modes on the command lines of scripts, Makefiles, CI files, images and tox."""
    sources = (snapshot.text(path) for path, role in find_roles(snapshot.files) if role in EXECUTED)
    return {mode for source in sources if source for mode in _IMPORT_MODE.findall(_OPTIONS.sub("", source.text))}


def read_pytest_settings(source: SourceText) -> PytestSettings | None:
    """Return the settings that a configuration file holds, or None where it has none or cannot be read."""
    name = posixpath.basename(source.path)
    try:
        options = _read_toml(source) if name.endswith(".toml") else _read_ini(source, _SECTIONS.get(name, "pytest"))
    except UnreadableError:
        return None
    if options is None:
        # An empty pytest.ini still makes its folder the rootdir.
        return _settings(source.path, {}) if name.lstrip(".") in {"pytest.ini", "pytest.toml"} else None
    return _settings(source.path, options)


def _read_toml(source: SourceText) -> Mapping[str, Any] | None:
    from rrr_optimize.formats.toml_spans import read_toml

    data = read_toml(source).data
    if posixpath.basename(source.path).lstrip(".") == "pytest.toml":
        return table(data, "pytest") or None
    return table(data, "tool", "pytest", "ini_options") or table(data, "tool", "pytest") or None


def _read_ini(source: SourceText, section: str) -> Mapping[str, Any] | None:
    from rrr_optimize.formats.ini_lines import read_ini

    ini = read_ini(source)
    if section not in ini.sections:
        return None
    return {key: option.text for key, option in ini.sections[section].options.items()}


def _settings(config: str, options: Mapping[str, Any]) -> PytestSettings:
    folder = posixpath.dirname(config) or "."
    plain = PytestSettings()
    mode = _IMPORT_MODE.search(" ".join(_words(options.get("addopts"))))
    return PytestSettings(
        folder,
        config,
        tuple(_below(folder, _words(options.get("pythonpath")))),
        tuple(_below(folder, _words(options.get("testpaths")))),
        mode[1] if mode else plain.import_mode,
        tuple(_words(options.get("python_files"))) or plain.python_files,
    )


def _words(value: Any) -> Sequence[str]:
    return value.split() if isinstance(value, str) else strings(value)


def _below(folder: str, paths: Sequence[str]) -> Iterator[str]:
    return (posixpath.normpath(posixpath.join(folder, path)) for path in paths)
