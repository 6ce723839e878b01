"""What services may take of their host."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.project import Service


def memory_limit(service: Service) -> str:
    """Return the memory limit as written in either form, empty where there is none."""
    return service.text("deploy", "resources", "limits", "memory") or service.text("mem_limit")
