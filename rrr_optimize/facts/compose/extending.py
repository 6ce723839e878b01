"""Put what services extend below them (Compose specification, "extends")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.compose.merging import merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from rrr_optimize.facts.compose.problems import Problems
    from rrr_optimize.formats.yaml_values import Value

MOST_NESTED = 20


def extend_services(
    model: Value, path: str, services_of: Callable[[str, Value], Value | None], problems: Problems
) -> Value:
    """Return a model with what its services extend laid below each of them.

    `path` is the file of the model. `services_of` returns the services of another file for an `extends` that names it,
    None where it has none.
    """
    services = model.get("services")
    if services is None or not any("extends" in service.mapping for service in services.mapping.values()):
        return model
    extender = _Extender(services_of, problems)
    made = {name: extender.extend(name, services, path) or service for name, service in services.mapping.items()}
    return model.with_data({**model.mapping, "services": services.with_data(made)})


@dataclass(frozen=True, slots=True)
class _Extender:
    services_of: Callable[[str, Value], Value | None]
    problems: Problems

    def extend(self, name: str, services: Value, path: str, way: tuple[tuple[str, str], ...] = ()) -> Value | None:
        service = services.mapping.get(name)
        extends = service.get("extends") if service else None
        if service is None or extends is None:
            return service
        if (path, name) in way or len(way) > MOST_NESTED:
            self.problems.add("cycle", extends.place, f"{name} extends itself", name)
            return service
        reference, file = extends.get("service"), extends.get("file")
        wanted = reference.text if reference else ""
        base_path = file.text if file and file.text else path
        base_services = self.services_of(base_path, extends) if base_path != path else services
        if base_services is None:
            return _without_extends(service)
        if wanted not in base_services.mapping:
            message = f"{name} extends {wanted}, and {base_path} has no such service"
            self.problems.add("missing-service", extends.place, message, f"{name} {wanted}")
            return service  # it says what it runs, if only in a place that is not there
        base = self.extend(wanted, base_services, base_path, (*way, (path, name)))
        own = _without_extends(service)
        return merge(base, own, self.problems, ("services", "*")) if base else own


def _without_extends(service: Value) -> Value:
    return service.with_data({key: value for key, value in service.mapping.items() if key != "extends"})
