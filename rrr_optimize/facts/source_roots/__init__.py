"""Folders from which an installed project's modules are imported, as its build backend or somebody says."""

from rrr_optimize.facts.source_roots.model import SourceRoot
from rrr_optimize.facts.source_roots.reading import read_source_roots
from rrr_optimize.facts.source_roots.told import find_told_root, told_source_roots

__all__ = ["SourceRoot", "find_told_root", "read_source_roots", "told_source_roots"]
