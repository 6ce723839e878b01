"""Statements that change the search path: what is none comes first."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.formats.path_statements import find_path_statements
from rrr_optimize.formats.python_recovery import recover_module
from rrr_optimize.formats.python_rows import split_rows
from rrr_optimize.formats.telling_lines import NEEDLES, find_telling_lines, is_telling

if TYPE_CHECKING:
    from rrr_optimize.formats.path_forms import PathStatement

PATH = "services/api/src/main.py"
HEAD = "import os, sys, site\nfrom pathlib import Path\n"


def look(
    module: ast.Module, code: str, path: str, *, is_notebook: bool = False, is_whole: bool = True
) -> tuple[PathStatement, ...]:
    rows = split_rows(code)
    lines = find_telling_lines(rows)
    return find_path_statements(module, rows, lines, path, is_notebook=is_notebook, is_whole=is_whole)


def find(code: str, path: str = PATH) -> tuple[PathStatement, ...]:
    return look(ast.parse(code), code, path)


def one(code: str, path: str = PATH) -> PathStatement:
    (found,) = find(code, path)
    return found


def folder(expression: str, before: str = "") -> str:
    found = one(f"{HEAD}{before}\nsys.path.insert(0, {expression})\n")
    assert found.values, found.reason
    (value,) = found.values
    return f"{value.base}:{value.path}"


def reason(expression: str, before: str = "") -> str:
    found = one(f"{HEAD}{before}\nsys.path.insert(0, {expression})\n")
    assert not found.values
    return found.reason


@pytest.mark.parametrize(
    "code",
    [
        "# import sys; sys.path.insert(0, 'x')",
        "import sys\ncode = \"sys.path.insert(0, 'x')\"",
        'import sys\ncode = """\nimport sys\nsys.path.insert(0, "x")\n"""',
        "import sys\nif 'x' in sys.path: print(sys.path[0])",
        "import sys\nsaved = sys.path[:]\nother = list(sys.path)\nlen(sys.path)",
        "import sys\nsaved = sys.path[:]\nsaved.append('x')",
        "import sys\nsys.path_hooks.append(1)\nsys.path_importer_cache.clear()",
        "sys = object()\nsys.path.insert(0, 'x')",
        "def f(sys):\n    sys.path.insert(0, 'x')",
        "import my as sys\nsys.path.append('x')",
        "import sys\nself.sys.path.append('x')",
        "from pathlib import Path\npath = Path()\npath.insert(0, 'sys.path')",
        "import os\nenv = os.environ.copy()\nenv['PYTHONPATH'] = 'x'",
        "run(env={'PYTHONPATH': 'x'})",
        "import os\nprint(os.environ['PYTHONPATH'], os.environ.get('PYTHONPATH'))",
        "from sys import argv, path as p\nprint(p)",
        "def addsitedir(x): ...\naddsitedir('x')",
        "help('spec_from_file_location')",
    ],
)
def test_is_no_such_statement(code: str) -> None:
    assert find(code) == ()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("import sys; sys.path.insert(0, 'x')", "insert"),
        ("import sys as _s\n_s.path.append('x')", "append"),
        ("from sys import path\npath.append('x')", "append"),
        ("from sys import (\n    argv,\n    path as search,\n)\nsearch.append('x')", "append"),
        ("import os\nos.sys.path.append('x')", "append"),
        ("import sys\nwhere = sys.path\nwhere.append('x')", "append"),
        ("import sys\ndef f():\n    import os\n    sys.path.extend(['x', 'y'])", "extend"),
        ("def f():\n    import sys\n    sys.path.append('x')", "append"),
        ("from sys import *\nsys.path.append('x')", "append"),
        ("import sys\nsys.path += ['x']", "augassign"),
        ("import sys\nsys.path = ['x'] + sys.path", "assign"),
        ("import sys\nsys.path, rest = ['x'], 1", "assign"),
        ("import sys\nsys.path[:] = ['x', *sys.path]", "slice"),
        ("import sys\nsys.path[0:0] = ['x']", "slice"),
        ("import sys\nsys.path.remove('x')", "remove"),
        ("import sys\nsys.path.pop(0)", "pop"),
        ("import sys\ndel sys.path[0]", "delete"),
        ("import site\nsite.addsitedir('x')", "addsitedir"),
        ("from site import addsitedir as add\nadd('x')", "addsitedir"),
        ("from site import (\n    addsitedir\tas\tadd,\n)\nadd('x')", "addsitedir"),
        ("import site\ndo = site.addsitedir; do('x')", "addsitedir"),
        ("import os\nos.environ['PYTHONPATH'] = 'x'", "pythonpath_env"),
        ("from os import environ\nenviron.setdefault('PYTHONPATH', 'x')", "pythonpath_env"),
        ("import os\nos.environ.update(PYTHONPATH='x')", "pythonpath_env"),
        ("import os\nos.environ.update({'PYTHONPATH': 'x'})", "pythonpath_env"),
        ("import os\nos.putenv('PYTHONPATH', 'x')", "pythonpath_env"),
        ("def test(monkeypatch): monkeypatch.setenv('PYTHONPATH', 'x')", "pythonpath_env"),
        ("import importlib.util\nimportlib.util.spec_from_file_location('m', 'm.py')", "spec_from_file"),
        ("from importlib.machinery import SourceFileLoader\nSourceFileLoader('m', 'm.py')", "spec_from_file"),
        ("def test(monkeypatch): monkeypatch.syspath_prepend('x')", "other"),
        ("import sys\ndef test(monkeypatch): monkeypatch.setattr(sys, 'path', ['x'])", "other"),
        ("import sys\nlist(map(sys.path.append, ['x']))", "other"),
        ("import sys\n[sys.path.append(each) for each in ('x', 'y')]", "append"),
        ("import sys\n'x' in sys.path or sys.path.append('x')", "append"),
        ("import sys\nimport y; sys.path.append('x'); import z", "append"),
        ("import sys\nsys.path.insert(\n    0,\n    'x',\n)", "insert"),
        ("import sys\r\nsys.path.append('x')\r\n", "append"),
        ("\ufeffimport sys\nsys.path.append('x')".removeprefix("\ufeff"), "append"),
    ],
)
def test_names_the_kind(code: str, kind: str) -> None:
    assert one(code).kind.value == kind
    assert any(needle in code for needle in NEEDLES)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'src'", "cwd:src"),
        ("'.'", "cwd:."),
        ("''", "cwd:."),
        ("os.getcwd()", "cwd:."),
        ("os.path.abspath('..')", "cwd:.."),
        ("str(Path.cwd().parent / 'lib')", "cwd:../lib"),
        ("os.path.dirname('__file__')", "cwd:."),
        ("'/opt/lib/../x'", "absolute:/opt/x"),
        (r"r'C:\lib'", "absolute:C:\\lib"),
        ("os.path.dirname(__file__)", "file:services/api/src"),
        ("os.path.join(os.path.dirname(__file__), '..', '..')", "file:services"),
        ("os.path.abspath(os.path.join(__file__, os.pardir, os.pardir))", "file:services/api"),
        ("os.path.dirname(os.path.realpath(__file__)) + '/../lib'", "file:services/api/lib"),
        ("os.path.normpath(f'{os.path.dirname(__file__)}/../lib')", "file:services/api/lib"),
        ("'%s/lib' % os.path.dirname(__file__)", "file:services/api/src/lib"),
        ("'{}/lib'.format(os.path.dirname(__file__))", "file:services/api/src/lib"),
        ("os.sep.join([os.path.dirname(__file__), 'lib'])", "file:services/api/src/lib"),
        ("os.path.join(os.path.dirname(__file__), *(['..'] * 2))", "file:services"),
        ("__file__.rsplit('/', 1)[0]", "file:services/api/src"),
        ("os.path.split(__file__)[0]", "file:services/api/src"),
        ("str(Path(__file__).parent)", "file:services/api/src"),
        ("str(Path(__file__).resolve().parents[2])", "file:services"),
        ("str(Path(__file__).parents[3])", "file:."),
        ("str(Path(__file__).parents[4])", "file:.."),
        ("str(Path(__file__).parent.joinpath('..', 'lib').resolve())", "file:services/api/lib"),
        ("Path(__file__, '..', '..').as_posix()", "file:services/api"),
        ("os.fspath(Path(os.path.dirname(__file__)) / Path('lib'))", "file:services/api/src/lib"),
        ("str(Path('/opt') / 'x')", "absolute:/opt/x"),
        ("os.path.dirname(__file__).replace('/src', '/lib')", "file:services/api/lib"),
        ("(os.path.dirname(__file__) + '/').rstrip('/')", "file:services/api/src"),
        ("__file__.rpartition('/')[0]", "file:services/api/src"),
        ("'/'.join(__file__.split('/')[:1] or ['x'])", ""),
        ("str(Path(__file__).resolve(strict=True).parent)", "file:services/api/src"),
        ("str(Path(__file__).with_name('lib'))", "file:services/api/src/lib"),
        ("str(Path('lib').expanduser())", "cwd:lib"),
        ("os.path.expanduser('lib')", "cwd:lib"),
        ("str('lib' / Path('x'))", "cwd:lib/x"),
        ("'lib' if os.name else 'lib'", "cwd:lib"),
        ("Path(__file__).parent", "file:services/api/src"),
        ("[each for each in list(('lib',))][0]", ""),
        ("list(('lib', 'x'))[-1]", "cwd:x"),
        ("'lib'.split('/')[0]", "cwd:lib"),
        ("Path(__file__).stem", "cwd:main"),
    ],
)
def test_evaluates(expression: str, expected: str) -> None:
    assert (folder(expression) == expected) if expected else reason(expression)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("root = Path(__file__).parent", "file:services/api/src"),
        ("root = Path('x')\nroot = Path(__file__).parent", "file:services/api/src"),
        ("root = Path(__file__)\nroot = root.parent\nroot = root.parent", "file:services/api"),
        ("root = Path(__file__).parent\nroot /= '..'", "file:services/api"),
        ("root: Path = Path(__file__).parent", "file:services/api/src"),
        ("root, name = Path(__file__).parent, 1", "file:services/api/src"),
        ("root = here = Path(__file__).parent", "file:services/api/src"),
        (
            "if True:\n    root = Path(__file__).parent\nelse:\n    root = Path(__file__).parent",
            "file:services/api/src",
        ),
        ("try:\n    root = 'x'\nexcept E:\n    root = 'x'", "cwd:x"),
        ("with f() as g:\n    root = 'x'", "cwd:x"),
        ("if f():\n    root = 'x'", "cwd:x"),
        ("from os.path import dirname as d, abspath\nroot = d(abspath(__file__))", "file:services/api/src"),
        ("import os.path as p\nroot = p.dirname(__file__)", "file:services/api/src"),
        ("import pathlib as pl\nroot = pl.Path(__file__).parent", "file:services/api/src"),
        ("import inspect\nroot = os.path.dirname(inspect.getfile(inspect.currentframe()))", "file:services/api/src"),
    ],
)
def test_follows_the_definition_that_reaches(before: str, expected: str) -> None:
    assert folder("str(root)", before) == expected


@pytest.mark.parametrize(
    "before",
    [
        "root = 'a'; root = 'b'; other = 'c'",
        "root = 'a'\ntext = '''root\n'''; root = 'b'",
        "root = 'a'\nif root: root = 'b'; other = root\nelse: root = 'b'",
    ],
)
def test_follows_definitions_that_share_a_line(before: str) -> None:
    assert folder("root", before) == "cwd:b"


def test_a_definition_behind_it_on_the_line_plays_no_part() -> None:
    (value,) = one("import sys; root = 'a'; sys.path.append(root); root = 'b'").values
    assert value.path == "a"


def test_a_function_sees_the_names_around_it() -> None:
    code = f"{HEAD}root = 'lib'\ndef f():\n    sys.path.append(root)\n"
    assert [value.path for value in one(code).values] == ["lib"]


def test_a_name_of_the_class_is_not_seen_in_its_methods() -> None:
    code = f"{HEAD}root = 'a'\nclass C:\n    root = 'b'\n    def f(self):\n        sys.path.append(root)\n"
    assert [value.path for value in one(code).values] == ["a"]


@pytest.mark.parametrize(
    "code",
    [
        "for each in ('a', 'b'):\n    sys.path.append(each)",
        "folders = ['a', 'b']\nfor each in folders:\n    if each not in sys.path:\n        sys.path.append(each)",
        "sys.path.extend(['a', 'b'])",
        "sys.path = ['a', 'b'] + sys.path",
        "sys.path[:0] = ('a', 'b')",
        "[sys.path.append(each) for each in ('a', 'b')]",
        "os.environ['PYTHONPATH'] = 'a:b'",
        "os.environ['PYTHONPATH'] = os.pathsep.join(['a', 'b'])",
    ],
)
def test_knows_every_folder_of_several(code: str) -> None:
    assert [value.path for value in one(f"{HEAD}{code}").values] == ["a", "b"]


@pytest.mark.parametrize(
    ("expression", "before", "expected"),
    [
        ("sys.argv[1]", "", "it is taken from sys.argv"),
        ("os.environ['HOME']", "", "it is taken from os.environ"),
        ("os.environ.get('HOME', 'x')", "", "it comes from an environment variable"),
        ("os.path.expanduser('~/x')", "", "it calls os.path.expanduser()"),
        ("root()", "def root(): return 'x'", "it calls root()"),
        ("root", "if f():\n    root = 'a'\nelse:\n    root = 'b'", "root depends on a condition"),
        ("root", "root = 'a'\nif f():\n    root = 'b'", "root depends on a condition"),
        ("root", "for root in f():\n    pass", "root is a loop variable"),
        ("root", "with f() as root:\n    pass", "root comes from a with statement"),
        ("root", "from settings import root", "it is taken from settings.root"),
        ("root", "from .settings import root", "root is imported from another file"),
        ("root", "", "root is not assigned in this file"),
        ("a or b", "", "it depends on a condition"),
        ("'x' * 10**9", "", "it is computed by an operator"),
        ("'%s' % ('y' * 9000 + 'y' * 9000)", "", "it is computed by an operator"),
        ("Path(__file__).parents[9999]", "", "it asks for more than there is"),
        ("Path(__file__).parents[:2]", "", "it is a part of another value"),
        ("argparse.parse()", "import argparse", "it is an argument of the program"),
        ("f'{root!r}/x'", "root = 'a'", "it is formatted in a way that is not followed"),
        ("os.path.join(__file__, *other())", "def other(): ...", "it calls other()"),
        ("os.path.join(__file__, *'ab')", "", "it unpacks what is not known"),
        ("os.path.dirname('a', 'b')", "", "it is called with arguments that it does not take"),
        ("'a' + 'b' + os.path.dirname(__file__)", "", "it joins two whole paths"),
        ("Path(('a', 'b'))", "", "it calls pathlib.Path()"),
        ("(lambda: 'a')()", "", "it is computed in a way that is not followed"),
        ("[x for x in y]", "", "it is built by a comprehension"),
        ("'a'.encode()", "", "it calls encode()"),
        ("','.join(['a', 1])", "", "it calls join()"),
        ("'a'.split()", "", "it calls split()"),
        ("5()", "", "it calls what is not known"),
        ("Path('a') - 'b'", "", "it is computed by an operator"),
        ("root", "(root := 'a')", "root is bound in a way that is not followed"),
        ("root", "[root] = f()", "f is not assigned in this file"),
        ("root", "try:\n    pass\nexcept E as root:\n    pass", "root is bound inside an expression"),
        ("root", "match f():\n    case {'x': 1, **root}:\n        pass", "root is bound inside an expression"),
        ("root", "if (root := 'a'):\n    pass", "root is bound inside an expression"),
    ],
)
def test_says_why_there_is_no_value(expression: str, before: str, expected: str) -> None:
    assert reason(expression, before) == expected


def test_a_name_bound_again_in_a_loop_has_no_value() -> None:
    code = f"{HEAD}root = 'a'\nwhile f():\n    sys.path.append(root)\n    root = root + '/b'\n"
    assert one(code).reason == "root is bound again in a loop"


def test_a_parameter_has_no_value_and_is_chosen_by_the_program() -> None:
    found = one(f"{HEAD}def f(root):\n    sys.path.append(root)\n")
    assert (found.reason, found.is_dynamic) == ("root is a parameter", True)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f():\n    sys.path.append(root)\n    root = 'a'", "root is bound later in the function"),
        ("def f():\n    for root in x:\n        sys.path.append(str(root / 1))", "root is a loop variable"),
        ("def f():\n    with x as root:\n        sys.path.append(root)", "root comes from a with statement"),
        ("try:\n    x\nexcept E as root:\n    sys.path.append(root)", "root is an exception"),
        ("with x as root:\n    pass\ndef f():\n    sys.path.append(root)", "root is no simple assignment"),
        ("def g(root):\n    def f():\n        sys.path.append(root)", "root is a parameter"),
        ("async def f():\n    sys.path.append(await g())", "it is known only when the file runs"),
        ("class C:\n    def f(self):\n        sys.path.append(self.root)", "self is a parameter"),
    ],
)
def test_says_why_a_name_around_it_has_no_value(code: str, expected: str) -> None:
    assert one(HEAD + code).reason == expected


@pytest.mark.parametrize(
    "code",
    [
        "if x:\n    root = 'lib'\ndef f():\n    sys.path.append(root)",
        "def g():\n    root = 'lib'\n    def f():\n        sys.path.append(root)",
        "root = 'lib'\ndef f():\n    global root\n    sys.path.append(root)",
        "def f(x, /, *y, z=1, **k):\n    root = 'lib'\n    sys.path.append(root)",
        "root = 'lib'\nkey = lambda root: root\nsys.path.append(root)",
        "for x in y:\n    root = 'lib'\n    sys.path.append(root)",
        "root = 'lib'\ntry:\n    pass\nfinally:\n    sys.path.append(root)",
    ],
)
def test_finds_the_name_around_it(code: str) -> None:
    assert [value.path for value in one(HEAD + code).values] == ["lib"]


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("del os.environ['PYTHONPATH']", ["pythonpath_env"]),
        ("os.environ['PYTHONPATH'] += ':x'", ["pythonpath_env"]),
        ("sys.path[0:0] += ['x']", ["slice"]),
        ("sys.path: list = ['x']", ["assign"]),
        ("sys.path.__iadd__(['x'])", ["other"]),
        ("os.environ.pop('PYTHONPATH')", ["pythonpath_env"]),
        ("x = y = 1", []),
    ],
)
def test_names_the_rarer_kinds(code: str, kinds: list[str]) -> None:
    assert [each.kind.value for each in find(f"{HEAD}{code}  # sys.path")] == kinds


def test_a_notebook_has_no_file_of_its_own() -> None:
    code = "import sys, os\nsys.path.append(os.path.dirname(__file__))"
    (found,) = look(ast.parse(code), code, "a.ipynb", is_notebook=True)
    assert (found.reason, found.placement.value) == ("a notebook has no __file__", "notebook")


@pytest.mark.parametrize(
    ("expression", "form"),
    [
        ("'x'", "literal"),
        ("root", "name"),
        ("str(root)", "name"),
        ("str(root / 'x')", "pathlib"),
        ("Path(__file__).parent.as_posix()", "pathlib"),
        ("os.path.join(root, 'x')", "os_path"),
        ("f'{root}/x'", "f_string"),
        ("root + '/x'", "concatenation"),
        ("'{}/x'.format(root)", "concatenation"),
        ("find_root()", "call"),
        ("roots[0]", "other"),
    ],
)
def test_names_the_form(expression: str, form: str) -> None:
    assert one(f"{HEAD}root = 'x'\nsys.path.insert(0, {expression})\n").form.value == form
    assert one(f"{HEAD}root = 'x'\nsys.path += [{expression}]\n").form.value == form
    assert one(f"{HEAD}root = 'x'\nsys.path[:] = [{expression}] + sys.path\n").form.value in {form, "concatenation"}


@pytest.mark.parametrize(
    ("code", "placement"),
    [
        ("{}", "module"),
        ("def f():\n    if x:\n        {}", "function"),
        ("class C:\n    {}", "class"),
        ("if __name__ == '__main__':\n    {}", "main"),
        ("if 'x' not in sys.path:\n    {}", "guard"),
        ("try:\n    {}\nfinally:\n    pass", "try"),
        ("try:\n    pass\nexcept ImportError:\n    {}", "try"),
        ("for x in y:\n    {}", "loop"),
        ("if x:\n    pass\nelse:\n    {}", "condition"),
        ("with x:\n    {}", "with"),
    ],
)
def test_names_the_placement(code: str, placement: str) -> None:
    assert one(HEAD + code.format("sys.path.append('x')")).placement.value == placement


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    sys.path.insert(0, 'x')\n    try:\n        run()\n    finally:\n        sys.path.pop(0)",
        "def f():\n    saved = sys.path[:]\n    sys.path.insert(0, 'x')\n    sys.path = saved",
        "def f():\n    saved = list(sys.path)\n    sys.path.insert(0, 'x')\n    sys.path[:] = saved",
        "class C:\n    def setUp(s):\n        sys.path.append('x')\n    def tearDown(s):\n        sys.path.remove('x')",
        "sys.path.append('x')\nimport y\nsys.path.pop()",
    ],
)
def test_sees_that_a_change_is_taken_back(code: str) -> None:
    first, last = find(HEAD + code)
    assert (first.undone, last.undone) == (True, False)


@pytest.mark.parametrize(
    "code",
    [
        "sys.path.pop(0)\nsys.path.insert(0, 'x')",
        "def f():\n    sys.path.insert(0, 'x')\ndef g():\n    sys.path.pop(0)",
        "sys.path.insert(0, 'x')\ndef g():\n    sys.path.pop(0)",
    ],
)
def test_a_removal_elsewhere_takes_nothing_back(code: str) -> None:
    assert not any(each.undone for each in find(HEAD + code))


def test_positions_are_those_of_the_call() -> None:
    found = one("import sys\nif 1: sys.path.insert(0,\n  'x')\n")
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 7, 3, 7)


BROKEN = """\
'''
sys.path.insert(0, "in a docstring")
'''
import sys
from pathlib import Path
@cache
import broken
root = Path(__file__).parent
sys.path.insert(0, str(root))

def f():
    x = (
    sys.path.append("lib")
    # sys.path.append("comment")
    y = "sys.path.append('string')"
    z = '''
sys.path.append("in a string")
'''
"""


def test_a_file_that_does_not_parse_is_read_as_far_as_it_can_be() -> None:
    module = recover_module(BROKEN, is_telling)
    found = look(module, BROKEN, PATH, is_whole=False)
    assert [(each.line, each.column, each.values[0].path, each.placement.value) for each in found] == [
        (9, 1, "services/api/src", "module"),
        (13, 5, "lib", "unknown"),
    ]


@pytest.mark.parametrize("code", ["", "(" * 300, "'''", "\x00", "x = '\\", "\f\r\n\t", "if x:\n"])
def test_recovery_never_fails(code: str) -> None:
    assert recover_module(code, is_telling).body is not None


def test_a_long_chain_of_names_ends() -> None:
    chain = "".join(f"a{n} = a{n - 1} + 'x'\n" for n in range(1, 500))
    assert one(f"import sys\na0 = 'y'\n{chain}sys.path.append(a499)\n").reason == "it is too deeply nested"


def test_doubling_strings_end() -> None:
    doubling = "".join(f"a{n} = a{n - 1} + a{n - 1}\n" for n in range(1, 40))
    assert not one(f"import sys\na0 = 'yyyy'\n{doubling}sys.path.append(a39)\n").values


@pytest.mark.parametrize("code", ["sys.path.extend('ab')", "sys.path += 'ab'", "x = 'ab'\nsys.path[:0] = x"])
def test_a_text_in_place_of_a_list_is_a_folder_for_each_letter(code: str) -> None:
    found = one(f"import sys\n{code}\n")
    assert (found.values, found.reason) == ((), "it adds each letter of a text")
