"""The eight facts of how Python really resolves an import, each as the real Python shows it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.module_index import ModuleIndex, ModuleKind
from rrr_optimize.facts.pytest_settings import PytestSettings
from rrr_optimize.facts.standard_library import FIXED, HIDEABLE
from rrr_optimize.imports.entries import as_module, as_script, as_served, as_tests
from rrr_optimize.imports.events import Events
from rrr_optimize.imports.following import follow
from rrr_optimize.imports.program import Conditions
from rrr_optimize.imports.resolution import resolve
from rrr_optimize.imports.search_path import INSTALLED, LIBRARY, Entry, EntryKind, begin, folder
from rrr_optimize.imports.searches import Searches
from tests.imports.agreement import disagreements
from tests.imports.real_python import start, stop_servers
from tests.imports.trees import Texts, write_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.imports.program import Program, Trace

SYS = "import sys\nfrom pathlib import Path\nROOT = Path(__file__).resolve().parents"


@pytest.fixture(autouse=True, scope="module")
def servers() -> Iterator[None]:
    yield
    stop_servers()


def reached(files: Mapping[str, str], program: Program | None, ini: str = "") -> dict[str, str]:
    """Return what the imports of a program reach, in which the real Python has to agree with us.

    That is the module's name and the file, the library, or nothing.
    """
    assert program is not None
    trace = follow(program, Searches(ModuleIndex.of_files(files)), Events(Texts(files)))
    with tempfile.TemporaryDirectory() as place:
        write_tree(Path(place, "tree"), {"pytest.ini": f"[pytest]\n{ini}", **files})
        assert disagreements(start(Path(place, "tree"), program), trace) == []
    return said(trace)


def said(trace: Trace) -> dict[str, str]:
    found = {
        name: "library" if origin.is_library else origin.path for (_, _, _, name, _), origin in trace.origins.items()
    }
    return {name: path for name, path in found.items() if name not in {"sys", "pathlib"}}


def top(files: list[str], name: str, *path: str) -> str:
    """Return what a name leads to on a search path, in which the real Python has to agree with us."""
    found = resolve(ModuleIndex.of_files(files), name, begin(*(folder(each) for each in path))).path
    program = as_script("run/run.py", environment=tuple(map(folder, path)))
    assert reached({"run/run.py": f"import {name}", **dict.fromkeys(files, "")}, program)[name] == found
    return found


# 1: what comes first on the path

FILES = {"a/run.py": "import m, n", "a/m.py": "", "n.py": ""}


def test_a_script_finds_what_is_beside_it_and_not_what_is_in_the_working_directory() -> None:
    assert reached(FILES, as_script("a/run.py")) == {"m": "a/m.py", "n": ""}


def test_a_module_finds_what_is_in_the_working_directory_and_not_what_is_beside_it() -> None:
    index = ModuleIndex.of_files(FILES)
    assert reached(FILES, as_module("a/run.py", index)) == {"m": "", "n": "n.py"}
    assert reached(FILES, as_module("a/run.py", index, "a")) == {"m": "a/m.py", "n": ""}
    assert reached(FILES, as_served("a/run.py", "a", index)) == {"m": "a/m.py", "n": ""}


def test_no_name_leads_to_a_file_behind_a_package_of_another_folder() -> None:
    index = ModuleIndex.of_files(["a-b/run.py", "a/run.py", "a.py", "c/__main__.py", "c/__init__.py"])
    assert as_module("a-b/run.py", index) is None
    assert as_module("a/run.py", index) is None
    program = as_module("c/__main__.py", index)
    assert program is not None
    assert str(program) == "python -m c"


# 2: pytest

TESTS = {
    "conftest.py": "import at_root",
    "tests/conftest.py": "import beside",
    "tests/unit/__init__.py": "",
    "tests/unit/test_x.py": "from . import shared\nimport at_root, beside, under, tests",
    "tests/unit/shared.py": "",
    "at_root.py": "",
    "tests/beside.py": "",
    "src/under.py": "",
}


def test_pytest_puts_the_first_folder_without_init_in_front() -> None:
    index = ModuleIndex.of_files(TESTS)
    found = reached(TESTS, as_tests(["tests/unit/test_x.py"], PytestSettings(), index))
    assert found == {
        "at_root": "at_root.py",
        "beside": "tests/beside.py",
        "unit": "tests/unit/__init__.py",
        "unit.shared": "tests/unit/shared.py",
        "under": "",
        "tests": "tests",
    }


@pytest.mark.parametrize(
    ("settings", "directory", "expected"),
    [
        (PytestSettings(import_mode="importlib"), None, {"at_root": "", "beside": "", "under": ""}),
        (PytestSettings(import_mode="importlib"), ".", {"at_root": "at_root.py", "beside": "", "under": ""}),
        (
            PytestSettings(import_mode="importlib", pythonpath=("src",)),
            None,
            {"at_root": "", "beside": "", "under": "src/under.py"},
        ),
        (
            PytestSettings(import_mode="append"),
            None,
            {"at_root": "at_root.py", "beside": "tests/beside.py", "under": ""},
        ),
    ],
    ids=["importlib adds nothing", "python -m pytest adds the directory", "pythonpath adds its entries", "append"],
)
def test_pytest_adds_what_its_mode_and_settings_say(
    settings: PytestSettings, directory: str | None, expected: dict[str, str]
) -> None:
    program = as_tests(["tests/unit/test_x.py"], settings, ModuleIndex.of_files(TESTS), directory=directory)
    ini = f"addopts = --import-mode={settings.import_mode}\npythonpath = {' '.join(settings.pythonpath)}\n"
    found = reached(TESTS, program, ini)
    assert {name: found[name] for name in expected} == expected


# 3: packages, modules, namespaces


def test_a_regular_package_anywhere_beats_a_namespace_found_earlier() -> None:
    assert top(["a/m/x.py", "b/m/__init__.py"], "m", "a", "b") == "b/m/__init__.py"
    assert top(["a/m/x.py", "b/m.py"], "m", "a", "b") == "b/m.py"


def test_portions_of_a_namespace_merge() -> None:
    index = ModuleIndex.of_files(["a/m/x.py", "b/m/y.py", "c/other.py"])
    found = index.find("m", ["a", "b", "c"])
    assert found is not None
    assert (found.kind, found.folders) == (ModuleKind.NAMESPACE, ("a/m", "b/m"))


def test_a_package_beats_a_module_of_its_name_and_a_folder_without_init_loses_to_it() -> None:
    assert top(["m/__init__.py", "m.py"], "m", ".") == "m/__init__.py"
    assert top(["m/x.py", "m.py"], "m", ".") == "m.py"


def test_an_extension_module_beats_a_module_of_its_name() -> None:
    index = ModuleIndex.of_files(["m.py", "m.cpython-312-x86_64-linux-gnu.so"])
    assert resolve(index, "m", begin(folder("."))).path == "m.cpython-312-x86_64-linux-gnu.so"


def test_a_namespace_follows_the_path_after_it_was_first_imported() -> None:
    files = {
        "a/run.py": f"import m.x\n{SYS}\nsys.path.append(str(ROOT[1] / 'b'))\nimport m.y",
        "a/m/x.py": "",
        "b/m/y.py": "",
    }
    assert reached(files, as_script("a/run.py"))["m.y"] == "b/m/y.py"


# 4: the standard library

LIBRARY_FILES = {
    "run.py": f"{SYS}\nsys.path.insert(0, str(ROOT[0] / 'lib'))\nimport queue, os, math\n",
    "late.py": f"{SYS}\nsys.path.append(str(ROOT[0] / 'lib'))\nimport queue\n",
    "lib/queue.py": "",
    "lib/os.py": "",
    "lib/math.py": "",
}


def test_the_front_of_the_path_hides_the_library_but_not_what_is_built_in_or_frozen() -> None:
    found = reached(LIBRARY_FILES, as_script("run.py"))
    assert found["queue"] == "lib/queue.py"
    assert found["os"] == "library"
    is_built_in = "math" in sys.builtin_module_names
    assert found["math"] == ("library" if is_built_in else "lib/math.py")


def test_the_end_of_the_path_hides_nothing() -> None:
    assert reached(LIBRARY_FILES, as_script("late.py")) == {"queue": "library"}


def test_what_this_python_has_frozen_is_known() -> None:
    frozen = {name for name in sys.stdlib_module_names if name in sys.modules and _is_frozen(name)}
    assert {"os", "io", "abc", "codecs"} <= frozen <= FIXED
    assert not FIXED & HIDEABLE


def _is_frozen(name: str) -> bool:
    spec = sys.modules[name].__spec__
    return spec is not None and spec.origin == "frozen"


# 5: one file, two modules


def test_one_file_under_two_names_is_two_modules() -> None:
    files = {
        "run.py": f"{SYS}\nsys.path.append(str(ROOT[0] / 'src'))\nimport m, src.m",
        "src/__init__.py": "",
        "src/m.py": "",
    }
    trace = follow(as_script("run.py"), Searches(ModuleIndex.of_files(files)), Events(Texts(files)))
    assert trace.files["src/m.py"] == ["m", "src.m"]


@pytest.mark.parametrize(
    "code",
    ["from . import b\nb = 1", "from . import b\nb.limit = 1", "from pkg import b\ndef b(): pass"],
    ids=["a name later on", "an attribute", "a function later on"],
)
def test_a_package_does_not_have_yet_what_it_binds_later(code: str) -> None:
    files = {"run.py": "import pkg", "pkg/__init__.py": code, "pkg/b.py": "import m", "m.py": ""}
    found = reached(files, as_script("run.py"))
    assert found["pkg.b"] == "pkg/b.py"
    assert found["m"] == "m.py"


def test_a_package_has_what_it_has_bound() -> None:
    files = {"run.py": "import pkg", "pkg/__init__.py": "b = 1\nfrom . import b", "pkg/b.py": "import m", "m.py": ""}
    assert "m" not in reached(files, as_script("run.py"))


# 6: the whole process


def test_an_entry_serves_files_that_are_loaded_later() -> None:
    files = {
        "run.py": f"{SYS}\nsys.path.insert(0, str(ROOT[0] / 'lib'))\nimport other",
        "other.py": "import served",
        "lib/served.py": "",
    }
    assert reached(files, as_script("run.py"))["served"] == "lib/served.py"


def test_a_function_runs_when_everything_is_loaded() -> None:
    files = {
        "run.py": f"@later\ndef f():\n    import served\n{SYS}\nsys.path.insert(0, str(ROOT[0] / 'lib'))\n",
        "lib/served.py": "",
    }
    assert reached(files, as_script("run.py")) == {"served": "lib/served.py"}


# 7: strings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("patch('lib.m.function')", {"lib": "lib", "lib.m": "lib/m.py"}),
        ("uvicorn.run('lib.m:app')", {"lib": "lib", "lib.m": "lib/m.py"}),
        ("APPS = ['lib.m']", {"lib.m": "lib/m.py"}),
        (
            "import importlib\nimportlib.import_module('lib.m')",
            {"importlib": "library", "lib": "lib", "lib.m": "lib/m.py"},
        ),
        ("FILE = 'lib.csv'", {}),
        ("KEY = 'other.key'", {}),
    ],
)
def test_a_string_may_name_a_module(text: str, expected: dict[str, str]) -> None:
    files = {"run.py": text, "lib/m.py": ""}
    assert {name: path for name, path in reached(files, as_script("run.py")).items() if path} == expected


# 8: the working directory


def test_an_entry_relative_to_the_working_directory_has_no_single_value() -> None:
    files = {"a/run.py": "import sys\nsys.path.append('lib')\nimport m", "lib/m.py": "", "a/lib/other.py": ""}
    assert reached(files, as_script("a/run.py"))["m"] == "lib/m.py"
    assert reached(files, as_script("a/run.py", "a"))["m"] == ""


# what is not seen


def test_what_may_hold_anything_is_part_of_the_answer() -> None:
    index = ModuleIndex.of_files(["a/m.py", "a/queue.py"])
    outside = Entry(EntryKind.UNSEEN, "../other")
    first = resolve(index, "m", (outside, folder("a"), LIBRARY, INSTALLED))
    second = resolve(index, "m", (folder("a"), outside, LIBRARY, INSTALLED))
    assert first.path == second.path == "a/m.py"
    assert not first.is_same(second)
    assert resolve(index, "m", (LIBRARY, INSTALLED, folder("a"))).before == (INSTALLED,)
    assert resolve(index, "queue", (LIBRARY, folder("a"))).is_library


def test_a_folder_outside_that_does_not_exist_holds_nothing() -> None:
    index = ModuleIndex(frozenset({"a/m.py"}), frozenset({".", "a"}), frozenset({"/gone"}))
    assert resolve(index, "m", (Entry(EntryKind.UNSEEN, "/gone"), folder("a"))).before == ()


def test_relative_imports_ask_the_package_and_not_the_path() -> None:
    files = {
        "run.py": "import a.b.c",
        "a/__init__.py": "",
        "a/b/__init__.py": "",
        "a/b/c.py": "from . import d\nfrom .. import e\nfrom ..f import g\nfrom ... import outside",
        "a/b/d.py": "",
        "a/e.py": "",
        "a/f.py": "",
        "d.py": "",
    }
    found = reached(files, as_script("run.py"))
    assert [found[name] for name in ("a.b.d", "a.e", "a.f")] == ["a/b/d.py", "a/e.py", "a/f.py"]
    assert "outside" not in found


def test_a_star_imports_the_submodules_that_all_names() -> None:
    files = {
        "run.py": "from a import *",
        "a/__init__.py": "__all__ = ['b', 'own']\nown = 1",
        "a/b.py": "",
        "a/c.py": "",
    }
    assert reached(files, as_script("run.py")) == {"a": "a/__init__.py", "a.b": "a/b.py"}


def test_what_runs_under_a_condition_can_be_left_out() -> None:
    files = {
        "run.py": "try:\n    import a\nexcept ImportError:\n    import b\nif __name__ == '__main__':\n    import c"
    }
    assert reached(files, as_script("run.py")) == {"a": "", "b": "", "c": ""}
    index = ModuleIndex.of_files(files)
    without = follow(as_script("run.py"), Searches(index), Events(Texts(files)), conditions=Conditions(maybe=False))
    assert said(without) == {"c": ""}


def test_only_the_program_itself_runs_its_main_part() -> None:
    files = {"run.py": "import other", "other.py": "if __name__ == '__main__':\n    import a\nelse:\n    import b"}
    assert reached(files, as_script("run.py")) == {"other": "other.py", "b": ""}


def test_a_file_loaded_by_its_path_is_part_of_the_program() -> None:
    files = {
        "run.py": "import importlib.util\nfrom pathlib import Path\n"
        "spec = importlib.util.spec_from_file_location('x', Path(__file__).parent / 'lib/x.py')\n"
        "spec.loader.exec_module(importlib.util.module_from_spec(spec))",
        "lib/x.py": "import y",
        "y.py": "",
    }
    assert reached(files, as_script("run.py"))["y"] == "y.py"


# Entries that are no text

OBJECT = f"{SYS}\nsys.path.append(ROOT[0] / 'lib')\ntry:\n    import m\nexcept ImportError:\n    print('passed over')\n"


def test_a_path_object_on_the_search_path_is_passed_over(tmp_path: Path) -> None:
    files = {"run.py": OBJECT, "lib/m.py": "print('found')\n"}
    for text, said in ((OBJECT, "passed over"), (OBJECT.replace("ROOT[0] / 'lib'", "str(ROOT[0] / 'lib')"), "found")):
        (tmp_path / "lib").mkdir(exist_ok=True)
        (tmp_path / "lib/m.py").write_text(files["lib/m.py"], "utf-8")
        (tmp_path / "run.py").write_text(text, "utf-8")
        command = [sys.executable, "-B", str(tmp_path / "run.py")]
        assert subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout == f"{said}\n"
        expected = "lib/m.py" if said == "found" else ""
        assert reached({**files, "run.py": text}, as_script("run.py"))["m"] == expected


@pytest.mark.parametrize(
    "call", ["import site\nsite.addsitedir(ROOT[0] / 'lib')", "x.syspath_prepend(ROOT[0] / 'lib')"]
)
def test_what_makes_a_text_of_a_path_object_is_followed(call: str) -> None:
    files = {"run.py": f"{SYS}\n{call}\nimport m\n", "lib/m.py": ""}
    assert reached(files, as_script("run.py"))["m"] == "lib/m.py"


# what generated trees have found


def test_a_package_that_is_run_is_the_package_of_its_main() -> None:
    files = {"a/__init__.py": "", "a/__main__.py": "from . import b\nfrom .c import d", "a/b.py": "", "a/c/d.py": ""}
    program = as_module("a/__main__.py", ModuleIndex.of_files(files))
    assert reached(files, program) == {"a": "a/__init__.py", "a.b": "a/b.py", "a.c": "a/c", "a.c.d": "a/c/d.py"}


def test_a_package_without_a_main_is_loaded_by_its_own_name_before_python_gives_up() -> None:
    files = {"a/__init__.py": "if __name__ == '__main__':\n    import b\nimport c, a", "b.py": "", "c.py": ""}
    program = as_module("a/__init__.py", ModuleIndex.of_files(files))
    assert str(program) == "python -m a"
    assert reached(files, program) == {"c": "c.py", "a": "a/__init__.py"}


def test_an_init_that_is_run_by_its_own_name_is_no_package() -> None:
    files = {"a/__init__.py": "import b", "a/b.py": ""}
    program = as_module("a/__init__.py", ModuleIndex.of_files(files), "a")
    assert str(program) == "python -m __init__ in a/"
    assert reached(files, program) == {"b": "a/b.py"}


def test_pytest_loads_the_packages_above_a_test_when_all_tests_are_loaded() -> None:
    files = {
        "tests/__init__.py": f"{SYS}\nsys.path.append(str(ROOT[1] / 'lib'))",
        "tests/unit/test_x.py": "@later\ndef f():\n    import m\nfrom pathlib import Path\ndef test_x(): pass",
        "lib/m.py": "",
    }
    program = as_tests(["tests/unit/test_x.py"], PytestSettings(), ModuleIndex.of_files(files))
    assert reached(files, program) == {"m": "lib/m.py"}
    assert str(program) == "pytest tests/unit/test_x.py"


def test_pytest_goes_up_no_further_than_names_reach() -> None:
    files = {
        "a-b/__init__.py": "",
        "a-b/test_x.py": "import m, n",
        "a-b/m.py": "",
        "n.py": "",
    }
    program = as_tests(["a-b/test_x.py"], PytestSettings(), ModuleIndex.of_files(files))
    assert reached(files, program)["m"] == "a-b/m.py"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("sys.path[len(sys.path):] = [LIB]", "m.py"),
        ("sys.path = sys.path + [LIB]", "m.py"),
        ("sys.path = [*sys.path, LIB]", "m.py"),
        ("sys.path[1:1] = [LIB]", "m.py"),
        ("sys.path[:0] = [LIB]", "lib/m.py"),
        ("sys.path = [LIB] + sys.path", "lib/m.py"),
        ("sys.path[:] = [LIB, *sys.path]", "lib/m.py"),
    ],
)
def test_a_new_list_adds_at_the_end_at_which_it_has_more(change: str, expected: str) -> None:
    files = {"run.py": f"{SYS}\nLIB = str(ROOT[0] / 'lib')\n{change}\nimport m", "m.py": "", "lib/m.py": ""}
    assert reached(files, as_script("run.py")) == {"m": expected}


def test_a_guarded_statement_does_nothing_where_its_folder_is_there() -> None:
    guarded = "if LIB not in sys.path:\n    sys.path.insert(0, LIB)"
    files = {
        "run.py": f"{SYS}\nLIB = str(ROOT[0] / 'lib')\nsys.path.append(LIB)\n{guarded}\nimport m",
        "m.py": "",
        "lib/m.py": "",
    }
    assert reached(files, as_script("run.py")) == {"m": "m.py"}


def test_the_other_branch_of_main_runs_when_the_file_is_imported() -> None:
    other = "if __name__ == '__main__':\n    pass\nelse:\n    sys.path.append(str(ROOT[0] / 'lib'))\nimport m"
    files = {"run.py": "import other", "other.py": f"{SYS}\n{other}", "lib/m.py": ""}
    assert reached(files, as_script("run.py")) == {"other": "other.py", "m": "lib/m.py"}


def test_a_name_that_is_taken_from_what_is_not_there_hides_no_submodule() -> None:
    files = {
        "run.py": "from a import c",
        "a/__init__.py": "try:\n    from missing import c\nexcept ImportError:\n    pass",
        "a/c.py": "",
    }
    assert reached(files, as_script("run.py")) == {"missing": "", "a": "a/__init__.py", "a.c": "a/c.py"}


def test_pythonpath_comes_before_the_library_and_an_installed_root_behind_it() -> None:
    files = {"run.py": "import colorsys", "lib/colorsys.py": ""}
    lib = (folder("lib"),)
    assert reached(files, as_script("run.py", environment=lib)) == {"colorsys": "lib/colorsys.py"}
    assert reached(files, as_script("run.py", behind=lib)) == {"colorsys": "library"}
