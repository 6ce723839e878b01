"""The second proof: what refuses a group comes first, then what the real replay sees of edits made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.edits import apply_edits
from rrr_optimize.imports.deletion import plan_deletions
from rrr_optimize.imports.judging import Judge, judge_all
from rrr_optimize.imports.proof import prove_deletion
from rrr_optimize.imports.replay_proof import prove_by_replay
from rrr_optimize.model import ChangeGroup, Edit, Lane, Plan, Span
from rrr_optimize.tools.replay import PythonReplayer, Replayed, ReplayError
from rrr_optimize.tools.replaying import LIBRARY, NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rrr_optimize.imports.verdicts import Judgement
    from rrr_optimize.tools.replay import Reached, ReplayProgram
    from tests.conftest import Facts

LINE = "sys.path.insert(0, str(Path(__file__).resolve().parent / 'lib'))\n"
HACK = f"import sys\nfrom pathlib import Path\n{LINE}"
IDLE = HACK.replace("'lib'", "'gone'")
FILES = {"lib/helper.py": "", "run.py": f"{IDLE}import json\nprint(json)\n"}


class FakeReplayer:
    """A replayer that answers every program alike."""

    def __init__(self, before: Reached, after: Reached, error: str = "") -> None:
        self.answer = Replayed({"usual": (before, after)}, ({"run.py": {"import sys": 1}}, {"run.py": {}}))
        self.error = error
        self.asked: list[ReplayProgram] = []
        self.texts: list[Mapping[str, str]] = []

    def replay(
        self, root: Path, programs: Sequence[ReplayProgram], before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[Replayed]:
        del root, before
        self.asked += programs
        self.texts.append(after)
        if self.error:
            raise ReplayError(self.error)
        yield from [self.answer] * len(programs)

    def close(self) -> None:
        self.asked.clear()


def found(path: str, text: str, name: str, origin: str) -> Reached:
    return {(path, "__main__", text, 0, name, False): (origin,)}


M = found("run.py", "import m", "m", "lib/m.py")
JSON = found("run.py", "import json", "json", LIBRARY)
SYS = found("run.py", "import sys", "sys", LIBRARY)


def prove(facts: Facts, files: Mapping[str, str], replayer: FakeReplayer) -> Plan:
    codebase = facts(files).codebase
    judge = Judge(codebase)
    judgements = judge_all(codebase, judge)
    return prove_by_replay(codebase, judge, judgements, plan_deletions(codebase, judge, judgements), replayer)


@pytest.mark.parametrize(
    ("before", "after", "error", "told"),
    [
        (M, found("run.py", "import m", "m", "src/m.py"), "", "import m in run.py reaches lib/m.py, and src/m.py"),
        (M, found("run.py", "import m", "m", NOTHING), "", "import m in run.py reaches lib/m.py, and nothing"),
        ({**M, **JSON}, JSON, "", "import m in run.py reaches lib/m.py, and nothing, for it is not run"),
        ({**M, **JSON}, M, "", "import json in run.py reaches the standard library, and nothing, for it is not run"),
        (M, {**M, **JSON}, "", "import json in run.py reaches nothing, for it is not run, and the standard library"),
        ({}, {}, "", "there was nothing to compare"),
        (M, M, "it died", "it died"),
    ],
    ids=["elsewhere", "nowhere", "vanishes", "library vanishes, and still stands there", "appears", "nothing", "dies"],
)
def test_a_difference_refuses_the_group(before: Reached, after: Reached, error: str, told: str, facts: Facts) -> None:
    (group,) = prove(facts, FILES, FakeReplayer(before, after, error)).groups
    assert (group.lane, group.edits) == (Lane.REFUSED, ())
    assert group.why.startswith("the proof failed: replayed by Python")
    assert told in group.proofs[-1].evidence[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (M, M),
        ({**M, **SYS}, M),
        (found("run.py", "import m", "m", NOTHING), {**M, **found("lib/m.py", "import json", "json", LIBRARY)}),
    ],
    ids=["the same", "an import of the library that the edit took out", "nothing before, and what that imports"],
)
def test_what_may_differ_leaves_the_group_as_it_is(before: Reached, after: Reached, facts: Facts) -> None:
    (group,) = prove(facts, FILES, FakeReplayer(before, after)).groups
    assert group.edits
    assert group.proofs[-1].holds


def test_every_program_is_replayed_in_its_directory_and_in_another(facts: Facts) -> None:
    fake = FakeReplayer(M, M)
    prove(facts, {"lib/helper.py": "", "app/run.py": FILES["run.py"]}, fake)
    directories = {(program.loads[0].package, program.directory) for program in fake.asked}
    assert directories >= {("", "."), ("", "app"), ("app", "."), ("app", "app")}


def test_what_is_started_beside_its_file_is_replayed_in_an_empty_folder_too(facts: Facts) -> None:
    fake = FakeReplayer(M, M)
    prove(facts, FILES, fake)
    assert {program.directory for program in fake.asked} == {".", None}


def test_a_group_is_replayed_on_top_of_those_before_it(facts: Facts) -> None:
    fake = FakeReplayer(M, M)
    prove(facts, {"lib/helper.py": "", "a.py": FILES["run.py"], "b.py": FILES["run.py"]}, fake)
    assert [sorted(texts) for texts in fake.texts] == [["a.py"], ["a.py", "b.py"]]


HEAD = HACK.removesuffix(LINE)
USE = "import helper\nprint(helper)\n"
GUARD = "lib = str(Path(__file__).parent / 'lib')\nif lib not in sys.path:\n    sys.path.append(lib)\n"
NEEDED = {
    "as it is": f"{HACK}{USE}",
    "in a function": f"{HEAD}def begin():\n    {LINE}begin()\n{USE}",
    "where an import fails": f"{HEAD}try:\n    import absent\nexcept ImportError:\n    {LINE}    import helper\n",
    "guarded": f"{HEAD}{GUARD}{USE}",
    "by way of another file": f"{HACK}import inner.part\nprint(inner)\n",
}


def judged(facts: Facts, text: str) -> tuple[Judge, tuple[Judgement, ...]]:
    files = {"lib/helper.py": "", "inner/__init__.py": "", "inner/part.py": "import helper\n", "run.py": text}
    judge = Judge(facts(files).codebase)
    return judge, judge_all(judge.codebase, judge)


@pytest.mark.parametrize("text", NEEDED.values(), ids=NEEDED)
def test_a_needed_statement_that_is_taken_out_by_hand_fails_both_proofs(text: str, facts: Facts) -> None:
    judge, judgements = judged(facts, text)
    (needed,) = judgements
    assert needed.lane is Lane.REFUSED
    assert judge.differences(needed.hack)
    lines = text.splitlines(keepends=True)
    number = needed.hack.location.line - 1
    start = sum(map(len, lines[:number]))
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    edit = Edit("run.py", Span(start, start + len(lines[number])), f"{indent}pass\n")
    static = list(prove_deletion(judge.codebase, judge, judgements, "run.py", apply_edits(text, (edit,))))
    assert [proof.holds for proof in static] == [False]

    group = ChangeGroup("by-hand", Lane.REVIEW, "take it out", "", edits=(edit,))
    forced = [replace(needed, lane=Lane.REVIEW)]
    replayer = PythonReplayer()
    try:
        (proved,) = prove_by_replay(judge.codebase, judge, forced, Plan((group,)), replayer).groups
        idle = replace(group, edits=(Edit("run.py", Span(len(text), len(text)), "# no change\n"),))
        (kept,) = prove_by_replay(judge.codebase, judge, forced, Plan((idle,)), replayer).groups
    finally:
        replayer.close()
    assert proved.lane is Lane.REFUSED
    assert any("helper" in line and "lib/helper.py" in line for line in proved.proofs[-1].evidence)
    assert kept.lane is Lane.REVIEW
