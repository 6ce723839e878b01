"""A short Compose file whose aliases make very many values."""

from __future__ import annotations

BOMB = "\n".join([
    "a: &a {k: v}",
    *(f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 9)}], l: [{', '.join([f'*{old}'] * 9)}]}}"
      for old, new in zip("abcdefgh", "bcdefghi", strict=True)),
    "services: {web: {image: x, environment: *i}}",
])  # fmt: skip
