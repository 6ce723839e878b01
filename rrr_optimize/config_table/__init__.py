"""Check a configuration table and turn it into Settings."""

from rrr_optimize.config_table.table import read_settings

__all__ = ["read_settings"]
