"""The replay: what is never run comes first, then how it ends, then every form that a file may have."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.tools.replay import PythonReplayer, ReplayError, ReplayLoad, ReplayProgram

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


HEAD = "import sys, os\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\n"
SCRIPT = ReplayProgram((ReplayLoad("run.py", "__main__"),), (".", None))


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def replay(root: Path, program: ReplayProgram = SCRIPT, assumed: str = "usual") -> dict[str, str]:
    """Return what the imports of a program reach, by the module's name."""
    with closing(PythonReplayer()) as replayer:
        (answer,) = replayer.replay(root, [program], {}, {})
    before, after = answer.reached[assumed]
    assert before == after
    return {name: " then ".join(origins) for (_, _, _, _, name, _), origins in before.items()}


@pytest.mark.parametrize(
    "text",
    [
        "open('was_run', 'w')\n",
        "sys.path.append(open('was_run', 'w'))\nx = [os.mkdir('was_run') for _ in 'a']\n",
        "def f():\n    os.mkdir('was_run')\n    import m\nf()\n",
        "f = os.mkdir\nf('was_run')\nos.path.join = os.mkdir\nos.path.join('was_run')\n",
        "class A:\n    os.mkdir('was_run')\n",
        "sys.path.append(str(HERE.joinpath('was_run').mkdir()))\nPath.mkdir(HERE / 'was_run')\n",
        "sys.path.append(f'{os.mkdir(\"was_run\")}')\nsys.path += [os.system('mkdir was_run')]\n",
        "if os.mkdir('was_run') or sys.path.append(os.mkdir('was_run')):\n    pass\n",
        "import m\nm.__loader__.exec_module(m)\ngetattr(os, 'mkdir')('was_run')\n",
        "raise SystemExit(3)\nwhile True: pass\n",
        "import this, antigravity\n",
    ],
)
def test_nothing_but_imports_and_changes_of_the_search_path_is_run(text: str, tmp_path: Path) -> None:
    root = write(tmp_path, {"run.py": HEAD + text, "m.py": "import os\nos.mkdir('was_run')\n"})
    assert replay(root)["os"] == "the standard library"
    assert sorted(path.name for path in root.iterdir()) == ["m.py", "run.py"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import time\ntime.sleep(60)\n", "the replay took longer than 1 s"),
        ("import sys\nsys.exit(3)\n", "the replay ended with exit code 3"),
        ("import os\nos.abort()\n", "the replay ended by signal 6"),
        ("raise ValueError('no luck')\n", "the replay ended with exit code 1: ValueError: no luck"),
    ],
)
def test_a_process_that_does_not_answer_is_told_and_the_next_one_is_new(text: str, why: str, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    (tmp_path / "run.py").write_text("import os\n", "utf-8")
    child.write_text(text, "utf-8")
    with closing(PythonReplayer(time_limit=1.0, child=child)) as replayer:
        for _ in range(2):
            with pytest.raises(ReplayError) as caught:
                list(replayer.replay(tmp_path, [SCRIPT], {}, {}))
            assert str(caught.value) == why


def test_a_python_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    replayer = PythonReplayer(str(tmp_path / "none"))
    with pytest.raises(ReplayError, match="cannot be started: No such file"):
        list(replayer.replay(tmp_path, [SCRIPT], {}, {}))


def test_what_needs_too_much_is_told_and_a_deep_chain_is_followed(tmp_path: Path) -> None:
    files = {f"m{number}.py": f"import m{number + 1}\n" for number in range(600)}
    root = write(tmp_path, {**files, "m600.py": "", "run.py": f"import m0\nX = {'(' * 150}1{')' * 150}\n"})
    assert replay(root)["m600"] == "m600.py"
    with closing(PythonReplayer(memory=1 << 20)) as replayer, pytest.raises(ReplayError):
        list(replayer.replay(root, [SCRIPT], {}, {}))


LIB = "os.path.join(os.path.dirname(os.path.abspath(__file__)), 'lib')"


@pytest.mark.parametrize(
    "text",
    [
        f"sys.path.insert(0, {LIB})",
        "sys.path.append(str(HERE / 'lib'))",
        "sys.path.extend([str(HERE.joinpath('lib'))])",
        "sys.path += [str(HERE / 'lib')]",
        "sys.path[:0] = [str(HERE / 'lib')]",
        "sys.path[0] = str(HERE / 'lib')",
        "sys.path = [str(HERE / 'lib')] + sys.path",
        "sys.path.append('gone')\nsys.path.remove('gone')\nsys.path.append('lib')",
        "from sys import path as p\np.insert(0, f'{HERE}/lib')",
        "import sys as s\ns.path.insert(1, '/'.join([str(HERE), 'lib']))",
        "import site\nsite.addsitedir(HERE / 'lib')",
        "for each in ('gone', 'lib'):\n    sys.path.append(str(HERE / each))",
        "[sys.path.append(str(HERE / each)) for each in ('gone', 'lib')]",
        "list(map(sys.path.append, ['gone', 'lib']))",
        "lib = str(HERE / 'lib')\nif lib not in sys.path:\n    sys.path.append(lib)",
        "try:\n    import m\nexcept ImportError:\n    sys.path.append('lib')",
        "if unknown():\n    sys.path.append('lib')",
        "with unknown() as x:\n    sys.path.append('lib')",
        "class A:\n    sys.path.append('lib')",
        "if __name__ == '__main__':\n    sys.path.append('lib')",
        "from settings import LIB\nsys.path.append(str(LIB))",
        "monkeypatch.syspath_prepend(HERE / 'lib')",
        "while unknown():\n    sys.path.append('lib')",
        "match unknown():\n    case 1:\n        sys.path.append('lib')",
    ],
)
def test_every_form_of_changing_the_search_path_is_followed(text: str, tmp_path: Path) -> None:
    settings = "from pathlib import Path\nLIB = Path(__file__).parent / 'lib'\n"
    root = write(tmp_path, {"run.py": f"{HEAD}{text}\nimport m\n", "lib/m.py": "", "settings.py": settings})
    assumed = "not installed" if "except" in text else "usual"
    found = replay(root, assumed=assumed)
    assert found["m"].removeprefix("nothing then ") == "lib/m.py"


@pytest.mark.parametrize(
    "text",
    [
        "sys.path.append(HERE / 'lib')",
        "sys.path.append(unknown('lib'))",
        "sys.path.append('lib')\nsys.path.pop()",
        "sys.path.append('lib')\ndel sys.path[-1]",
        "sys.path.append('lib')\nsys.path.clear()",
        "if sys.version_info < (3, 0):\n    sys.path.append('lib')",
        "if False:\n    sys.path.append('lib')",
        "if TYPE_CHECKING:\n    sys.path.append('lib')",
        "def f():\n    sys.path.append('lib')",
        "os.environ['PYTHONPATH'] = 'lib'",
    ],
)
def test_what_does_not_change_the_search_path_in_time_is_known(text: str, tmp_path: Path) -> None:
    root = write(tmp_path, {"run.py": f"{HEAD}{text}\nimport m\n", "lib/m.py": ""})
    assert replay(root)["m"] == "nothing"


FOUND = {
    "pkg/__init__.py": "from .sub import name as sub\nfrom . import other\n__all__ = ['late']\n",
    "pkg/sub.py": "def name(): ...\n",
    "pkg/other.py": "",
    "pkg/late.py": "",
    "space/inner.py": "",
    "json.py": "",
}


@pytest.mark.parametrize(
    ("text", "name", "origin"),
    [
        ("from pkg import sub", "pkg.sub", "a name of pkg/__init__.py"),
        ("from pkg import other", "pkg.other", "pkg/other.py"),
        ("from pkg import late", "pkg.late", "pkg/late.py"),
        ("from pkg import *", "pkg.late", "pkg/late.py"),
        ("from pkg import absent", "pkg.absent", "nothing"),
        ("import pkg.absent.more", "pkg.absent", "nothing"),
        ("import space.inner", "space", "a namespace"),
        ("import space.inner as x", "space.inner", "space/inner.py"),
        ("import json", "json", "json.py"),
        ("import json.decoder", "json", "json.py"),
        ("import os.path, encodings", "encodings", "the standard library"),
        ("import xml.etree.ElementTree as E", "xml.etree.ElementTree", "the standard library"),
        ("import numpy.linalg", "numpy", "nothing"),
        ("from . import pkg", "", "nothing"),
        ("def f():\n    import pkg.late", "pkg.late", "pkg/late.py"),
        ("import importlib\nimportlib.import_module('pkg.late')", "pkg.late", "pkg/late.py"),
        ("for each in ['late']:\n    __import__('pkg.' + each)", "pkg.late", "pkg/late.py"),
        (
            "from importlib import util\nx = util.spec_from_file_location('x', 'pkg/late.py')",
            "the file pkg/late.py",
            "pkg/late.py",
        ),
        ("try:\n    import a, pkg.late\nexcept ValueError:\n    import pkg", "pkg.late", "pkg/late.py"),
    ],
)
def test_every_import_reaches_what_python_finds(text: str, name: str, origin: str, tmp_path: Path) -> None:
    root = write(tmp_path, {**FOUND, "run.py": text})
    assert replay(root)[name] == origin


def test_a_condition_decides_only_where_nobody_knows(tmp_path: Path) -> None:
    root = write(tmp_path, {"run.py": "if unknown():\n    import a\nimport b\n", "a.py": "", "b.py": ""})
    assert replay(root).keys() == {"a", "b"}
    assert replay(root, assumed="no condition holds").keys() == {"b"}


def test_functions_that_change_the_path_are_run_at_once_as_well(tmp_path: Path) -> None:
    text = "import sys\ndef begin():\n    sys.path.append('lib')\nbegin()\nimport m\n"
    root = write(tmp_path, {"run.py": text, "lib/m.py": ""})
    assert replay(root)["m"] == "nothing"
    assert replay(root, assumed="functions run at once")["m"] == "lib/m.py"


def test_programs_begin_as_python_and_pytest_begin_them(tmp_path: Path) -> None:
    files = {"a/__init__.py": "", "a/run.py": "from . import x\nimport top\n", "a/x.py": "", "top.py": ""}
    root = write(tmp_path, files)
    module = ReplayProgram((ReplayLoad("a/run.py", "__main__", "a"),), (".", None))
    assert replay(root, module)["a.x"] == "a/x.py"
    test = ReplayProgram((ReplayLoad("a/run.py", "a.run", "a", before=(".",)),), (None,), "a")
    assert replay(root, test)["top"] == "top.py"
    alone = ReplayProgram((ReplayLoad("a/run.py", "a.run", "a"),), (None,), None)
    assert replay(root, alone) == {"a": "a/__init__.py", "a.x": "a/x.py", "top": "nothing"}
    behind = ReplayProgram((ReplayLoad("a/run.py", "run", behind=(".",)),), (None,))
    assert replay(root, behind)["top"] == "top.py"


def test_edited_texts_are_laid_over_the_tree(tmp_path: Path) -> None:
    root = write(tmp_path, {"run.py": "import m\n", "m.py": "import a\n", "a.py": "", "b.py": ""})
    with closing(PythonReplayer(sys.executable)) as replayer:
        (answer,) = replayer.replay(root, [SCRIPT], {"m.py": "import a\n"}, {"m.py": "import b\n"})
        before, after = answer.reached["usual"]
        assert {key[4] for key in before} == {"m", "a"}
        assert {key[4] for key in after} == {"m", "b"}
        (broken,) = replayer.replay(root, [SCRIPT], {"m.py": "import a\n"}, {"m.py": "import (\n"})
    assert broken.texts == ({"m.py": {"import a": 1}}, {"m.py": None})
