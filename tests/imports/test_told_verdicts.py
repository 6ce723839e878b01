"""What the audit says of a path statement: what it does, and what is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.imports.rules.sys_path_hack import check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Facts

LINE = "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parent / 'lib'))\n"
NEEDED = "Imports need it, by the names that an installation would give them."


@pytest.mark.parametrize(
    ("files", "why", "hint", "fix"),
    [
        (
            {"run.py": f"{LINE}print()"},
            "The folder does not exist: nothing can be found there.",
            "--write` takes",
            "safe",
        ),
        (
            {"run.py": f"{LINE}print()", "lib/m.py": ""},
            "No import reaches anything through it.",
            "--write` takes",
            "safe",
        ),
        (
            {"run.py": f"{LINE}import m\nprint()", "lib/m.py": "", "m.py": ""},
            f"{NEEDED} `python run.py`: import m (run.py:4) reaches lib/m.py, and m.py without it.",
            "declare lib/ as a source root",
            "refused",
        ),
        (
            {"run.py": f"import m\n{LINE}print()", "lib/m.py": ""},
            "Everything that would need it is imported above it.",
            "; then `rrr-optimize fix-imports --write --unsafe` takes it out",
            "review",
        ),
        ({"run.py": "import sys\nsys.path.append(sys.argv[1])"}, "", "", None),
    ],
    ids=["absent", "unused", "needed", "too-late", "meant"],
)
def test_says_what_a_statement_does_and_what_to_do(
    facts: Facts, files: Mapping[str, str], why: str, hint: str, fix: str | None
) -> None:
    (found,) = check(facts(files))
    assert (found.why, found.fix.value if found.fix else None) == (why, fix)
    assert hint in found.hint
