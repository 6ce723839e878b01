"""The verdict on each statement that changes the search path; what must not be taken out comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.imports.judging import Judge, judge_all
from rrr_optimize.imports.verdicts import Reason
from rrr_optimize.model import Lane

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.imports.verdicts import Judgement
    from tests.conftest import Facts

HEAD = "import sys\nfrom pathlib import Path\n"
INSERT = f"{HEAD}sys.path.insert(0, str(Path(__file__).parent / 'lib'))\n"
LIB = {"lib/m.py": "", "lib/n.py": ""}


def judge(facts: Facts, files: Mapping[str, str]) -> tuple[Judgement, ...]:
    """Return the verdicts on files of which run.py does something when it is started."""
    acting = {path: f"{text}\nprint()\n" if path == "run.py" else text for path, text in files.items()}
    return judge_all(facts(acting).codebase)


def one(facts: Facts, files: Mapping[str, str]) -> Judgement:
    (found,) = judge(facts, files)
    return found


def said(facts: Facts, files: Mapping[str, str]) -> list[str]:
    return [
        f"{judged.hack.location} {judged.verdict} {judged.lane.value} {judged.reason}".rstrip()
        for judged in judge(facts, files)
    ]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("import sys\nsys.path.insert(0, sys.argv[1])", "chosen-at-run-time"),
        (
            f"{HEAD}LIB = str(Path(__file__).parent / 'lib')\nfrom m import *\nsys.path.append(LIB)",
            "chosen-at-run-time",
        ),
        ("import sys\nsys.path.insert(0, 'x')\nsys.path.remove('x')", "taken-back"),
        ("import sys\nsys.path.insert(0, '{{ folder }}')", "template"),
        ("import sys\nsys.path.insert(0, '/')", "outside-the-repository"),
        (f"{HEAD}sys.path.insert(0, str(Path(__file__).parent / 'lib.zip'))", "archive"),
        (f"{HEAD}sys.path.insert(0, str(Path(__file__).parent / 'build/lib'))", "made-later"),
        (f"{HEAD}sys.path.insert(0, str(Path(__file__).parent / 'module/src'))", "made-later"),
        (f"{HEAD}import site\nsite.addsitedir(str(Path(__file__).parent / 'site'))", "path-files"),
        (f"{HEAD}sys.path[:0] = [str(Path(__file__).parent / 'lib')]\nimport m", "form"),
    ],
)
def test_leaves_what_it_cannot_judge_and_says_why(facts: Facts, statement: str, reason: str) -> None:
    files = {
        **LIB,
        "run.py": statement,
        "lib.zip": "",
        "site/x.pth": "../lib\n",
        ".gitmodules": '[submodule "m"]\n\tpath = module\n',
    }
    assert said(facts, files)[0].split()[1:] == ["leave", "refused", reason]


def test_leaves_what_a_later_import_needs(facts: Facts) -> None:
    found = one(facts, {**LIB, "run.py": f"{INSERT}import m"})
    assert (found.verdict, found.lane.value) == ("needed-packaging", "refused")
    assert found.evidence == (
        "`python run.py`: import m (run.py:4) reaches lib/m.py, and nothing in the repository without it",
    )
    assert found.advice == "declare lib/ as a source root (packaging, or pytest's pythonpath) and install the project"


@pytest.mark.parametrize(
    "after",
    [
        "def f():\n    import m",
        "import importlib\nimportlib.import_module('m')",
        "import other",
        "from unittest import mock\nmock.patch('m.f')",
        "try:\n    import m\nexcept ImportError:\n    m = None",
        "import n, m",
        "class C:\n    import m",
        "if True:\n    import m",
    ],
)
def test_sees_every_import_that_needs_it(facts: Facts, after: str) -> None:
    files = {**LIB, "run.py": f"{INSERT}{after}", "other.py": "import m"}
    assert one(facts, files).lane.value == "refused"


def test_an_import_that_failed_above_is_found_below(facts: Facts) -> None:
    assert one(facts, {**LIB, "run.py": f"import m\n{INSERT}import m"}).verdict == "mixed"


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    import m\n\n\ndef g():\n    {insert}\n",
        "def g():\n    {insert}\n\n\ng()\nimport m\n",
        "if sys.argv:\n    sys.path[:0] = [str(Path(__file__).parent / 'lib')]\n{insert}\nimport m\n",
    ],
    ids=["called late", "called at once", "another one may not run"],
)
def test_sees_what_may_run_or_not_and_when(facts: Facts, code: str) -> None:
    insert = "sys.path.insert(0, str(Path(__file__).parent / 'lib'))"
    found = judge(facts, {**LIB, "run.py": HEAD + code.format(insert=insert)})
    assert found[-1].lane.value == "refused"


def test_a_conftest_is_not_taken_for_the_one_above_it(facts: Facts) -> None:
    files = {
        "conftest.py": "",
        "sub/conftest.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))\nimport m",
        "sub/test_a.py": "",
        **LIB,
    }
    assert one(facts, files).lane.value == "refused"


def test_a_folder_that_the_program_asks_for_may_be_there_later(facts: Facts) -> None:
    code = f"{HEAD}there = Path(__file__).parent / 'gone'\nif there.exists():\n    sys.path.insert(0, str(there))\n"
    assert one(facts, {"run.py": code}).reason == "made-later"


def test_refuses_what_only_another_way_to_enter_needs(facts: Facts) -> None:
    files = {
        "src/__init__.py": "",
        "src/run.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parent))\nimport m",
        "src/m.py": "",
    }
    found = one(facts, files)
    assert (found.verdict, found.lane.value, found.reason) == ("redundant", "refused", "needed-elsewhere")
    assert "`python -m src.run`: import m (src/run.py:4) reaches src/m.py" in found.evidence[0]


def test_refuses_what_a_file_loaded_by_another_needs(facts: Facts) -> None:
    files = {
        "a/setup_path.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))",
        "a/run.py": "import setup_path\nimport m",
        **LIB,
    }
    found = one(facts, files)
    assert (found.verdict, found.lane.value, found.reason) == ("unused", "refused", "needed-elsewhere")
    assert found.evidence[0].startswith("`python a/run.py`: import m (a/run.py:2) reaches lib/m.py")


@pytest.mark.parametrize(
    ("path", "shown"), [("app/tool.py", "python -m app.tool"), ("app/__init__.py", "python -m app")]
)
def test_refuses_what_a_program_needs_that_is_started_by_its_name(facts: Facts, path: str, shown: str) -> None:
    hack = f"{HEAD}sys.path.append(str(Path(__file__).parents[1] / 'lib'))\n"
    found = one(facts, {**LIB, "paths/add.py": hack, path: "import paths.add\nimport m\n"})
    assert (found.lane.value, found.reason) == ("refused", "needed-elsewhere")
    assert found.evidence[0].startswith(f"`{shown}`: import m ({path}:2) reaches lib/m.py")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("run.py", "from pkg.main import go\n"),
        ("run.py", "import pkg.main\n"),
        ("pkg/tool.py", "import __init__\nimport beside\n"),
    ],
    ids=["a name of a part", "a part", "its own folder"],
)
def test_refuses_what_a_file_needs_that_loads_the_package_around_it(facts: Facts, path: str, text: str) -> None:
    hack = f"{HEAD}sys.path.append(str(Path(__file__).parent / 'lib'))\n"
    main = "import beside\ngo = 1\n" if path == "run.py" else ""
    found = one(facts, {"pkg/__init__.py": hack, "pkg/lib/beside.py": "", "pkg/main.py": main, path: text})
    assert found.lane.value == "refused"
    assert any("import beside" in line and "reaches pkg/lib/beside.py" in line for line in found.evidence)


def test_refuses_what_a_test_below_a_conftest_needs(facts: Facts) -> None:
    files = {
        "tests/conftest.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))",
        "tests/deep/test_m.py": "import m",
        **LIB,
    }
    assert one(facts, files).verdict == "needed-packaging"


def test_refuses_what_a_later_test_of_the_session_needs_of_a_namespace(facts: Facts) -> None:
    files = {
        "tests/test_a.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))",
        "tests/test_b.py": "import spread.m",
        "lib/spread/m.py": "",
    }
    found = one(facts, files)
    assert (found.verdict, found.lane.value, found.reason) == ("unused", "refused", "needed-elsewhere")
    assert "import spread.m (tests/test_b.py:1)" in found.evidence[0]


def test_refuses_what_a_test_below_a_conftest_needs_that_loads_the_file(facts: Facts) -> None:
    line = f"{HEAD}sys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))\nprint()\n"
    files = {"helpers/setup_path.py": line, "conftest.py": "import helpers.setup_path", "tests/test_a.py": "import m"}
    found = one(facts, {**LIB, **files})
    assert (found.lane.value, found.reason) == ("refused", "needed-elsewhere")
    assert "import m (tests/test_a.py:1)" in found.evidence[0]


def test_two_that_serve_the_same_imports_are_not_both_taken_out(facts: Facts) -> None:
    files = {**LIB, "run.py": f"{INSERT}sys.path.insert(0, str(Path(__file__).parent / 'lib'))\nimport m"}
    assert said(facts, files) == [
        "run.py:3 redundant safe",
        "run.py:4 redundant refused needed-together",
    ]


def test_a_notebook_that_loads_the_file_is_a_way_to_enter(facts: Facts) -> None:
    cells = '{"cells": [{"cell_type": "code", "source": ["import paths\\n", "import m"]}], "nbformat": 4}'
    found = one(
        facts,
        {**LIB, "paths.py": INSERT, "show.ipynb": cells.replace('["', '[\n"').replace(' "import m', '\n"import m')},
    )
    assert (found.verdict, found.lane.value, found.reason) == ("unused", "refused", "needed-elsewhere")
    assert found.evidence[0].startswith("`python show.ipynb`: import m")


def test_what_nothing_loads_asks_for_a_look(facts: Facts) -> None:
    found = one(facts, {**LIB, "paths.py": INSERT})
    assert (found.verdict, found.lane.value, found.reason) == ("unused", "review", "loaded-by-nobody")


def test_leaves_a_folder_whose_meaning_depends_on_the_directory(facts: Facts) -> None:
    files = {"a/run.py": "import sys\nsys.path.append('lib')\nimport m", **LIB, "a/lib/other.py": ""}
    found = one(facts, files)
    assert (found.verdict, found.reason) == ("leave", "depends-on-directory")
    assert "needed-packaging or unused" in found.advice


def test_never_edits_what_does_not_parse(facts: Facts) -> None:
    broken = "def f(:\n"
    files = {
        **LIB,
        "absent.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parent / 'gone'))\n{broken}",
        "unused.py": f"{INSERT}{broken}",
        "used.py": f"{INSERT}import m\n{broken}",
    }
    assert said(facts, files) == [
        "absent.py:3 absent refused unparsable",
        "unused.py:3 unused refused unparsable",
        "used.py:3 leave refused unparsable",
    ]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ("import importlib\nimportlib.import_module(sys.argv[1])", "a module whose name is chosen at run time"),
        ("exec(open('x').read())", "it runs code that stands elsewhere"),
        ("print(sys.path)", "it reads the search path"),
        ("sys.path.pop(0)", "it takes entries off the search path"),
        ("sys.meta_path.append(None)", "it changes the import machinery"),
        ("sys.modules['m'] = None", "it changes the import machinery"),
        ("import os\nos.chdir('lib')", "it changes the working directory"),
    ],
)
def test_a_doubt_asks_for_a_look(facts: Facts, more: str, text: str) -> None:
    files = {**LIB, "run.py": f"{INSERT}import other", "other.py": f"import sys\n{more}"}
    found = judge(facts, files)
    assert [(each.verdict, each.lane.value, each.reason) for each in found] == [("unused", "review", "doubt")]
    assert any(text in each for each in found[0].evidence)


@pytest.mark.parametrize(("length", "expected"), [(100, ("safe", "")), (400, ("review", "too-many-files"))])
def test_a_chain_too_long_to_follow_asks_for_a_look(facts: Facts, length: int, expected: tuple[str, str]) -> None:
    chain = {f"m{number}.py": f"import m{number + 1}\n" for number in range(length)}
    found = one(facts, {"run.py": "import sys\nsys.path.append('gone')\nimport m0\n", **chain})
    assert (found.lane.value, found.reason) == expected


def test_a_hidden_module_of_the_library_asks_for_a_look(facts: Facts) -> None:
    found = one(facts, {"run.py": INSERT, "lib/queue.py": ""})
    assert (found.verdict, found.lane.value, found.reason) == ("unused", "review", "hides-a-module")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"run.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parent / 'gone'))\nimport m"}, "absent safe"),
        ({**LIB, "run.py": INSERT}, "unused safe"),
        ({**LIB, "run.py": f"{INSERT}import json"}, "unused safe"),
        ({"run.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parent))\nimport m", "m.py": ""}, "redundant safe"),
        ({**LIB, "run.py": f"import m\n{INSERT}"}, "too-late review imports-missed"),
        ({**LIB, "run.py": f"import m\n{INSERT}import n"}, "mixed refused"),
    ],
    ids=["absent", "unused", "unused by the library", "redundant", "too late", "mixed"],
)
def test_says_what_a_statement_does(facts: Facts, files: dict[str, str], expected: str) -> None:
    assert [row.partition(" ")[2] for row in said(facts, files)] == [expected]


def test_asks_for_the_name_that_an_installation_gives(facts: Facts) -> None:
    files = {
        "pyproject.toml": "[build-system]\nrequires = ['setuptools']\n[tool.setuptools]\npackages = ['src']\n",
        "src/__init__.py": "",
        "src/database/__init__.py": "",
        "src/api.py": "",
        "scripts/short.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parents[1] / 'src'))\nfrom database import x",
        "scripts/whole.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parents[1]))\nimport src.api",
    }
    short, whole = judge_all(facts(files).codebase)
    assert short.verdict == "needed-rewrite"
    assert "an installation offers src/database/__init__.py as src.database" in short.evidence[-1]
    assert (whole.verdict, whole.advice) == ("needed-packaging", "install the project (pip install -e .)")


def test_the_way_that_documents_show_is_the_usual_one(facts: Facts) -> None:
    files = {
        "src/__init__.py": "",
        "src/run.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parent))\nimport m",
        "src/m.py": "",
    }
    assert one(facts, files | {"README.md": "```bash\npython -m src.run\n```\n"}).verdict == "needed-packaging"


def test_without_a_document_the_usual_way_is_the_script(facts: Facts) -> None:
    files = {
        "src/run.py": f"{HEAD}sys.path.insert(0, str(Path(__file__).parent))\nimport m",
        "src/m.py": "",
    }
    assert one(facts, files).verdict == "redundant"


@pytest.mark.parametrize(
    "others",
    [
        {"run.py": "import pkg.sub\nimport m"},
        {"run.py": "from pkg.sub import name\nimport m"},
        {"pkg/sub.py": "import m\nif __name__ == '__main__':\n    pass"},
        {"pkg/__main__.py": "import m"},
        {"pkg/test_x.py": "import m"},
        {"pkg/unit/test_x.py": "def test_x():\n    import m"},
    ],
    ids=["import of a submodule", "from a submodule", "-m inside", "-m of the package", "test", "test further down"],
)
def test_a_package_serves_all_that_load_something_in_it(facts: Facts, others: Mapping[str, str]) -> None:
    init = f"{HEAD}sys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))\nprint()\n"
    found = one(facts, {**LIB, "pkg/__init__.py": init, "pkg/sub.py": "", **others})
    assert (found.lane.value, found.reason.value) == ("refused", "needed-elsewhere")


def test_a_statement_under_a_condition_makes_no_other_redundant(facts: Facts) -> None:
    maybe = "if Path('x').is_file():\n    sys.path.insert(0, str(Path(__file__).parent / 'lib'))\n"
    tried = "try:\n    import m\nexcept ImportError:\n    m = None"
    files = {**LIB, "run.py": f"{HEAD}{maybe}{INSERT.removeprefix(HEAD)}{tried}"}
    assert judge(facts, files)[-1].lane.value == "refused"


@pytest.mark.parametrize(
    "begin",
    [
        "try:\n    import pkg\nexcept ImportError:\n    pass\n",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import pkg\n",
        "import contextlib\nwith contextlib.suppress(Exception):\n    import pkg\n",
        "import pytest\nwith pytest.raises(ImportError):\n    import pkg\n",
    ],
    ids=["try", "suppress", "of its module", "raises"],
)
def test_what_a_block_loads_that_forgives_may_end_half_way(facts: Facts, begin: str) -> None:
    package = f"import absent\n{HEAD}sys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))\nimport n\n"
    found = judge(facts, {**LIB, "pkg/__init__.py": package, "run.py": f"{begin}{INSERT}import m\n"})
    assert found[-1].lane.value == "refused"


def test_a_guarded_statement_is_needed_where_no_other_conditional_one_runs(facts: Facts) -> None:
    guarded = "LIB = str(Path(__file__).parent / 'lib')\nif LIB not in sys.path:\n    sys.path.insert(0, LIB)\n"
    maybe = f"{HEAD}if sys.argv[5:]:\n    sys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))\n"
    tried = "try:\n    import m\nexcept ImportError:\n    pass\n"
    found = judge(facts, {**LIB, "conftest.py": f"{HEAD}{guarded}", "tests/test_a.py": f"{maybe}{tried}"})
    assert [each.lane.value for each in found] == ["refused", "refused"]


def test_an_addition_at_the_end_of_a_new_list_hides_nothing(facts: Facts) -> None:
    appended = "sys.path = sys.path + [str(Path(__file__).parent / 'lib')]\n"
    files = {**LIB, "m.py": "", "run.py": f"{HEAD}{appended}{INSERT.removeprefix(HEAD)}import m"}
    assert judge(facts, files)[-1].verdict == "needed-packaging"


@pytest.mark.parametrize(
    "ignored", ["lib/", "lib/gm.py", "*_made.py"], ids=["the folder", "the file", "a pattern elsewhere"]
)
def test_what_git_ignores_may_be_what_an_import_finds(facts: Facts, ignored: str) -> None:
    listed = {} if ignored == "lib/" else {"lib/n.py": ""}
    found = one(facts, {**listed, ".gitignore": f"{ignored}\n", "run.py": f"{INSERT}import gm\nimport gm_made\n"})
    assert (found.lane, found.reason) == (Lane.REVIEW, Reason.MADE_LATER)


def test_what_stands_on_the_disk_and_git_ignores_is_what_an_import_finds(facts: Facts, tmp_path: Path) -> None:
    repository = facts({"lib/n.py": "", "run.py": f"{INSERT}import gm\nprint()\n"})
    (tmp_path / "repository" / "lib" / "gm.py").write_text("", encoding="utf-8")
    (found,) = judge_all(repository.codebase)
    assert (found.lane, found.evidence) == (Lane.REFUSED, ("lib/gm is there, and git does not list it",))


def test_what_git_ignores_elsewhere_says_nothing(facts: Facts) -> None:
    files = {"lib/n.py": "", "gm.py": "", ".gitignore": "lib/gm.py\n", "run.py": f"{INSERT}import gm\nimport json\n"}
    assert one(facts, files).lane is Lane.SAFE


@pytest.mark.parametrize(("text", "lane"), [("class Handler: pass\n", Lane.REFUSED), ("x = 1\n", Lane.SAFE)])
def test_a_text_that_names_a_class_of_a_module_is_an_import(facts: Facts, text: str, lane: Lane) -> None:
    files = {"lib/m.py": text, "run.py": f"{INSERT}configure({{'class': 'm.Handler'}})\n"}
    assert one(facts, files).lane is lane


def test_an_import_mode_on_a_command_line_counts(facts: Facts) -> None:
    own = "import sys, os\nsys.path.insert(0, os.path.dirname(__file__))\n"
    files = {"tests/conftest.py": own, "tests/test_a.py": "import helper\n", "tests/helper.py": ""}
    assert one(facts, {**files, "Makefile": "test:\n\tpytest --import-mode=importlib\n"}).lane is Lane.REFUSED


def test_without_a_command_pytest_prepends(facts: Facts) -> None:
    own = "import sys, os\nsys.path.insert(0, os.path.dirname(__file__))\n"
    files = {"tests/conftest.py": own, "tests/test_a.py": "import helper\n", "tests/helper.py": ""}
    assert one(facts, {**files, "Makefile": "test:\n\tpytest\n"}).lane is Lane.SAFE


def test_what_goes_leaves_no_doubt_for_a_second_run(facts: Facts) -> None:
    root = "import sys\nfrom pathlib import Path\nLIB = str(Path(__file__).resolve().parents[1] / 'lib')\n"
    line, guarded = "sys.path.insert(0, LIB)\n", "if LIB not in sys.path:\n    sys.path.insert(0, LIB)\n"
    tried = "try:\n    import m\nexcept ImportError:\n    pass\ndef test_nothing(): pass\n"
    found = judge(facts, {**LIB, "tests/__init__.py": root + line, "tests/test_a.py": f"{root}{line}{guarded}{tried}"})
    assert [(each.hack.location.path, each.lane.value) for each in found if each.lane.value != "safe"] in (
        [("tests/test_a.py", "refused")],
        [("tests/__init__.py", "refused")],
    )


def test_of_very_many_files_that_load_one_the_nearest_are_followed(facts: Facts) -> None:
    far = {f"a{number}/f.py": "from app.core import x\nprint()\n" for number in range(80)}
    hack = "import os, sys\nsys.path.append(os.path.join(os.path.dirname(__file__), 'lib'))\n"
    near = {"app/core/x.py": hack, "app/core/lib/m.py": "", "app/core/near.py": "import x\nimport m\nprint()\n"}
    found = one(facts, far | near)
    assert found.reason is Reason.NEEDED_ELSEWHERE
    assert "app/core/near.py" in found.evidence[0]


@pytest.mark.parametrize("place", ["late.py", "run.py"], ids=["in a file that a function loads", "in a function"])
def test_which_function_is_called_first_is_not_known(facts: Facts, place: str) -> None:
    add = "sys.path.append(str(Path(__file__).parent / 'lib'))\n"
    first = "import late\n" if place == "late.py" else add
    files = {
        **LIB,
        "run.py": f"{HEAD}{add}def first():\n    {first}def second():\n    import m\n",
        "late.py": f"{HEAD}{add}" if place == "late.py" else "",
    }
    codebase = facts(files).codebase
    hack = next(each for each in codebase.hacks if each.location.path == "run.py")
    found = Judge(codebase).judge(hack)
    assert found is not None
    assert found.lane is Lane.REFUSED
