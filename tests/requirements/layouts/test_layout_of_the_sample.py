"""The sample monorepo laid out: pip reads at least what it read before, and what is claimed is true."""

from __future__ import annotations
