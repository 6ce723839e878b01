"""Check a configuration table and turn it into Settings.

Every mistake is collected and told at once; a key that does not exist is an error with a suggestion.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rrr_optimize.config import KNOWN_MINORS, Ban, Settings, VersionException
from rrr_optimize.errors import ConfigurationError
from rrr_optimize.model import Severity
from rrr_optimize.rules import RULES, get_rule, is_selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_COMPOSE_NUMBERS = ("max-connections", "default-pool")
_SEVERITIES = {severity.label: severity for severity in Severity}


def read_settings(table: Mapping[str, Any], origin: str | None = None) -> Settings:
    """Return the settings of a parsed `[tool.rrr-optimize]` table. Raises ConfigurationError naming every mistake."""
    reader = _TableReader()
    values = reader.read(table)
    if reader.mistakes:
        raise _error(origin or "the configuration", reader.mistakes)
    return replace(Settings(origin=origin), **values)


def _error(origin: str, mistakes: list[str]) -> ConfigurationError:
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    lines = "".join(f"\n  - {mistake}" for mistake in mistakes)
    return ConfigurationError(f"{origin} has {count}:{lines}", "docs/configuration.md lists every key")


class _TableReader:
    """Turns a table into keyword arguments for Settings and remembers every mistake."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self._readers: dict[str, Callable[[str, Any], Any]] = {
            "select": self._selectors,
            "extend-select": self._selectors,
            "ignore": self._selectors,
            "per-file-ignores": self._per_file,
            "severity": self._severities,
            "fail-on": self._severity,
            "baseline": self._string,
            "projects": self._strings,
            "worktrees": self._strings,
            "exclude": self._strings,
            "untracked": self._boolean,
            "python-versions": self._pythons,
            "requirements": self._requirements,
            "compose": self._compose,
            "verify": self._commands,
        }

    def read(self, table: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in table.items():
            if reader := self._readers.get(key):
                result = reader(key, value)
                values |= result if key in {"requirements", "compose"} else {key.replace("-", "_"): result}
            else:
                self._unknown(key, self._readers)
        return values

    def _unknown(self, key: str, known: Iterable[str], within: str = "") -> None:
        close = difflib.get_close_matches(key.replace("_", "-"), known, 1)
        suggestion = f"; did you mean {close[0]!r}?" if close else ""
        self.mistakes.append(f"unknown key {within}{key!r}{suggestion}")

    def _wrong(self, key: str, value: Any, wanted: str) -> None:
        self.mistakes.append(f"{key!r} must be {wanted}, not {_describe(value)}")

    def _string(self, key: str, value: Any) -> str:
        if isinstance(value, str) and value:
            return value
        self._wrong(key, value, "a string")
        return ""

    def _boolean(self, key: str, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        self._wrong(key, value, "true or false")
        return True

    def _strings(self, key: str, value: Any) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self._wrong(key, value, "a list of strings")
        return ()

    def _selectors(self, key: str, value: Any) -> tuple[str, ...]:
        selectors = self._strings(key, value)
        for selector in selectors:
            if not is_selector(selector):
                known = [known for rule in RULES for known in (rule.code, rule.name)]
                close = difflib.get_close_matches(selector, known, 1)
                suggestion = f"; did you mean {close[0]!r}?" if close else ""
                self.mistakes.append(f"{key!r} names no rule: {selector!r}{suggestion}")
        return selectors

    def _per_file(self, key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(value, dict):
            self._wrong(key, value, "a table of path globs")
            return ()
        return tuple((glob, self._selectors(f"{key}.{glob}", codes)) for glob, codes in value.items())

    def _severity(self, key: str, value: Any) -> Severity:
        if isinstance(value, str) and value.lower() in _SEVERITIES:
            return _SEVERITIES[value.lower()]
        self._wrong(key, value, "'error', 'warning' or 'info'")
        return Severity.WARNING

    def _severities(self, key: str, value: Any) -> tuple[tuple[str, Severity], ...]:
        if not isinstance(value, dict):
            self._wrong(key, value, "a table of rules")
            return ()
        chosen = []
        for name, level in value.items():
            try:
                code = get_rule(name).code
            except KeyError:
                self._selectors(key, [name]) if not is_selector(name) else self._wrong(key, name, "one rule, by name")
                continue
            chosen.append((code, self._severity(f"{key}.{name}", level)))
        return tuple(chosen)

    def _pythons(self, key: str, value: Any) -> tuple[str, ...]:
        versions = self._strings(key, value)
        for version in versions:
            if not re.fullmatch(r"3\.\d{1,2}", version):
                self._wrong(key, version, "Python versions such as '3.11'")
            elif int(version.partition(".")[2]) not in KNOWN_MINORS:
                known = f"3.{KNOWN_MINORS[0]} to 3.{KNOWN_MINORS[-1]}"
                self.mistakes.append(f"{key!r}: Python {version} is not among those that are compared, {known}")
        return versions

    def _requirements(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._wrong(key, value, "a table")
            return {}
        values: dict[str, Any] = {}
        for name, entries in value.items():
            match name:
                case "banned":
                    values["banned"] = tuple(filter(None, (self._ban(entry) for entry in self._entries(name, entries))))
                case "exceptions":
                    found = (self._exception(entry) for entry in self._entries(name, entries))
                    values["exceptions"] = tuple(filter(None, found))
                case _:
                    self._unknown(name, ("banned", "exceptions"), "requirements.")
        return values

    def _compose(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._wrong(key, value, "a table")
            return {}
        values: dict[str, Any] = {}
        for name, number in value.items():
            if name not in _COMPOSE_NUMBERS:
                self._unknown(name, _COMPOSE_NUMBERS, "compose.")
            elif isinstance(number, bool) or not isinstance(number, int) or number < 1:
                self._wrong(f"compose.{name}", number, "a number from 1 on")
            else:
                values[name.replace("-", "_")] = number
        return values

    def _commands(self, key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(value, dict):
            self._wrong(key, value, "a table of commands")
            return ()
        for name, words in value.items():
            if words == []:
                self.mistakes.append(f"'{key}.{name}' is empty; it must be a program and its arguments")
        return tuple((name, self._strings(f"{key}.{name}", words)) for name, words in value.items())

    def _entries(self, key: str, value: Any) -> list[Any]:
        if isinstance(value, list):
            return value
        self._wrong(f"requirements.{key}", value, "a list")
        return []

    def _ban(self, entry: Any) -> Ban | None:
        table = {"package": entry} if isinstance(entry, str) else entry
        fields = self._fields("requirements.banned", table, ("package",), ("in", "reason"))
        if fields is None:
            return None
        parsed = self._requirement("requirements.banned", fields["package"])
        return parsed and Ban(*parsed, fields.get("in", "**"), fields.get("reason", ""))

    def _exception(self, entry: Any) -> VersionException | None:
        where = "requirements.exceptions"
        expires = entry.get("expires") if isinstance(entry, dict) else None
        if isinstance(expires, str):
            with suppress(ValueError):  # told below, with every other value that is not a date
                expires = dt.date.fromisoformat(expires)
        if expires is not None and (isinstance(expires, dt.datetime) or not isinstance(expires, dt.date)):
            self._wrong(f"{where}.expires", expires, "a date such as 2027-01-31")
            return None
        table = {key: value for key, value in entry.items() if key != "expires"} if isinstance(entry, dict) else entry
        fields = self._fields(where, table, ("allow", "in", "reason"), ())
        if fields is None:
            return None
        parsed = self._requirement(where, fields["allow"])
        if parsed and not parsed[1]:
            self.mistakes.append(f"{where}: allow = {fields['allow']!r} must name a version, such as 'jsii==1.129.0'")
            return None
        return parsed and VersionException(*parsed, fields["in"], fields["reason"], expires)

    def _fields(
        self, where: str, table: Any, required: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, str] | None:
        if not isinstance(table, dict):
            self._wrong(where, table, "a list of tables")
            return None
        before = len(self.mistakes)
        for key in table:
            if key not in required + optional:
                self._unknown(key, required + optional, f"{where}.")
        for key in required:
            if key not in table:
                self.mistakes.append(f"{where}: an entry lacks {key!r}")
        fields = {key: self._string(f"{where}.{key}", value) for key, value in table.items()}
        return fields if len(self.mistakes) == before else None

    def _requirement(self, where: str, text: str) -> tuple[str, str] | None:
        from packaging.requirements import InvalidRequirement, Requirement
        from packaging.utils import canonicalize_name

        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            self.mistakes.append(f"{where}: {text!r} is not a requirement such as 'numpy' or 'numpy<2'")
            return None
        said = (("extras", requirement.extras), ("a marker", requirement.marker), ("a URL", requirement.url))
        if more := [name for name, value in said if value]:
            self.mistakes.append(f"{where}: {text!r} must be a name and a version only, without {' and '.join(more)}")
            return None
        return canonicalize_name(requirement.name), str(requirement.specifier)


def _describe(value: Any) -> str:
    return f"{value!r}" if isinstance(value, str | int | float | bool) else f"a {type(value).__name__}"
