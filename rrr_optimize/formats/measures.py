"""Sizes and durations as Compose files write them."""

from __future__ import annotations

import re

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgtp]?)i?b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_DURATION_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def read_size(text: str) -> int | None:
    """Return the bytes of `512m`, `1.5GB` or a plain number, units being powers of 1024; None for anything else."""
    match = _SIZE.fullmatch(text.strip())
    return int(float(match[1]) * 1024 ** _POWERS[match[2].lower()]) if match else None


def read_duration(text: str) -> float | None:
    """Return the seconds of `1m30s` and the like (Go's durations); None for anything else."""
    parts = list(_DURATION_PART.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text:
        return None
    return round(sum(float(part[1]) * _SECONDS[part[2]] for part in parts), 9)


def show_size(size: int) -> str:
    """Return bytes as a person writes them: `512M`, `1.5G`."""
    for unit, power in (("G", 3), ("M", 2), ("K", 1)):
        if size >= 1024**power:
            return f"{size / 1024**power:.4g}{unit}"
    return str(size)
