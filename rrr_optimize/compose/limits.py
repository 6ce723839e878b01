"""What services may take of their host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.formats.measures import read_size

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.project import Service


def memory_limit(service: Service) -> str:
    """Return the memory limit as written in either form, empty where there is none."""
    return service.text("deploy", "resources", "limits", "memory") or service.text("mem_limit")


def has_memory_limit(service: Service) -> bool:
    """Return whether its memory is limited; a limit of 0 is none."""
    limit = memory_limit(service)
    return bool(limit) and read_size(limit) != 0
