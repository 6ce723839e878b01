"""Write a Compose file's short forms out, and its paths from the root of the repository."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from rrr_optimize.facts.compose.sequences import drop_repeated
from rrr_optimize.formats.compose_short_forms import LongForm, ShortFormError, read_device, read_ports, read_volume
from rrr_optimize.formats.yaml_values import Data, Value, text_of

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.problems import Problems

Rewrite: TypeAlias = Callable[["Canonical", Value], Value]

_ANCHORED = re.compile(r"[/~]|\\\\|[A-Za-z]:[\\/]")
_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


class Canonical:
    """Rewrites one file; `directory` is what its relative paths start from."""

    def __init__(self, directory: str, problems: Problems) -> None:
        self.directory = directory
        self.problems = problems

    def rewrite(self, model: Value) -> Value:
        """Return the model in its long forms; what is of the wrong type stays as it is."""
        sections = dict(model.mapping)
        for name, rewrites in _SECTIONS.items():
            section = sections.get(name)
            if section and isinstance(section.data, dict):
                made = {key: self._entries(value, (name, "*"), rewrites) for key, value in section.data.items()}
                sections[name] = section.with_data(made)
        return model.with_data(dict(sections))

    def _entries(self, value: Value, pattern: tuple[str, ...], rewrites: dict[str, Rewrite]) -> Value:
        if not isinstance(value.data, dict):
            return value
        entries = dict(value.data)
        for key, entry in entries.items():
            rewrite = rewrites.get(key)
            made = rewrite(self, entry) if rewrite else entry
            if isinstance(made.data, list):
                made = made.with_data(drop_repeated((*pattern, key), made.data))
            entries[key] = made
        return value.with_data(entries)

    def path(self, value: Value) -> Value:
        """Return a path, joined to the directory unless it is absolute or in a home."""
        text = value.text
        if not text or not isinstance(value.data, str) or _ANCHORED.match(text):
            return value
        return value.with_data(posixpath.normpath(posixpath.join(self.directory, text)))

    def context(self, value: Value) -> Value:
        """Return a build context; a repository, an image and another service are no paths."""
        is_remote = "://" in value.text or value.text.startswith(("service:", *_REMOTE))
        return value if is_remote else self.path(value)

    def long_form(self, value: Value, read: Callable[[str], LongForm]) -> Value:
        """Return a short form written out, or as it is where it cannot be read."""
        if isinstance(value.data, dict | list):
            return value
        try:
            return _from_plain(read(value.text), value)
        except ShortFormError as error:
            self.problems.add("short-form", value.place, str(error), value.text)
            return value


def _from_plain(data: object, at: Value) -> Value:
    if isinstance(data, dict):
        made: Data = {key: _from_plain(item, at) for key, item in data.items()}
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
    try:
        words = shlex.split(value.text)
    except ValueError:
        words = [value.text]
    return value.with_data([value.with_data(word) for word in words])


def _test(canonical: Canonical, value: Value) -> Value:
    if not isinstance(value.data, dict) or "test" not in value.data:
        return value
    test = value.data["test"]
    made = test.with_data([test.with_data("CMD-SHELL"), test]) if isinstance(test.data, str) else test
    del canonical
    return value.with_data({**value.data, "test": made})


def _pairs(*, empty: str | None, separators: str = "=") -> Rewrite:
    """Return a rewrite of `[NAME=value, NAME]` to a mapping, in which a name alone has the value `empty`."""

    def rewrite(canonical: Canonical, value: Value) -> Value:
        del canonical
        if isinstance(value.data, list):
            found: dict[str, Value] = {}
            for item in value.data:
                name, separator, rest = _partition(item.text, separators)
                found[name] = Value(rest if separator else empty, item.place, item.place, unset=item.unset)
            return value.with_data(found)
        if isinstance(value.data, dict):
            return value.with_data({key: _as_text(item, empty) for key, item in value.data.items()})
        return value

    return rewrite


def _as_text(value: Value, empty: str | None) -> Value:
    if isinstance(value.data, dict | list | str):
        return value
    return value.with_data(empty if value.data is None else text_of(value.data))


def _partition(text: str, separators: str) -> tuple[str, str, str]:
    cuts = [index for separator in separators if (index := text.find(separator)) >= 0]
    return (text[: min(cuts)], "=", text[min(cuts) + 1 :]) if cuts else (text, "", "")


def _hosts(canonical: Canonical, value: Value) -> Value:
    """Return `host=address` texts; a mapping may give several addresses to one host."""
    del canonical
    if isinstance(value.data, dict):
        given = [(key, item) for key, entry in value.data.items() for item in entry.items or [entry]]
        return value.with_data([item.with_data(f"{key}={item.text}") for key, item in given])
    made = [item.with_data("=".join(_partition(item.text, "=:")[::2])) for item in value.items]
    return value.with_data(list(made))


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
            found += [_from_plain(port, item) for port in read_ports(item.text)]
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
            found.append(item.with_data(entries))
        return value.with_data(found)

    return rewrite


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
    made = _pairs(empty="")(canonical, value)
    return made.with_data({key: canonical.context(item) for key, item in made.mapping.items()})


def _within(key: str, rewrite: Rewrite) -> Rewrite:
    def rewritten(canonical: Canonical, value: Value) -> Value:
        inner = value.mapping.get(key)
        return value.with_data({**value.mapping, key: rewrite(canonical, inner)}) if inner else value

    return rewritten


def _gpus(canonical: Canonical, value: Value) -> Value:
    del canonical
    return value.with_data([value.with_data({"count": value.with_data(-1)})]) if value.text == "all" else value


def _file(canonical: Canonical, value: Value) -> Value:
    return canonical.path(value)


def _context(canonical: Canonical, value: Value) -> Value:
    return canonical.context(value)


_LABELS = _pairs(empty="")
_VARIABLES = _pairs(empty=None)
_BUILD: dict[str, Rewrite] = {
    "context": _context,
    "args": _VARIABLES,
    "labels": _LABELS,
    "additional_contexts": _additional_contexts,
    "extra_hosts": _hosts,
    "secrets": _mounts("/run/secrets/"),
    "ssh": _pairs(empty=""),
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
    "extra_hosts": _hosts,
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
}
_SECTIONS: dict[str, dict[str, Rewrite]] = {
    "services": _SERVICE,
    "networks": {"labels": _LABELS},
    "volumes": {"labels": _LABELS},
    "configs": {"labels": _LABELS, "file": _file},
    "secrets": {"labels": _LABELS, "file": _file},
}
