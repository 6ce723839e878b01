"""What a file does when it is loaded, read or remembered."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rrr_optimize.facts.codebase import Codebase
from rrr_optimize.formats.python_imports import read_imports
from rrr_optimize.tools.import_memory import ImportMemory

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Facts


def test_files_are_read_the_same_with_a_memory(facts: Facts, tmp_path: Path) -> None:
    text = "import a.b as c\nfrom . import d\nif __name__ == '__main__':\n    import e\n"
    snapshot = facts({"pkg/m.py": text}).snapshot
    read = []
    for _ in range(2):
        memory = ImportMemory.of_user({"XDG_CACHE_HOME": str(tmp_path / "cache")}, tmp_path)
        codebase = Codebase(snapshot, (), memory=memory)
        file = codebase.files.read("pkg/m.py")
        assert file is not None
        read.append((repr(file.imports.sites), codebase.texts["pkg/m.py"]))
        for number in range(30):
            memory.learn("more", str(number), 1)
        memory.save()
    assert read[0] == read[1]
    assert read[0][0] == repr(read_imports(ast.parse(text), text).sites)
