"""A label, a command or a variable names a network of the project, as Traefik and tools that start containers ask.

Whoever renames the network, or merges it into another, has to change it there too: nothing that Compose checks would
tell. What counts is a value that is the name of a network (with or without the project's name before it) where its
label, option or variable speaks of a network. An external network is left alone, since nobody renames it here.
Information only.

    labels: [traefik.docker.network=shop_proxy]
    networks: [proxy]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Finding

RULE = get_rule("CMP034")
_SPEAKS = re.compile(r"network|(?:^|[-_.])net$", re.IGNORECASE)
_OPTION = re.compile(r"--?(?P<option>[\w.-]+)=(?P<value>[\w.-]+)")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each place that names a declared network."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    for service in project.services.values():
        for what, text, value in _values(service):
            name = _find_network(project, text)
            if name is not None:
                network = project.section("networks")[name]
                yield RULE.finding(
                    value.where,
                    f"{what} of {service.name} names the network {name}",
                    f"{service.name} {what} {name}",
                    why=f"Whoever renames {name} or merges it into another network has to change this too.",
                    related=[Related(network.where, f"{name} is declared here")] if network.key else [],
                )


def _values(service: Service) -> Iterator[tuple[str, str, Value]]:
    """Yield the values that are said to be a network's name, each after its label, variable or option."""
    for kind, keys in (("label", ("labels",)), ("label", ("deploy", "labels")), ("variable", ("environment",))):
        for key, value in service.entries(*keys).items():
            if _SPEAKS.search(key):
                yield f"the {kind} {key}", value.text, value
    for key in ("command", "entrypoint"):
        for before, value in zip([None, *service.items(key)], service.items(key), strict=False):
            match = _OPTION.fullmatch(value.text)
            if match and _SPEAKS.search(match["option"]):
                yield f"the option {match['option']}", match["value"], value
            elif before is not None and before.text.startswith("-") and _SPEAKS.search(before.text):
                yield f"the option {before.text.lstrip('-')}", value.text, value


def _find_network(project: ComposeProject, text: str) -> str | None:
    """Return the network that a text names, as the files call it or as Docker does, after the project's name."""
    for name, network in project.section("networks").items():
        own, ending = network.text_of("name"), f"_{name}"
        is_named = text in {name, own} or (own.endswith(ending) and text.endswith(ending))
        if text and is_named and network.get("external") is None:
            return name
    return None
