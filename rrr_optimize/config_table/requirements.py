"""`[tool.rrr-optimize.requirements]`: what must not be required, and what may differ."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from rrr_optimize.config import Ban, VersionException

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.config_table.values import Values

_EXCEPTIONS = "requirements.exceptions"
_BANNED = "requirements.banned"


def read_requirements(values: Values, key: str, value: Any) -> dict[str, Any]:
    """Return what the table says as keyword arguments for Settings."""
    found: dict[str, Any] = {}
    for name, entries in values.table(key, value).items():
        match name:
            case "banned":
                bans = (_read_ban(values, entry) for entry in values.entries(_BANNED, entries))
                found["banned"] = tuple(filter(None, bans))
            case "exceptions":
                exceptions = (_read_exception(values, entry) for entry in values.entries(_EXCEPTIONS, entries))
                found["exceptions"] = tuple(filter(None, exceptions))
            case _:
                values.unknown(name, ("banned", "exceptions"), "requirements.")
    _check_exceptions(values, found.get("exceptions", ()), found.get("banned", ()))
    return found


def _check_exceptions(values: Values, exceptions: Sequence[VersionException], bans: Sequence[Ban]) -> None:
    """Note each exception that clashes with another one or with a ban."""
    from packaging.specifiers import SpecifierSet

    seen: set[tuple[str, SpecifierSet, str]] = set()
    for item in exceptions:
        said = f"{_EXCEPTIONS}: {item.package}{item.specifier} in {item.where}"
        key = (item.package, SpecifierSet(item.specifier), item.where)
        if key in seen:
            values.mistakes.append(f"{said} is there twice; keep one, with one reason and one day")
        seen.add(key)
        if any(ban.package == item.package and not ban.specifier and ban.where in {"**", item.where} for ban in bans):
            values.mistakes.append(f"{said} is allowed and banned; take out one of the two")


def _read_ban(values: Values, entry: Any) -> Ban | None:
    table = {"package": entry} if isinstance(entry, str) else entry
    fields = _read_strings(values, _BANNED, table, ("package",), ("in", "reason"))
    if fields is None:
        return None
    parsed = _read_requirement(values, _BANNED, fields["package"])
    return parsed and Ban(*parsed, fields.get("in", "**"), fields.get("reason", ""))


def _read_exception(values: Values, entry: Any) -> VersionException | None:
    expires = entry.get("expires") if isinstance(entry, dict) else None
    if isinstance(expires, str):
        with suppress(ValueError):  # told below, with every other value that is not a date
            expires = dt.date.fromisoformat(expires)
    if expires is not None and (isinstance(expires, dt.datetime) or not isinstance(expires, dt.date)):
        values.wrong(f"{_EXCEPTIONS}.expires", expires, "a date such as 2027-01-31")
        return None
    table = {key: value for key, value in entry.items() if key != "expires"} if isinstance(entry, dict) else entry
    fields = _read_strings(values, _EXCEPTIONS, table, ("allow", "in", "reason"), ())
    if fields is None:
        return None
    parsed = _read_requirement(values, _EXCEPTIONS, fields["allow"])
    if parsed and not parsed[1]:
        said = f"allow = {fields['allow']!r} must name a version, such as 'jsii==1.129.0'"
        values.mistakes.append(f"{_EXCEPTIONS}: {said}")
        return None
    return parsed and VersionException(*parsed, fields["in"], fields["reason"], expires)


def _read_strings(
    values: Values, where: str, table: Any, required: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, str] | None:
    before = len(values.mistakes)
    # Every value is looked at, so that all mistakes of an entry are told at once.
    values.has_fields(where, table, required, optional)
    items = table.items() if isinstance(table, dict) else ()
    fields = {key: values.string(f"{where}.{key}", value) for key, value in items}
    return fields if len(values.mistakes) == before else None


def _read_requirement(values: Values, where: str, text: str) -> tuple[str, str] | None:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        values.mistakes.append(f"{where}: {text!r} is not a requirement such as 'numpy' or 'numpy<2'")
        return None
    said = (("extras", requirement.extras), ("a marker", requirement.marker), ("a URL", requirement.url))
    if more := [name for name, value in said if value]:
        message = f"{text!r} must be a name and a version only, without {' and '.join(more)}"
        values.mistakes.append(f"{where}: {message}")
        return None
    return canonicalize_name(requirement.name), str(requirement.specifier)
