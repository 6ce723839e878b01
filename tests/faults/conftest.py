"""The same roots as for the other tests of writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.trees import Trees
from tests.transaction.conftest import root, usual_signals

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["root", "usual_signals"]


@pytest.fixture
def trees(tmp_path: Path) -> Trees:
    return Trees(tmp_path)
