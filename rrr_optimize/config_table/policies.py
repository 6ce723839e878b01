"""Policies in `[tool.rrr-optimize.unify]`: one for all requirements, and entries for some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rrr_optimize.config_table.values import suggest
from rrr_optimize.package_globs import canonical_glob
from rrr_optimize.unify_settings import Policy, PolicyEntry, PolicyName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.config_table.values import Values

_ARGUMENTS = {
    PolicyName.PINNED: ("a version", "pinned 2.2.0"),
    PolicyName.SNAP_TO: ("a project", "snap-to backtesting"),
}
# These are about some requirements; for all they would leave nothing to do.
_FOR_SOME_ONLY = frozenset({PolicyName.PINNED, PolicyName.BANNED, PolicyName.IGNORED, PolicyName.INTERNAL})
_LISTS = ("packages", "projects", "layers")
_SELECTORS = (*_LISTS, "in")


def read_policy(values: Values, key: str, value: Any) -> Policy:
    """Return the policy for every requirement, written as `highest` or `snap-to PROJECT`."""
    policy = _parse_policy(values, key, value)
    if policy.name in _FOR_SOME_ONLY:
        values.mistakes.append(f"{key!r} is for every package: say {str(policy)!r} of some, in 'unify.policies'")
    return policy


def _parse_policy(values: Values, key: str, value: Any, version: str = "") -> Policy:
    """Return a policy written as `highest`, `pinned 2.2.0` or `snap-to PROJECT`; `version` may stand apart."""
    text = values.string(key, value)
    if not text:
        return Policy()
    name, _, argument = text.strip().partition(" ")
    if name == "latest":
        values.mistakes.append(
            f"{key!r}: 'latest' needs a package index, which is not asked; 'highest' is the highest version that the"
            " repository names"
        )
    elif name not in set(PolicyName):
        known = [policy.value for policy in PolicyName]
        values.mistakes.append(f"{key!r} must be one of {', '.join(known)}, not {name!r}{suggest(name, known)}")
    else:
        return _complete(values, key, Policy(PolicyName(name), argument.strip()), version)
    return Policy()


def _complete(values: Values, key: str, policy: Policy, version: str) -> Policy:
    """Return a policy with what it needs beside its name, and nothing that it does not."""
    needs, example = _ARGUMENTS.get(policy.name, ("", ""))
    if version and policy.name is not PolicyName.PINNED:
        values.mistakes.append(f"{key!r}: 'version' is for 'pinned', not for {policy.name.value!r}")
    elif version and policy.argument not in {"", version}:
        values.mistakes.append(f"{key!r} names two versions, {policy.argument!r} and {version!r}")
    argument = policy.argument or (version if policy.name is PolicyName.PINNED else "")
    if needs and not argument:
        values.mistakes.append(f"{key!r}: {policy.name.value!r} needs {needs}, as in {example!r}")
    elif argument and not needs:
        values.mistakes.append(f"{key!r}: {policy.name.value!r} stands alone, without {argument!r}")
    elif policy.name is PolicyName.PINNED and not _is_version(argument):
        values.mistakes.append(f"{key!r}: {argument!r} is not a version such as '2.2.0'")
    return Policy(policy.name, argument)


def _is_version(text: str) -> bool:
    from packaging.version import InvalidVersion, Version

    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def read_entries(values: Values, key: str, value: Any) -> tuple[PolicyEntry, ...]:
    """Return the entries for some requirements; one that could never decide anything is a mistake."""
    entries: list[PolicyEntry] = []
    for number, table in enumerate(values.entries(key, value), start=1):
        where = f"{key}[{number}]"
        if not values.has_fields(where, table, ("policy",), (*_SELECTORS, "version")):
            continue
        lists = {name: values.strings(f"{where}.{name}", table[name]) for name in _LISTS if name in table}
        within = values.string(f"{where}.in", table["in"]) if "in" in table else ""
        version = values.string(f"{where}.version", table["version"]) if "version" in table else ""
        policy = _parse_policy(values, f"{where}.policy", table["policy"], version)
        if not any(name in table for name in _SELECTORS):
            values.mistakes.append(f"{where} is for every requirement: say {str(policy)!r} in 'unify.policy' instead")
        entry = PolicyEntry(policy, where=within, **lists)
        _check_reach(values, where, entry, entries)
        entries.append(entry)
    return tuple(entries)


def _check_reach(values: Values, where: str, entry: PolicyEntry, before: Sequence[PolicyEntry]) -> None:
    """Note an entry that never decides anything, because an earlier one matches all that it does."""
    for number, other in enumerate(before, start=1):
        if all(
            not wide or (narrow and set(narrow) <= set(wide))
            for wide, narrow in zip(_selectors(other), _selectors(entry), strict=True)
        ):
            values.mistakes.append(
                f"{where} ({entry.policy}) never decides: entry {number} ({other.policy}) matches the same"
                " requirements and comes first"
            )
            return


def _selectors(entry: PolicyEntry) -> tuple[tuple[str, ...], ...]:
    packages = tuple(canonical_glob(glob) for glob in entry.packages)
    everywhere = entry.where in {"", "**"}
    return () if "*" in packages else packages, entry.projects, () if everywhere else (entry.where,), entry.layers
