"""A Compose project as rules see it: services, networks, who can reach whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.compose.loading import Loaded
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Location

_NOTHING: Mapping[str, Value] = {}


@dataclass(frozen=True, eq=False)
class Service:
    """One service in normal form; what is of the wrong type reads as if it were not there.

    `is_off` where it has profiles and none of them is ever started: nobody runs it.
    """

    name: str
    value: Value
    is_off: bool = False

    @property
    def where(self) -> Location:
        """Where the service begins."""
        return self.value.where

    def text(self, *keys: str) -> str:
        """Return a scalar below these keys as text, empty where there is none."""
        found = self.value.get(*keys)
        return found.text if found else ""

    def entries(self, *keys: str) -> Mapping[str, Value]:
        """Return the entries of a mapping below these keys."""
        found = self.value.get(*keys)
        return found.mapping if found else _NOTHING

    def items(self, *keys: str) -> list[Value]:
        """Return the items of a list below these keys."""
        found = self.value.get(*keys)
        return found.items if found else []

    @property
    def networks(self) -> Mapping[str, Value]:
        """The networks that it joins, with how."""
        return self.entries("networks")

    @property
    def profiles(self) -> frozenset[str]:
        """The profiles that start it; none means always."""
        return frozenset(item.text for item in self.items("profiles"))

    @property
    def replicas(self) -> int:
        """How many containers it asks for, 1 where a variable decides."""
        text = self.text("deploy", "replicas") or self.text("scale")
        return int(text) if text.isdigit() else 1

    @property
    def is_defined(self) -> bool:
        """Whether it says what runs."""
        return any(self.value.get(key) is not None for key in ("image", "build", "extends", "provider"))

    def runs_with(self, other: Service) -> bool:
        """Return whether one command can start both: one of them always runs, or they share a profile."""
        if self.is_off or other.is_off:
            return False
        return not self.profiles or not other.profiles or bool(self.profiles & other.profiles)


@dataclass(frozen=True, eq=False)
class ComposeProject:
    """Files that go together. `named_by` is the command that says so, where one does.

    `is_guess` where nothing says it: a file with a name of its own may be meant for a set that nobody wrote down.
    `off_profiles` are those that are there to start nothing.
    """

    files: tuple[str, ...]
    directory: str
    loaded: Loaded
    named_by: Location | None = None
    is_guess: bool = False
    off_profiles: frozenset[str] = frozenset()

    @property
    def model(self) -> Value | None:
        """The model in normal form."""
        return self.loaded.model

    @property
    def label(self) -> str:
        """The project in a message: its files."""
        return " + ".join(self.files)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that another file would give: only then a missing thing is an error."""
        return self.loaded.is_whole and not self.is_guess

    @cached_property
    def services(self) -> dict[str, Service]:
        """The services by name, those of every profile."""
        return {
            name: Service(name, value, is_off=self._is_off(value))
            for name, value in self.section("services").items()
            if isinstance(value.data, dict)
        }

    def _is_off(self, service: Value) -> bool:
        profiles = service.get("profiles")
        names = {item.text for item in profiles.items} if profiles else set()
        return bool(names) and names <= self.off_profiles

    def section(self, name: str) -> Mapping[str, Value]:
        """Return the entries of a section such as `networks`."""
        found = self.model.get(name) if self.model else None
        return found.mapping if found else _NOTHING

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The services of each network that is declared or used, sorted; a shared namespace counts."""
        found: dict[str, set[str]] = {name: set() for name in self.section("networks")}
        for service in self.services.values():
            for network in self.namespace(service).networks:
                found.setdefault(network, set()).add(service.name)
        return {name: tuple(sorted(services)) for name, services in found.items()}

    def namespace(self, service: Service) -> Service:
        """Return the service whose network namespace a service is in: `network_mode: service:x` is x's."""
        seen: set[str] = set()
        while service.name not in seen and (mode := service.text("network_mode")).startswith("service:"):
            seen.add(service.name)
            service = self.services.get(mode.removeprefix("service:"), service)
        return service

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs of services that share a network, each in alphabetical order."""
        return frozenset(pair for services in self.members.values() for pair in combinations(services, 2))

    @cached_property
    def host_names(self) -> frozenset[str]:
        """Every name by which a container of the project may be reached; a service that nothing defines has none."""
        defined = [service for service in self.services.values() if service.is_defined]
        found = {service.name for service in defined}
        for service in defined:
            found |= {service.text("container_name"), service.text("hostname")}
            found |= {item.text.partition(":")[2] for key in ("links", "external_links") for item in service.items(key)}
            found |= {item.text.partition("=")[0] for item in service.items("extra_hosts")}
            for membership in service.networks.values():
                found |= {alias.text for alias in (membership.get("aliases") or membership).items}
        return frozenset(found - {""})
