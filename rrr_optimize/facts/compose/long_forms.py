"""The rewrites from the short forms of a Compose file to its long ones, by the key that they stand under."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.facts.compose.pairs import Rewrite, pairs, write_hosts
from rrr_optimize.facts.compose.sequences import drop_repeated
from rrr_optimize.formats.compose_short_forms import ShortFormError, read_device, read_ports, read_volume
from rrr_optimize.formats.compose_words import split_command
from rrr_optimize.formats.yaml_values import Data, Value

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.canonical import Canonical


def from_plain(data: object, at: Value) -> Value:
    """Return plain data as a value that stands where another one does."""
    if isinstance(data, dict):
        made: Data = {key: from_plain(item, at) for key, item in data.items()}
    else:
        made = data if isinstance(data, str | int | float | bool) else None
    return Value(made, at.place, at.key, unset=at.unset)


def _listed(canonical: Canonical, value: Value) -> Value:
    del canonical
    return value if isinstance(value.data, dict | list) or value.data is None else value.with_data([value])


def _command(canonical: Canonical, value: Value) -> Value:
    del canonical
    if isinstance(value.data, dict | list) or value.data is None:
        return value
    return value.with_data([value.with_data(word) for word in split_command(value.text)])


def _test(canonical: Canonical, value: Value) -> Value:
    if not isinstance(value.data, dict) or "test" not in value.data:
        return value
    test = value.data["test"]
    made = test.with_data([test.with_data("CMD-SHELL"), test]) if isinstance(test.data, str) else test
    del canonical
    return value.with_data({**value.data, "test": made})


def _names(canonical: Canonical, value: Value) -> Value:
    del canonical
    if isinstance(value.data, list):
        return value.with_data({item.text: Value(None, item.place, item.place) for item in value.data})
    return value


def _memberships(canonical: Canonical, value: Value) -> Value:
    named = _names(canonical, value)
    if not isinstance(named.data, dict):
        return named
    return named.with_data({name: _drop_repeated_aliases(item) for name, item in named.data.items()})


def _drop_repeated_aliases(membership: Value) -> Value:
    aliases = membership.get("aliases")
    if aliases is None or not isinstance(aliases.data, list):
        return membership
    kept = drop_repeated(("services", "*", "networks", "*", "aliases"), aliases.data)
    return membership.with_data({**membership.mapping, "aliases": aliases.with_data(kept)})


def _dependencies(canonical: Canonical, value: Value) -> Value:
    del canonical
    if not isinstance(value.data, list):
        return value
    return value.with_data(
        {
            item.text: Value(
                {"condition": item.with_data("service_started"), "required": item.with_data(data=True)},
                item.place,
                item.place,
            )
            for item in value.data
        }
    )


def _env_files(canonical: Canonical, value: Value) -> Value:
    found: list[Value] = []
    for item in _listed(canonical, value).items:
        entries = dict(item.mapping) or {"path": item}
        if "path" in entries:
            entries["path"] = canonical.path(entries["path"])
        found.append(item.with_data(entries))
    return value.with_data(found)


def _label_files(canonical: Canonical, value: Value) -> Value:
    return value.with_data([canonical.path(item) for item in _listed(canonical, value).items])


def _ports(canonical: Canonical, value: Value) -> Value:
    if not isinstance(value.data, list):
        return value
    found: list[Value] = []
    for item in value.data:
        if isinstance(item.data, dict):
            defaults = {"mode": item.with_data("ingress"), "protocol": item.with_data("tcp")}
            found.append(item.with_data({**defaults, **item.data}))
            continue
        try:
            found += [from_plain(port, item) for port in read_ports(item.text)]
        except ShortFormError as error:
            canonical.problems.add("short-form", item.place, str(error), item.text)
    return value.with_data(found)


def _volumes(canonical: Canonical, value: Value) -> Value:
    return value.with_data([_volume(canonical, item) for item in value.items])


def _volume(canonical: Canonical, value: Value) -> Value:
    mount = canonical.long_form(value, read_volume)
    entries = dict(mount.mapping)
    if not entries:
        return mount
    if "target" in entries and entries["target"].text:
        entries["target"] = entries["target"].with_data(_clean(entries["target"].text))
    if "type" in entries and entries["type"].text == "bind" and "source" in entries:
        entries["source"] = canonical.path(entries["source"])
    return mount.with_data(entries)


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _devices(canonical: Canonical, value: Value) -> Value:
    return value.with_data([canonical.long_form(item, read_device) for item in value.items])


def _mounts(prefix: str) -> Rewrite:
    def rewrite(canonical: Canonical, value: Value) -> Value:
        del canonical
        found: list[Value] = []
        for item in value.items:
            entries = dict(item.mapping) or {"source": item}
            if prefix and "target" not in entries and "source" in entries:
                entries["target"] = item.with_data(f"{prefix}{entries['source'].text}")
            if "mode" in entries:
                entries["mode"] = _file_mode(entries["mode"])
            found.append(item.with_data(entries))
        return value.with_data(found)

    return rewrite


def _file_mode(value: Value) -> Value:
    """Return permissions as Compose writes them: in octal, a number as its value and a text by its octal digits."""
    if isinstance(value.data, int) and not isinstance(value.data, bool):
        return value.with_data(f"0{value.data:o}")
    is_octal = isinstance(value.data, str) and re.fullmatch(r"[0-7]+", value.data)
    return value.with_data(f"0{value.text.lstrip('0')}") if is_octal else value


def _texts(canonical: Canonical, value: Value) -> Value:
    del canonical
    return value.with_data([item.with_data(item.text) for item in value.items])


def _extends(canonical: Canonical, value: Value) -> Value:
    if not isinstance(value.data, dict):
        return value.with_data({"service": value})
    entries = dict(value.data)
    if "file" in entries:
        entries["file"] = canonical.path(entries["file"])
    return value.with_data(entries)


def _build(canonical: Canonical, value: Value) -> Value:
    if isinstance(value.data, str):
        return value.with_data({"context": canonical.context(value)})
    if not isinstance(value.data, dict):
        return value
    entries = dict(value.data)
    for key, rewrite in _BUILD.items():
        if key in entries:
            entries[key] = rewrite(canonical, entries[key])
    return value.with_data(entries)


def _additional_contexts(canonical: Canonical, value: Value) -> Value:
    made = pairs(empty="")(canonical, value)
    return made.with_data({key: canonical.context(item) for key, item in made.mapping.items()})


def _within(key: str, rewrite: Rewrite) -> Rewrite:
    def rewritten(canonical: Canonical, value: Value) -> Value:
        inner = value.mapping.get(key)
        return value.with_data({**value.mapping, key: rewrite(canonical, inner)}) if inner else value

    return rewritten


def _watches(canonical: Canonical, value: Value) -> Value:
    found: list[Value] = []
    for item in value.items:
        path = item.get("path")
        found.append(item.with_data({**item.mapping, "path": canonical.path(path)}) if path else item)
    return value.with_data(found)


def _gpus(canonical: Canonical, value: Value) -> Value:
    del canonical
    return value.with_data([value.with_data({"count": value.with_data(-1)})]) if value.text == "all" else value


def _file(canonical: Canonical, value: Value) -> Value:
    return canonical.path(value)


def _context(canonical: Canonical, value: Value) -> Value:
    return canonical.context(value)


_LABELS = pairs(empty="")
_VARIABLES = pairs(empty=None)
_BUILD: dict[str, Rewrite] = {
    "context": _context,
    "args": _VARIABLES,
    "labels": _LABELS,
    "additional_contexts": _additional_contexts,
    "extra_hosts": write_hosts,
    "secrets": _mounts(""),
    "ssh": pairs(empty=""),
}
_SERVICE: dict[str, Rewrite] = {
    "build": _build,
    "command": _command,
    "entrypoint": _command,
    "healthcheck": _test,
    "environment": _VARIABLES,
    "labels": _LABELS,
    "annotations": _LABELS,
    "sysctls": _LABELS,
    "extra_hosts": write_hosts,
    "networks": _memberships,
    "models": _names,
    "depends_on": _dependencies,
    "dns": _listed,
    "dns_search": _listed,
    "tmpfs": _listed,
    "env_file": _env_files,
    "label_file": _label_files,
    "ports": _ports,
    "volumes": _volumes,
    "devices": _devices,
    "secrets": _mounts("/run/secrets/"),
    "configs": _mounts(""),
    "expose": _texts,
    "extends": _extends,
    "gpus": _gpus,
    "deploy": _within("labels", _LABELS),
    "develop": _within("watch", _watches),
}
SECTIONS: dict[str, dict[str, Rewrite]] = {
    "services": _SERVICE,
    "networks": {"labels": _LABELS},
    "volumes": {"labels": _LABELS},
    "configs": {"labels": _LABELS, "file": _file},
    "secrets": {"labels": _LABELS, "file": _file},
}
