"""The short forms of the Compose specification, written out: ports, volumes, devices."""

from __future__ import annotations

import re
from itertools import product
from typing import TypeAlias

_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_PROPAGATIONS = frozenset({"rprivate", "private", "rshared", "shared", "rslave", "slave"})
_SYMBOL = re.compile(r"\$\{[^{}]*\}")
_MOST_PORTS = 1_000
_WINDOWS_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_LAST_PORT = 65_535

LongForm: TypeAlias = "dict[str, str | int | bool | dict[str, str | bool]]"


class ShortFormError(ValueError):
    """The text is no short form; the message says why."""


def read_ports(text: str) -> list[LongForm]:
    """Return the ports of `[[host:]published:]target[/protocol]`, each of a range; a symbolic number stays text.

    Raises ShortFormError.
    """
    body, slash, protocol = text.rpartition("/") if "/" in text else (text, "", "")
    host, published, target = _split_port(body)
    common: LongForm = {"mode": "ingress", "protocol": protocol.lower() if slash else "tcp"}
    if host:
        common["host_ip"] = host
    if not target or _SYMBOL.search(target) or _SYMBOL.search(published):
        number = int(target) if target.isdigit() else target
        return [common | {"target": number} | ({"published": published} if published else {})]
    targets = _read_range(target, text)
    if not published:
        return [common | {"target": number} for number in targets]
    hosts = _read_range(published, text)
    if len(hosts) != len(targets):
        if len(targets) != 1:
            raise ShortFormError(f"the two ranges of {text!r} differ in length")
        return [common | {"target": targets[0], "published": published}]
    return [common | {"target": t, "published": str(p)} for t, p in zip(targets, hosts, strict=True)]


def _split_port(body: str) -> tuple[str, str, str]:
    masked = _SYMBOL.sub(lambda match: "\0" * len(match[0]), body)
    if body.startswith("["):
        end = body.find("]")
        rest = body[end + 2 :].split(":")
        return body[1:end], *(("", rest[0]) if len(rest) == 1 else (rest[0], rest[1]))
    cuts = [index for index, character in enumerate(masked) if character == ":"]
    if not cuts:
        return "", "", body
    last = cuts[-1]
    if len(cuts) == 1:
        return "", body[:last], body[last + 1 :]
    return body[: cuts[-2]], body[cuts[-2] + 1 : last], body[last + 1 :]


def _read_range(text: str, whole: str) -> list[int]:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ShortFormError(f"{whole!r} is no port")
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last <= _LAST_PORT or last - first > _MOST_PORTS:
        raise ShortFormError(f"{whole!r} is no port range")
    return list(range(first, last + 1))


def read_volume(text: str) -> LongForm:
    """Return the mount of `[source:]target[:options]`; a source with a path's beginning is a bind mount.

    Raises ShortFormError.
    """
    fields = _split_volume(text)
    if not all(fields) or len(fields) > 3:  # noqa: PLR2004 - source, target, options
        raise ShortFormError(f"{text!r} is no volume")
    if len(fields) == 1:
        return {"type": "volume", "target": fields[0]}
    source, target = fields[:2]
    is_bind = source[0] in "./~" or source.startswith("\\\\") or _WINDOWS_DRIVE.match(source) is not None
    mount: LongForm = {"type": "bind" if is_bind else "volume", "source": source, "target": target}
    bind: dict[str, str | bool] = {"create_host_path": True} if is_bind else {}
    volume: dict[str, str | bool] = {}
    for option in fields[2].split(",") if len(fields) > 2 else []:  # noqa: PLR2004 - see above
        if option == "ro":
            mount["read_only"] = True
        elif option == "nocopy":
            volume["nocopy"] = True
        elif option in _PROPAGATIONS:
            bind["propagation"] = option
        elif option in {"z", "Z"}:
            bind["selinux"] = option
    return mount | ({"bind": bind} if bind else {}) | ({"volume": volume} if volume else {})


def _split_volume(text: str) -> list[str]:
    masked = _SYMBOL.sub(lambda match: "\0" * len(match[0]), text)
    fields: list[str] = []
    start = 0
    for index, character in enumerate(masked):
        is_drive = index - start == 1 and masked[start].isalpha() and masked[index + 1 : index + 2] in {"\\", "/"}
        if character == ":" and not (is_drive and (start == 0 or _WINDOWS_DRIVE.match(text, start))):
            fields.append(text[start:index])
            start = index + 1
    return [*fields, text[start:]]


def read_device(text: str) -> LongForm:
    """Return the device of `source[:target[:permissions]]`."""
    source, target, permissions, *_ = [*text.split(":"), "", ""]
    if text.count(":") == 0:
        target = source
    return {"source": source, "target": target or source, "permissions": permissions or "rwm"}


def overlap(first: str, second: str) -> bool:
    """Return whether two published ports or ranges share a number; symbolic ones are equal only to themselves."""
    try:
        numbers = [_read_range(text, text) for text in (first, second)]
    except ShortFormError:
        return first == second
    return any(a == b for a, b in product(*numbers)) if len(numbers[0]) * len(numbers[1]) < _MOST_PORTS else False
