"""Sizes as Compose files write them."""

from __future__ import annotations

import re

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgtp]?)i?b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def read_size(text: str) -> int | None:
    """Return the bytes of `512m`, `1.5GB` or a plain number, units being powers of 1024; None for anything else."""
    match = _SIZE.fullmatch(text.strip())
    return int(float(match[1]) * 1024 ** _POWERS[match[2].lower()]) if match else None
