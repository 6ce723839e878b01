"""Say in a Compose model what it leaves unsaid: default networks, names, implied dependencies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.yaml_values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")


def normalize(model: Value, name: str, directory: str) -> Value:
    """Return the normal form of a merged model, as `docker compose config` makes it for a project of this name.

    `directory` is the project's own, the build context where none is given.
    """
    project = _project_name(name)
    sections = dict(model.mapping)
    services = sections.get("services")
    if services and isinstance(services.data, dict):
        made = {key: _normalize_service(value, directory) for key, value in services.data.items()}
        sections["services"] = services.with_data(made)
        if any("default" in _networks(service) for service in made.values()):
            networks = sections.get("networks")
            known = dict(networks.mapping) if networks else {}
            known.setdefault("default", Value(None, services.place))
            sections["networks"] = (networks or services).with_data(known)
    for kind in ("networks", "volumes", "configs", "secrets"):
        section = sections.get(kind)
        if section and isinstance(section.data, dict):
            named = {key: _name_resource(value, key, project) for key, value in section.data.items()}
            sections[kind] = section.with_data(named)
    sections["name"] = model.with_data(project)
    return model.with_data(sections)


def _project_name(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "", text.lower()).lstrip("_-")


def _networks(service: Value) -> list[str]:
    networks = service.get("networks")
    return list(networks.mapping) if networks else []


def _normalize_service(service: Value, directory: str) -> Value:
    if not isinstance(service.data, dict):
        return service
    entries = dict(service.data)
    if "build" in entries:
        entries["build"] = _normalize_build(entries["build"], directory)
    is_attached = "network_mode" in entries or "provider" in entries
    if not is_attached and not _networks(service):
        entries["networks"] = service.with_data({"default": service.with_data(None)})
    dependencies = {key: _complete(value) for key, value in _entries(entries.get("depends_on"))}
    for name, restart, place in _implied(service):
        dependencies.setdefault(name, _dependency(place, restart=restart))
    if dependencies:
        given = entries.get("depends_on") or service
        entries["depends_on"] = given.with_data(dependencies)
    return service.with_data(entries)


def _entries(value: Value | None) -> list[tuple[str, Value]]:
    return list(value.mapping.items()) if value else []


def _normalize_build(build: Value, directory: str) -> Value:
    if not isinstance(build.data, dict):
        return build
    entries = dict(build.data)
    entries.setdefault("context", build.with_data(directory))
    if "dockerfile_inline" not in entries:
        entries.setdefault("dockerfile", build.with_data("Dockerfile"))
    return build.with_data(entries)


def _complete(value: Value) -> Value:
    defaults = {"condition": value.with_data("service_started"), "required": value.with_data(data=True)}
    return value.with_data({**defaults, **value.mapping})


def _dependency(place: Value, *, restart: bool) -> Value:
    entries = {"condition": place.with_data("service_started"), "required": place.with_data(data=True)}
    return place.with_data({**entries, "restart": place.with_data(data=True)} if restart else dict(entries))


def _implied(service: Value) -> Iterator[tuple[str, bool, Value]]:
    for link in (service.get("links") or service).items:
        yield link.text.partition(":")[0], True, link
    for namespace in _NAMESPACES:
        mode = service.get(namespace)
        if mode and mode.text.startswith("service:"):
            yield mode.text.removeprefix("service:"), True, mode
    for source in (service.get("volumes_from") or service).items:
        if not source.text.startswith("container:"):
            yield source.text.partition(":")[0], False, source


def _name_resource(value: Value, key: str, project: str) -> Value:
    entries = dict(value.mapping)
    external = entries.get("external")
    inner = external.get("name") if external else None
    if external and inner:
        entries.update(name=inner, external=external.with_data(data=True))
    if "name" not in entries:
        is_external = external is not None and external.text not in {"", "false"}
        entries["name"] = value.with_data(key if is_external or inner else f"{project}_{key}")
    return value.with_data(entries)
