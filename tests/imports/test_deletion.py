"""The plan to take idle statements out: what stays comes first, then groups, their proofs, and a second run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.python_removal import Remover
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.imports.deletion import plan_deletions
from rrr_optimize.imports.judging import Judge, judge_all
from rrr_optimize.imports.proof import prove_deletion, same_tree
from rrr_optimize.model import Lane
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.model import Plan
    from tests.conftest import Facts

HEAD = "import sys\nfrom pathlib import Path\n"
INSERT = "sys.path.insert(0, str(Path(__file__).parent / 'lib'))\n"
OTHER = "sys.path.insert(0, str(Path(__file__).parent / 'other'))\n"
OUT = INSERT.replace("\n", "  # this one goes\n")
TRIED = "try:\n    import m\nexcept ImportError:\n    pass\n"
FILES = {"lib/m.py": "", "other/n.py": ""}


def plan(facts: Facts, files: Mapping[str, str]) -> Plan:
    codebase = facts(files).codebase
    judge = Judge(codebase)
    return plan_deletions(codebase, judge, judge_all(codebase, judge))


def edited(files: Mapping[str, str], plan: Plan, *lanes: Lane) -> dict[str, str]:
    edits = [edit for group in plan.groups if group.lane in lanes for edit in group.edits]
    return {path: apply_edits(text, [edit for edit in edits if edit.path == path]) for path, text in files.items()}


def test_what_is_needed_stays_and_the_reason_is_told(facts: Facts) -> None:
    files = {**FILES, "run.py": f"{HEAD}{INSERT}import m\n"}
    (group,) = plan(facts, files).groups
    assert (group.lane, group.edits, group.why) == (Lane.REFUSED, (), "needed-packaging")
    assert str(group.location) == "run.py:3"
    assert group.proofs[0].evidence[0].startswith("`python run.py`: import m (run.py:4) reaches lib/m.py")


def test_what_cannot_be_cut_out_stays(facts: Facts) -> None:
    files = {**FILES, "run.py": "import sys\n[sys.path.append(x) for x in ('gone', 'missing')]\nprint()\n"}
    groups = plan(facts, files).groups
    assert {group.lane for group in groups} == {Lane.REFUSED}
    assert groups[0].why == "the change is a part of a larger statement"


def test_an_idle_statement_goes_with_all_that_is_there_for_it(facts: Facts) -> None:
    files = {
        **FILES,
        "run.py": f"{HEAD}\n# Find our modules on the path\n{INSERT}\nimport json  # noqa: E402\n\nprint(json)\n",
    }
    found = plan(facts, files)
    (group,) = found.groups
    assert (group.id, group.lane) == ("search-path:run.py:safe", Lane.SAFE)
    assert all(proof.holds for proof in group.proofs)
    assert len(group.proofs) == 3
    assert edited(files, found, Lane.SAFE)["run.py"] == "import json\n\nprint(json)\n"


@pytest.mark.parametrize(
    "others",
    [
        {"other.py": "from run import ROOT\n"},
        {"other.py": "from run import (\n    a,\n    ROOT as r,\n)\n"},
        {"other.py": "import run\nprint(run.ROOT)\n"},
        {"other.py": "import run as r\nprint(getattr(r, 'ROOT'))\n"},
        {"other.py": "from run import *\nprint(ROOT)\n"},
        {"other.py": "import importlib\nprint(importlib.import_module('run').ROOT)\n"},
        {"other.py": "import inner\nprint(inner.run.ROOT)\n", "inner.py": "import run\n"},
        {"test_a.py": "import run\ndef test_a(monkeypatch): monkeypatch.setattr('run.ROOT', 1)\n"},
    ],
    ids=["from", "from-brackets", "attribute", "getattr", "star", "by-name", "through-another", "patched"],
)
def test_names_that_another_file_takes_stay(facts: Facts, others: dict[str, str]) -> None:
    files = {"run.py": f"{HEAD}ROOT = Path(__file__).parent\nsys.path.insert(0, str(ROOT))\nprint()\n", **others}
    text = edited(files, plan(facts, files), Lane.SAFE)["run.py"]
    assert text == "from pathlib import Path\nROOT = Path(__file__).parent\nprint()\n"


@pytest.mark.parametrize("other", ["import run\nprint(vars(run))\n", "import run\nprint(run.__dict__)\n"])
def test_all_names_stay_where_another_file_takes_all(facts: Facts, other: str) -> None:
    files = {"run.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parent))\nprint()\n", "other.py": other}
    assert edited(files, plan(facts, files), Lane.SAFE)["run.py"] == f"{HEAD}print()\n"


def test_names_that_other_files_have_of_their_own_go(facts: Facts) -> None:
    files = {
        "run.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parent))\nprint()\n",
        "other.py": "import pathlib\nimport sys\nfrom pathlib import Path\nimport run\nprint(pathlib.Path, Path)\n",
    }
    assert edited(files, plan(facts, files), Lane.SAFE)["run.py"] == "print()\n"


def test_one_file_may_lose_statements_in_two_lanes(facts: Facts) -> None:
    files = {**FILES, "run.py": f"import n\n{HEAD}{INSERT}x = 1\n{OTHER}print(sys, Path)\n"}
    found = plan(facts, files)
    safe, review = found.groups
    assert (safe.lane, review.lane) == (Lane.SAFE, Lane.REVIEW)
    assert review.requires == {safe.id}
    assert review.hint.startswith("what is imported above it is not found")
    assert edited(files, found, Lane.SAFE)["run.py"] == f"import n\n{HEAD}x = 1\n{OTHER}print(sys, Path)\n"
    assert edited(files, found, Lane.SAFE, Lane.REVIEW)["run.py"] == f"import n\n{HEAD}x = 1\nprint(sys, Path)\n"


def test_edits_that_cannot_be_told_apart_are_all_for_review(facts: Facts) -> None:
    files = {**FILES, "run.py": f"import n\n{HEAD}\n{INSERT}{OTHER}print()\n"}
    (group,) = plan(facts, files).groups
    assert group.lane is Lane.REVIEW
    assert group.title == "take out 2 statements that change the search path"


def test_a_second_run_changes_nothing(facts: Facts, tmp_path: Path) -> None:
    files = {**FILES, "run.py": f"import n\n{HEAD}{INSERT}{OTHER}print(sys, Path)\n"}
    once = edited(files, plan(facts, files), Lane.SAFE, Lane.REVIEW)
    (tmp_path / "repository").rename(tmp_path / "before")
    assert plan(facts, once).groups == ()


def test_the_proof_fails_where_a_needed_statement_is_gone(facts: Facts) -> None:
    text = f"{HEAD}{INSERT}import m\n"
    codebase = facts({**FILES, "run.py": text}).codebase
    judge = Judge(codebase)
    judgements = judge_all(codebase, judge)
    without = text.replace(INSERT, "")
    (proof,) = prove_deletion(codebase, judge, judgements, "run.py", without)
    assert not proof.holds
    assert (
        proof.evidence[0]
        == "`python run.py`: import m in run.py reaches nothing in the repository, and before lib/m.py"
    )
    (kept,) = prove_deletion(codebase, judge, judgements, "run.py", text)
    assert kept.holds


def test_the_proof_fails_where_an_import_is_gone(facts: Facts) -> None:
    text = f"{HEAD}{INSERT}import json\nimport m\nfrom numpy import array\n"
    codebase = facts({**FILES, "run.py": text}).codebase
    judge = Judge(codebase)
    judgements = judge_all(codebase, judge)
    (proof,) = prove_deletion(codebase, judge, judgements, "run.py", text.replace("import m\n", ""))
    assert proof.evidence[0] == "import m in run.py is gone"
    (foreign,) = prove_deletion(codebase, judge, judgements, "run.py", text.replace("from numpy import array\n", ""))
    assert foreign.evidence[0] == "import numpy in run.py is gone"
    (shorter,) = prove_deletion(codebase, judge, judgements, "run.py", text.replace("import json\n", ""))
    assert shorter.holds


@pytest.mark.parametrize(
    "code",
    [
        f"{TRIED}{OUT}{TRIED}",
        f"if sys.argv[5:]:\n    {INSERT}{OUT}{TRIED}",
        f"if sys.argv[5:]:\n    {OUT}{TRIED}",
        f"def f():\n    {INSERT}\n{OUT}{TRIED}",
    ],
    ids=["once more below", "only where another does not run", "only where it runs", "only until another is called"],
)
def test_the_proof_fails_where_one_import_changes_in_one_case(facts: Facts, code: str) -> None:
    text = f"{HEAD}{code}print()\n"
    codebase = facts({**FILES, "run.py": text}).codebase
    judge = Judge(codebase)
    line = text[: text.index(OUT)].count("\n") + 1
    removed = [judged for judged in judge_all(codebase, judge) if judged.hack.statement.line == line]
    (proof,) = prove_deletion(codebase, judge, removed, "run.py", text.replace(OUT, "pass\n"))
    assert not proof.holds


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        (
            "import m\nimport n\n",
            "import n in run.py reaches nothing in the repository, and before it was not looked up",
        ),
        ("if TYPE_CHECKING:\n    import m\n", "import m in run.py is looked up no more"),
        ("import n\nimport m\n", "import m in run.py is looked up no more"),
    ],
    ids=["one more", "one that does not run", "another before it"],
)
def test_the_proof_says_what_else_is_looked_up(facts: Facts, edited: str, said: str) -> None:
    text = f"{HEAD}{OTHER}import m\n"
    codebase = facts({**FILES, "run.py": text}).codebase
    judge = Judge(codebase)
    (proof,) = prove_deletion(codebase, judge, judge_all(codebase, judge), "run.py", f"{HEAD}{edited}")
    assert proof.evidence[0] == f"`python run.py`: {said}"


def test_the_proof_fails_where_the_tree_is_another(facts: Facts) -> None:
    del facts
    tree = parse_python(SourceText("a.py", "x = 1\n")).module
    assert same_tree("a.py", "x  =  1\n", tree).holds
    assert not same_tree("a.py", "x = 2\n", tree).holds
    assert same_tree("a.py", "x = (\n", tree).evidence[0].startswith("it does not parse")


def test_a_statement_that_has_not_changed_is_no_proof_that_it_should_not_have() -> None:
    text = "import os, sys\nsys.path.append('a')\nx = 1\nos\n"
    tree = parse_python(SourceText("a.py", text))
    removal = Remover(tree).remove([(2, 1)])
    assert same_tree("a.py", "import os\nx = 1\nos\n", removal.expected, tree).holds
    assert not same_tree("a.py", "import os, sys\nx = 1\nos\n", removal.expected, tree).holds
    assert not same_tree("a.py", "import os\nx = 2\nos\n", removal.expected, tree).holds
    assert not same_tree("a.py", "import os\nos\nx = 1\n", removal.expected, tree).holds


def test_a_file_that_libcst_does_not_follow_is_refused_and_the_others_are_not(facts: Facts) -> None:
    gone = "sys.path.append(__file__ + '/../gone')"
    files = {
        "deep.py": f"import sys; {gone}; x = {'1 + ' * 200}1\n",
        "patterns.py": f"import sys; {gone}\nmatch 1:\n    case {'[' * 60}{']' * 60}: pass\nprint()\n",
        "feed.py": f"\fimport sys\n{gone}\nprint()\n",
        "plain.py": f"import sys\n{gone}\nprint()\n",
    }
    found = {str(group.location).partition(":")[0]: group for group in plan(facts, files).groups}
    assert {path: group.lane.value for path, group in found.items()} == {
        "deep.py": "refused",
        "feed.py": "refused",
        "patterns.py": "safe",
        "plain.py": "safe",
    }
    assert found["deep.py"].why == "the code around it is nested deeper than LibCST follows safely"
    assert found["feed.py"].why == "LibCST does not give the code around it back as it is"
    assert not any(group.edits for group in found.values() if group.lane is Lane.REFUSED)


def test_a_deletion_that_libcst_makes_otherwise_is_refused(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rrr_optimize.formats.concrete_deletion.Deletion.lines", lambda _self, lines, _block: lines)
    (group,) = plan(facts, {"run.py": "import sys\nsys.path.append(__file__ + '/../gone')\nprint()\n"}).groups
    assert (group.lane, group.edits) == (Lane.REFUSED, ())
    assert group.why == "the proof failed: LibCST deletes the same from run.py, and every other comment is left"
    assert "LibCST leaves import where the edit leaves" in " ".join(group.proofs[1].evidence)


def test_a_coding_cookie_that_would_begin_to_count_keeps_the_statement(facts: Facts) -> None:
    files = {"run.py": "import sys\nsys.path.insert(0, 'gone')\n# coding: latin-1\nprint('\u00e9')\n"}
    (group,) = plan(facts, files).groups
    assert (group.lane, group.why) == (Lane.REFUSED, "the result would be read in another encoding")


def test_a_text_that_becomes_a_docstring_is_a_review(facts: Facts) -> None:
    files = {"run.py": "import sys\nsys.path.insert(0, 'gone')\n'About it.'\nprint(__doc__)\n"}
    (group,) = plan(facts, files).groups
    assert (group.lane, group.hint) == (Lane.REVIEW, "the text in line 3 becomes a docstring: see who reads it")


def test_a_folder_in_an_archive_stays(facts: Facts) -> None:
    statement = "sys.path.insert(0, str(Path(__file__).parent / 'all.zip' / 'lib'))\n"
    (group,) = plan(facts, {"run.py": f"{HEAD}{statement}import m\n", "all.zip": ""}).groups
    assert (group.lane, group.why) == (Lane.REFUSED, "leave: archive")
