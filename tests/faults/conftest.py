"""The same roots as for the other tests of writing."""

from __future__ import annotations

from tests.transaction.conftest import root

__all__ = ["root"]
