"""A trace is only taken over from another program where every search leads to the same."""

from __future__ import annotations

from rrr_optimize.facts.module_index import ModuleIndex
from rrr_optimize.imports.comparing import Comparison
from rrr_optimize.imports.entries import as_script
from tests.imports.trees import Texts

HEAD = "import sys\nfrom pathlib import Path\n"


def test_a_namespace_is_searched_again_behind_a_statement_that_is_thought_away() -> None:
    add = "sys.path.append(str(Path(__file__).parent / '{}'))\n"
    code = f"{HEAD}{add.format('a')}import ns.x\nimport ns.x\n{add.format('b')}import ns.y\n"
    files = Texts({"run.py": code, "a/ns/x.py": "", "b/ns/y.py": ""})
    comparison = Comparison(ModuleIndex.of_files(["run.py", "a/ns/x.py", "b/ns/y.py"]), files)
    program = as_script("run.py")
    run = files.read("run.py")
    assert run is not None
    comparison.follow(program, frozenset({("run.py", run.statements[1])}))
    assert "b/ns/y.py" in comparison.follow(program).files
