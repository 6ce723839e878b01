"""The facts about Compose that the JSON report carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.facts.compose.reading import ComposeFacts


def summarize_compose(facts: ComposeFacts) -> dict[str, Any]:
    """Return `facts.compose` of the report, as its JSON schema describes it."""
    return {"projects": [_summarize(project) for project in facts.projects]}


def _summarize(project: ComposeProject) -> dict[str, Any]:
    return {
        "files": list(project.loaded.files),
        "directory": project.directory,
        "services": [_summarize_service(service) for service in project.services.values()],
        "networks": [
            {
                "name": name,
                "services": list(project.members.get(name, ())),
                "driver": network.text_of("driver") or None,
                "internal": network.text_of("internal") == "true",
                "external": network.text_of("external") not in {"", "false"},
            }
            for name, network in project.section("networks").items()
        ],
        "pairs": len(project.pairs),
    }


def _summarize_service(service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        "path": service.where.path,
        "line": service.where.line,
        "image": service.text("image") or None,
        "build": service.text("build", "context") or None,
        "networks": sorted(service.networks),
        "depends_on": sorted(service.entries("depends_on")),
        "profiles": sorted(service.profiles),
    }
