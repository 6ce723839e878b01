"""The rules about imports that lead nowhere parse what looks wrong, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rrr_optimize.engine import run_rules
from rrr_optimize.imports.import_sites import read_sites
from rrr_optimize.model import Location
from rrr_optimize.workspace.reading import SIZE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rrr_optimize.workspace.snapshot import Snapshot
    from rrr_optimize.workspace.syntax import SyntaxFault
    from tests.conftest import Facts

FILES = {
    "pkg/__init__.py": "",
    "pkg/good.py": "import pkg.other\nGOOD = 1\n",
    "pkg/other.py": "OTHER = 1\n",
    "pkg/bad.py": "import pkg.gone\nBAD = 1\n",
}


@dataclass
class Asked:
    """A parser that notes what it is asked."""

    texts: list[bytes] = field(default_factory=list)

    def check_files(
        self, snapshot: Snapshot, paths: Sequence[str], on_file: Callable[[int, int], None] | None = None
    ) -> dict[str, SyntaxFault]:
        del on_file
        self.texts += [snapshot.peek(path) or b"" for path in paths]
        return {}

    def check_texts(self, texts: Sequence[bytes]) -> list[SyntaxFault | None]:
        self.texts += texts
        return [None for _ in texts]


def test_only_a_file_with_a_finding_is_parsed_whole(facts: Facts) -> None:
    asked = Asked()
    repository = replace(facts(FILES, {"select": ["IMP006", "IMP007", "IMP008", "IMP009"]}), syntax=asked)
    assert [finding.location.path for finding in run_rules(repository).findings] == ["pkg/bad.py"]
    assert asked.texts == [FILES["pkg/bad.py"].encode()]


def test_a_rule_that_is_not_selected_looks_at_no_imports(facts: Facts) -> None:
    repository = facts(FILES, {"select": ["IMP001", "REQ"]})
    run_rules(repository)
    assert not {"codebase", "own_modules"} & vars(repository).keys()


def test_a_link_to_a_file_is_told_as_the_file(facts: Facts) -> None:
    repository = facts(FILES, {"select": ["IMP006"]}, {"pkg/again.py": "bad.py"})
    assert [finding.location.path for finding in run_rules(repository).findings] == ["pkg/bad.py"]


def test_functions_without_the_word_are_not_looked_into(facts: Facts) -> None:
    caught = "try:\n    import pkg.gone\nexcept ImportError: ...\n"
    text = f"def one():\n    import pkg.gone\ndef two():\n    import pkg.other\n{caught}"
    repository = facts({"a.py": text})
    sites = read_sites(repository.snapshot, "a.py", {"pkg.gone"})
    assert [(site.line, site.module, site.tolerates) for site in sites] == [
        (2, "pkg.gone", False),
        (6, "pkg.gone", True),
    ]


def test_a_module_that_is_too_large_to_be_read_may_have_every_name(facts: Facts) -> None:
    large = "import pkg.other\n" + "X = 1\n" * (SIZE_LIMIT // 6)
    files = FILES | {"pkg/large.py": large, "pkg/uses.py": "from pkg.large import Y\nfrom pkg.other import Z\n"}
    found = run_rules(facts(files, {"select": ["IMP006"]})).findings
    assert [finding.location for finding in found if finding.location.path == "pkg/uses.py"] == [
        Location("pkg/uses.py", 2, 1, 2, 1)
    ]
