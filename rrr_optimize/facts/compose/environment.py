"""The variables of services: their own, those of their env_file, and those that whoever runs Compose passes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.dotenv_file import read_dotenv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.compose.files import ComposeFiles
    from rrr_optimize.formats.yaml_values import Value


@dataclass(frozen=True, slots=True)
class Environment:
    """What is known outside of a model: the variables that Compose runs with, and the files, if they are to be read."""

    library: ComposeFiles | None
    variables: Mapping[str, str]

    def resolve(self, model: Value) -> Value:
        """Return a model in long form whose services have every variable that can be known."""
        services = model.get("services")
        if services is None or not isinstance(services.data, dict):
            return model
        made = {name: self._resolve_service(service) for name, service in services.data.items()}
        return model.with_data({**model.mapping, "services": services.with_data(made)})

    def _resolve_service(self, service: Value) -> Value:
        if not isinstance(service.data, dict):
            return service
        entries = dict(service.data)
        found = self._read_env_files(service)
        own = service.get("environment")
        if own is None or isinstance(own.data, dict | None):
            for name, value in own.mapping.items() if own else ():
                passed = self._pass(name, value)
                found[name] = found[name] if passed.data is None and name in found else passed
            if found:
                entries["environment"] = (own or service).with_data(found)
        build, args = service.get("build"), service.get("build", "args")
        if build and args and isinstance(args.data, dict):
            given = {name: self._pass(name, value) for name, value in args.data.items()}
            known = args.with_data({name: value for name, value in given.items() if value.data is not None})
            entries["build"] = build.with_data({**build.mapping, "args": known})
        return service.with_data(entries)

    def _pass(self, name: str, value: Value) -> Value:
        is_known = value.data is None and name in self.variables
        return value.with_data(self.variables[name]) if is_known else value

    def _read_env_files(self, service: Value) -> dict[str, Value]:
        found: dict[str, Value] = {}
        given = service.get("env_file")
        for item in given.items if given and self.library else ():
            path = item.get("path")
            text = self.library.text(path.text) if self.library and path and not path.unset else None
            for name, value in read_dotenv(text, self.variables).items() if text else ():
                found[name] = item.with_data(value)
        return found
