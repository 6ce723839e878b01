"""Check a configuration table and turn it into Settings.

Every mistake is collected and told at once; a key that does not exist is an error with a suggestion.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from rrr_optimize.config import KNOWN_MINORS, Settings
from rrr_optimize.config_table.fix_imports import read_fix_imports
from rrr_optimize.config_table.requirements import read_requirements
from rrr_optimize.config_table.unify import read_unify
from rrr_optimize.config_table.values import Values, suggest
from rrr_optimize.errors import ConfigurationError
from rrr_optimize.model import Severity
from rrr_optimize.rules import RULES, get_rule, is_selector

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMPOSE_NUMBERS = ("max-connections", "default-pool")
_SEVERITIES = {severity.label: severity for severity in Severity}
# Tables whose keys are settings of their own.
_SPREAD = frozenset({"requirements", "compose"})


def read_settings(table: Mapping[str, Any], origin: str | None = None) -> Settings:
    """Return the settings of a parsed `[tool.rrr-optimize]` table. Raises ConfigurationError naming every mistake."""
    reader = _TableReader()
    found = reader.read(table)
    if mistakes := reader.values.mistakes:
        raise _error(origin or "the configuration", mistakes)
    return replace(Settings(origin=origin), **found)


def _error(origin: str, mistakes: list[str]) -> ConfigurationError:
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    lines = "".join(f"\n  - {mistake}" for mistake in mistakes)
    return ConfigurationError(f"{origin} has {count}:{lines}", "docs/configuration.md lists every key")


class _TableReader:
    """Turns a table into keyword arguments for Settings."""

    def __init__(self) -> None:
        self.values = values = Values()
        self._readers: dict[str, Callable[[str, Any], Any]] = {
            "select": self._selectors,
            "extend-select": self._selectors,
            "ignore": self._selectors,
            "per-file-ignores": self._per_file,
            "severity": self._severities,
            "fail-on": self._severity,
            "baseline": values.string,
            "projects": values.strings,
            "worktrees": values.strings,
            "exclude": values.strings,
            "untracked": values.boolean,
            "python-versions": self._pythons,
            "requirements": partial(read_requirements, values),
            "compose": self._compose,
            "unify": partial(read_unify, values),
            "fix-imports": partial(read_fix_imports, values),
            "verify": self._commands,
        }

    def read(self, table: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in table.items():
            if reader := self._readers.get(key):
                result = reader(key, value)
                found |= result if key in _SPREAD else {key.replace("-", "_"): result}
            else:
                self.values.unknown(key, self._readers)
        return found

    def _selectors(self, key: str, value: Any) -> tuple[str, ...]:
        selectors = self.values.strings(key, value)
        for selector in selectors:
            if not is_selector(selector):
                known = [known for rule in RULES for known in (rule.code, rule.name)]
                self.values.mistakes.append(f"{key!r} names no rule: {selector!r}{suggest(selector, known)}")
        return selectors

    def _per_file(self, key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        globs = self.values.table(key, value, "a table of path globs")
        return tuple((glob, self._selectors(f"{key}.{glob}", codes)) for glob, codes in globs.items())

    def _severity(self, key: str, value: Any) -> Severity:
        if isinstance(value, str) and value.lower() in _SEVERITIES:
            return _SEVERITIES[value.lower()]
        self.values.wrong(key, value, "'error', 'warning' or 'info'")
        return Severity.WARNING

    def _severities(self, key: str, value: Any) -> tuple[tuple[str, Severity], ...]:
        chosen = []
        for name, level in self.values.table(key, value, "a table of rules").items():
            try:
                code = get_rule(name).code
            except KeyError:
                if is_selector(name):
                    self.values.wrong(key, name, "one rule, by name")
                else:
                    self._selectors(key, [name])
                continue
            chosen.append((code, self._severity(f"{key}.{name}", level)))
        return tuple(chosen)

    def _pythons(self, key: str, value: Any) -> tuple[str, ...]:
        versions = self.values.strings(key, value)
        for version in versions:
            if not re.fullmatch(r"3\.\d{1,2}", version):
                self.values.wrong(key, version, "Python versions such as '3.11'")
            elif int(version.partition(".")[2]) not in KNOWN_MINORS:
                known = f"3.{KNOWN_MINORS[0]} to 3.{KNOWN_MINORS[-1]}"
                said = f"{key!r}: Python {version} is not among those that are compared, {known}"
                self.values.mistakes.append(said)
        return versions

    def _compose(self, key: str, value: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, number in self.values.table(key, value).items():
            if name in _COMPOSE_NUMBERS:
                found[name.replace("-", "_")] = self.values.number(f"compose.{name}", number, 1)
            else:
                self.values.unknown(name, _COMPOSE_NUMBERS, "compose.")
        return found

    def _commands(self, key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        commands = self.values.table(key, value, "a table of commands")
        for name, words in commands.items():
            if words == []:
                self.values.mistakes.append(f"'{key}.{name}' is empty; it must be a program and its arguments")
        return tuple((name, self.values.strings(f"{key}.{name}", words)) for name, words in commands.items())
