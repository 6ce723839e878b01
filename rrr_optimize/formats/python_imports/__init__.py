"""The imports of a Python file in the order in which they run, and what else a proof about them must know."""

from rrr_optimize.formats.python_imports.model import Doubt, ImportSite, PythonImports, Timing
from rrr_optimize.formats.python_imports.reading import read_imports

__all__ = ["Doubt", "ImportSite", "PythonImports", "Timing", "read_imports"]
