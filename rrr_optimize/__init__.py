"""Audit Python monorepos and refactor them with proof."""

__version__ = "0.1.0"
