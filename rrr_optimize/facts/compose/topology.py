"""Who can reach whom in a Compose project, under which names, who reaches the world and who is published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.formats.yaml_values import Value

Pair: TypeAlias = frozenset[str]

# Options of the bridge driver that decide who is reached and how, with what they are by themselves.
_DECIDING = {
    "enable_icc": "true",
    "enable_ip_masquerade": "true",
    "gateway_mode_ipv4": "nat",
    "gateway_mode_ipv6": "nat",
    "host_binding_ipv4": "0.0.0.0",  # noqa: S104 - compared, never bound
    "host_binding_ipv6": "::",
    "inhibit_ipv4": "false",
    "trusted_host_interfaces": "",
}


class NetworkClass(NamedTuple):
    """What two networks must have in common for one to do the work of the other.

    `traits` are the options that decide who is reached and how, where they say something else than Docker by itself.
    """

    driver: str
    internal: str
    attachable: str
    external: str
    ipv6: str
    traits: tuple[str, ...] = ()

    @property
    def keeps_apart(self) -> bool:
        """Whether services on such a network cannot talk to each other."""
        return "enable_icc=false" in self.traits


@dataclass(frozen=True, slots=True)
class Membership:
    """How a service is on a network: further names, and whether it asks for more than names, an address say."""

    aliases: frozenset[str] = frozenset()
    is_special: bool = False


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """A network that services join: its class, what Docker calls it, and who is on it how."""

    kind: NetworkClass
    full_name: str
    members: Mapping[str, Membership]


@dataclass(frozen=True, slots=True)
class ServicePlace:
    """Where a service is: the service whose network it uses, mostly its own, and what it offers.

    `links` are names that only this service knows, each with the service that it means.
    """

    namespace: str
    names: frozenset[str]
    links: frozenset[tuple[str, str]]
    published: tuple[str, ...]
    is_on_host: bool


@dataclass(frozen=True, eq=False)
class Topology:
    """Services and the networks that at least one of them is on; those of every profile.

    Whatever profiles are started, what can then be reached is this, narrowed to the services that run: two
    topologies that agree agree for each choice of profiles.
    """

    services: Mapping[str, ServicePlace]
    networks: Mapping[str, NetworkShape]

    @cached_property
    def residents(self) -> Mapping[str, tuple[str, ...]]:
        """The services in the namespace of each service that has one of its own, itself first."""
        found: dict[str, list[str]] = {name: [name] for name, place in self.services.items() if place.namespace == name}
        for name, place in self.services.items():
            if place.namespace != name:
                found.setdefault(place.namespace, []).append(name)
        return {name: tuple(others) for name, others in found.items()}

    def members(self, network: str) -> frozenset[str]:
        """Return the services on a network, those that share another's namespace included."""
        return frozenset(one for name in self.networks[network].members for one in self.residents.get(name, (name,)))

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """The pairs of services that share a network."""
        together = [name for name, shape in self.networks.items() if not shape.kind.keeps_apart]
        found = (combinations(sorted(self.members(name)), 2) for name in together)
        return frozenset(frozenset(pair) for pairs in found for pair in pairs)

    @cached_property
    def egress(self) -> frozenset[str]:
        """The services that reach the world outside: by a network that is not internal, or by the host's own."""
        open_networks = [name for name, network in self.networks.items() if network.kind.internal != "true"]
        reached = {name for network in open_networks for name in self.members(network)}
        return frozenset(reached | {name for name, place in self.services.items() if place.is_on_host})

    @cached_property
    def published(self) -> frozenset[tuple[str, str]]:
        """The ports that can be reached from outside, each with its service; an internal network publishes none."""
        return frozenset(
            (n, port) for n, place in self.services.items() if n in self.egress for port in place.published
        )

    @cached_property
    def answers(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Which services answer when a service asks for a name, itself among them, for every name that one would."""
        found: dict[tuple[str, str], set[str]] = {}
        for name, network in self.networks.items():
            askers = self.members(name)
            for answerer, membership in network.members.items():
                for known in self.services[answerer].names | membership.aliases:
                    for asker in askers:
                        found.setdefault((asker, known), set()).add(answerer)
        for asker, place in self.services.items():
            for alias, target in place.links:
                if frozenset((asker, target)) in self.pairs:
                    found.setdefault((asker, alias), set()).add(target)
        return {question: frozenset(answerers) for question, answerers in found.items()}


def read_topology(project: ComposeProject) -> Topology:
    """Return the topology of a project's model, that of all its files together."""
    services = {name: _place(project, service) for name, service in project.services.items()}
    shapes: dict[str, NetworkShape] = {}
    members: dict[str, dict[str, Membership]] = {}
    for name, service in project.services.items():
        for network, membership in service.networks.items():
            members.setdefault(network, {})[name] = _membership(membership)
    declared = project.section("networks")
    for network in [
        *(name for name in declared if name in members),
        *(name for name in members if name not in declared),
    ]:
        value = declared.get(network)
        shapes[network] = NetworkShape(read_class(value), value.text_of("name") if value else network, members[network])
    return Topology(services, shapes)


def _place(project: ComposeProject, service: Service) -> ServicePlace:
    return ServicePlace(
        namespace=project.namespace(service).name,
        # Since version 25 Docker's own DNS knows a container by its hostname, too.
        names=frozenset({service.name, service.text("container_name"), service.text("hostname")} - {""}),
        links=frozenset(_links(service)),
        published=tuple(sorted(_port(port) for port in service.items("ports"))),
        is_on_host=project.namespace(service).text("network_mode") == "host",
    )


def _links(service: Service) -> Iterator[tuple[str, str]]:
    for link in service.items("links"):
        target, _, alias = link.text.partition(":")
        yield alias or target, target


def _port(port: Value) -> str:
    host, published = port.text_of("host_ip"), port.text_of("published")
    return f"{host}:{published}:{port.text_of('target')}/{port.text_of('protocol')}"


def _membership(value: Value) -> Membership:
    aliases = value.get("aliases")
    special = any(item.data is not None for key, item in value.mapping.items() if key != "aliases")
    return Membership(frozenset(item.text for item in aliases.items) if aliases else frozenset(), special)


def read_class(network: Value | None) -> NetworkClass:
    """Return the class of a network in normal form; None is one that nothing is said of."""
    if network is None:
        return NetworkClass("bridge", "", "", "", "")
    external = "" if network.text_of("external") in {"", "false"} and not network.get("external", "name") else "true"
    internal, attachable, ipv6 = (
        network.text_of(key).removesuffix("false") for key in ("internal", "attachable", "enable_ipv6")
    )
    traits = tuple(sorted(_traits(network)))
    return NetworkClass(network.text_of("driver") or "bridge", internal, attachable, external, ipv6, traits)


def _traits(network: Value) -> Iterator[str]:
    if network.text_of("enable_ipv4") == "false":
        yield "enable_ipv4=false"
    options = network.get("driver_opts")
    for key, value in options.mapping.items() if options else ():
        name = key.removeprefix("com.docker.network.bridge.")
        if name in _DECIDING and value.text.lower() != _DECIDING[name]:
            yield f"{name}={value.text.lower()}"
