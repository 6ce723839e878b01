"""The imports of a file and when they run; what is none comes first."""

from __future__ import annotations

import ast

import pytest

from rrr_optimize.formats.python_imports import Doubt, PythonImports, read_imports


def read(code: str) -> PythonImports:
    return read_imports(ast.parse(code), code)


def sites(code: str) -> list[str]:
    return [
        f"{site.line}: {site} {site.timing.value}{' tolerated' if site.tolerates else ''}" for site in read(code).sites
    ]


@pytest.mark.parametrize(
    "code",
    [
        "x = 'import a'",
        "# import a",
        "def f(): return 'a b.c'",
        "x = 'file.csv'",
        "x = 'word'",
        "x = 'http://a.b'",
        "f('a.')",
    ],
)
def test_finds_no_import_where_there_is_none(code: str) -> None:
    assert sites(code) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import a.b as c, d", ["1: import a.b always", "1: import d always"]),
        ("from ..a import b as c, d", ["1: from ..a import b, d always"]),
        ("from . import a", ["1: from . import a always"]),
        ("def f():\n    import a", ["2: import a later"]),
        ("class C:\n    import a\n    def f(self):\n        import b", ["2: import a always", "4: import b later"]),
        ("if x:\n    import a\nelse:\n    import b", ["2: import a maybe", "4: import b maybe"]),
        ("if TYPE_CHECKING:\n    import a\nelse:\n    import b", ["2: import a never", "4: import b maybe"]),
        ("import typing\nif typing.TYPE_CHECKING:\n    import a", ["1: import typing always", "3: import a never"]),
        ("if __name__ == '__main__':\n    import a\nelse:\n    import b", ["2: import a main", "4: import b maybe"]),
        ("if '__main__' == __name__:\n    import a", ["2: import a main"]),
        (
            "try:\n    import a\nexcept ImportError:\n    import b\nfinally:\n    import c",
            ["2: import a maybe tolerated", "4: import b maybe", "6: import c always"],
        ),
        ("try:\n    import a\nexcept (ValueError, builtins.ImportError):\n    pass", ["2: import a maybe tolerated"]),
        ("try:\n    import a\nexcept ValueError:\n    pass", ["2: import a maybe"]),
        ("try:\n    import a\nexcept:\n    pass", ["2: import a maybe tolerated"]),
        ("try:\n    import a\nfinally:\n    pass", ["2: import a always"]),
        ("with x:\n    import a", ["2: import a always"]),
        ("for x in y:\n    import a", ["2: import a maybe"]),
        ("match x:\n    case 1:\n        import a", ["3: import a maybe"]),
        ("importlib.import_module('a.b')", ["1: import a.b always"]),
        ("def f():\n    __import__('a')", ["2: import a later"]),
        ("names = ['a', 'b']\nfor name in names:\n    __import__(name)", ["3: import a maybe", "3: import b maybe"]),
        ("for name in ('a',):\n    __import__(name)", ["2: import a maybe"]),
        ("patch('a.b')", ['1: "a.b" later']),
        ("patch('a')", []),
        ("run('a:app')", ['1: "a" later']),
        ("x = 'a.b:c'", ['1: "a.b" later']),
    ],
)
def test_finds_what_a_file_imports_and_when(code: str, expected: list[str]) -> None:
    assert sites(code) == expected


def test_imports_come_in_the_order_of_the_text() -> None:
    code = "def f():\n    import a\nimport b\nif x:\n    import c; import d"
    assert [site.module for site in read(code).sites] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("code", "doubt"),
    [
        ("import_module(x)", Doubt.CHOSEN),
        ("importlib.import_module('.a', 'b')", Doubt.CHOSEN),
        ("names = ['a', x]\nfor name in names: __import__(name)", Doubt.CHOSEN),
        ("names = ['a']\nnames = f()\nfor name in names: __import__(name)", Doubt.CHOSEN),
        ("exec(x)", Doubt.RUN),
        ("runpy.run_path('x.py')", Doubt.RUN),
        ("spec.loader.exec_module(m)", Doubt.RUN),
        ("sys.meta_path.insert(0, x)", Doubt.MACHINERY),
        ("sys.modules['a'] = b", Doubt.MACHINERY),
        ("del sys.modules['a']", Doubt.MACHINERY),
        ("sys.modules.pop('a')", Doubt.MACHINERY),
        ("__path__ = extend(__path__, __name__)", Doubt.MACHINERY),
        ("print(sys.path)", Doubt.READ),
        ("x = sys.path[0]", Doubt.READ),
        ("sys.path.insert(0, sys.path[1])", Doubt.READ),
        ("print(getattr(sys, 'path'))", Doubt.READ),
        ("from sys import path as p\nprint(p)", Doubt.READ),
        ("import sys as s\nfor x in s.path: f(x)", Doubt.READ),
        ("os.chdir(x)", Doubt.MOVED),
        ("os.fchdir(x)", Doubt.MOVED),
        ("from os import chdir as cd\ncd(x)", Doubt.MOVED),
        ("importlib.reload(m)", Doubt.MACHINERY),
        ("from sys import modules\nmodules.pop('a')", Doubt.MACHINERY),
        ("from importlib import import_module as load\nload(x)", Doubt.CHOSEN),
        ("importlib.util.find_spec(x)", Doubt.CHOSEN),
        ("pkgutil.iter_modules()", Doubt.CHOSEN),
        ("logging.config.fileConfig('a.ini')", Doubt.CHOSEN),
        ("loader.loadTestsFromName('a')", Doubt.CHOSEN),
        ("timeit.timeit('f()', 'from m import f')", Doubt.RUN),
        ("doctest.testmod()", Doubt.RUN),
        ("pickle.load(file)", Doubt.DATA),
        ("from joblib import load\nload('a')", Doubt.DATA),
        ("pd.read_pickle('a')", Doubt.DATA),
    ],
)
def test_tells_what_a_proof_cannot_see(code: str, doubt: Doubt) -> None:
    assert read(code).doubts == {doubt}


@pytest.mark.parametrize(
    "code",
    [
        "sys.path.insert(0, x)",
        "if x not in sys.path: sys.path.append(x)",
        "sys.path += [x]",
        "sys.path = [x] + sys.path",
        "sys.modules['a']",
        "sys.modules.get('a')",
        "import_module('a')",
        "x.pop('a')",
    ],
)
def test_doubts_nothing_that_is_followed(code: str) -> None:
    assert read(code).doubts == frozenset()


def test_knows_the_names_that_a_file_binds() -> None:
    code = "import a\ndef f(): x = 1\nclass C: y = 1\nb, (c, d) = 1, (2, 3)\ne: int = 1\nfor g in h: i = 1\n"
    code += "__all__ = ['b', 'z']"
    found = read(code)
    assert found.bound == {"f": 2, "C": 3, **dict.fromkeys("bcd", 4), "e": 5, "g": 6, "i": 6, "__all__": 7}
    assert found.exported == ("b", "z")
    assert [site.binds for site in found.sites] == [("a",)]


@pytest.mark.parametrize(
    ("code", "acts"),
    [
        ("'''Text.'''\nimport a\nsys.path.insert(0, x)\ndef f(): g()\nx = f()", False),
        ("if x not in sys.path:\n    sys.path.append(x)", False),
        ("f()", True),
        ("for x in y: pass", True),
        ("assert x", True),
        ("if __name__ == '__main__':\n    f()", True),
    ],
)
def test_tells_whether_a_file_does_something_by_itself(code: str, acts: bool) -> None:  # noqa: FBT001
    assert read(code).acts is acts


def test_the_search_path_may_be_changed_by_another_name() -> None:
    assert (
        read("import sys as s\nfrom sys import path\nif x not in path: path.append(x)\ns.path.insert(0, x)").doubts
        == set()
    )


def test_asking_for_a_module_looks_it_up() -> None:
    (site,) = read("if importlib.util.find_spec('tool') is None: pass").sites
    assert (site.module, site.is_text, site.is_target) == ("tool", True, True)


def test_plugins_of_pytest_are_imported() -> None:
    modules = [site.module for site in read("pytest_plugins = ['one', 'two.three']").sites]
    assert sorted(modules) == ["one", "two.three", "two.three"]
    assert [site.module for site in read("pytest_plugins = 'one'").sites] == ["one"]
