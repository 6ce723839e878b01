"""`.pth` files and the hooks of editable installations, read and never run."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.path_configuration import EditableFinder, PathFile, read_editable_finder, read_path_file

OLD_NAMESPACE = (
    "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'],"
    " *('zope', 'event'));importlib = has_mfs and __import__('importlib.util')"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", PathFile()),
        ("# a comment\n\n  \n", PathFile()),
        ("import _virtualenv", PathFile()),
        ("import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, '') == 'local'; x()", PathFile()),
        ("import coverage; coverage.process_startup()", PathFile()),
        ("import sys; exec('import os\\nif 1:\\n  coverage.process_startup(slug=\"pth\")')", PathFile()),
        ("\ufeff/a/src\r\n../lib \nimporter\n", PathFile(folders=("/a/src", "../lib", "importer"))),
        (
            "import __editable___x_finder; __editable___x_finder.install()\n",
            PathFile(finders=("__editable___x_finder",)),
        ),
        ("import _editable_impl_x\n", PathFile(finders=("_editable_impl_x",))),
        (OLD_NAMESPACE, PathFile(namespaces=("zope",))),
        ("import\tos; os.system('x')\n", PathFile(unknown=("import\tos; os.system('x')",))),
        ("import a, b", PathFile(unknown=("import a, b",))),
    ],
)
def test_a_line_is_a_folder_a_hook_or_unknown(text: str, expected: PathFile) -> None:
    assert read_path_file(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = (",
        "MAPPING = make()\n",
        "MAPPING = {'a': 1}\n",
        "MAPPING = ['a']\n",
        "def f():\n    MAPPING = {'a': '/a'}\n",
        "F.map_module(name, '/a')\n",
        "F.map_module('a')\n",
    ],
)
def test_what_is_not_written_as_a_literal_is_no_hook_that_is_known(text: str) -> None:
    assert read_editable_finder(text) is None


def test_the_hook_of_setuptools_has_two_dicts() -> None:
    new = "MAPPING: dict[str, str] = {'a': '/x/a', 'n.b': '/x/n/b'}\nNAMESPACES: dict[str, list[str]] = {'n': []}\n"
    old = "MAPPING = {'a': '/x/a'}\nNAMESPACES = find()\n"
    assert read_editable_finder(new) == EditableFinder({"a": "/x/a", "n.b": "/x/n/b"}, ("n",))
    assert read_editable_finder(old) == EditableFinder({"a": "/x/a"})
    assert read_editable_finder("MAPPING = {}") == EditableFinder()


def test_the_hook_of_editables_is_called_with_each_name() -> None:
    text = (
        "from editables.redirector import RedirectingFinder as F\nF.install()\n"
        "F.map_module('a', '/x/a/__init__.py')\nF.map_module('b', 'C:\\\\x\\\\b.py')\n"
    )
    assert read_editable_finder(text) == EditableFinder({"a": "/x/a", "b": "C:\\x\\b"})
