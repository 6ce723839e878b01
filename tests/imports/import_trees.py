"""Generated package trees: what folders hold, what their files import, and how they change the search path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDERS = ("", "a/", "b/", "a/b/", "lib/", "lib/a/", "lib/b/", "lib/a/c/", "b/a/")
# Built in, frozen, and in files: what a folder cannot hide and what it can. No test runner has imported the last.
LIBRARY = ("itertools", "stat", "colorsys")
STEMS = ("a", "b", "c", "__init__", "__init__", *LIBRARY)
IMPORTS = (
    *("import a", "import b", "import c", "import colorsys", "import stat, itertools", "import itertools, a"),
    *("import a.b", "import a.b.c", "import b.c", "import lib.a.c", "import lib.b", "import a.c as z"),
    *("import a.b as x", "from a import b", "from a import c as y", "from b import a, c", "from a.b import c"),
    *("from lib import a", "from lib.a import b", "from a import own", "from a import *", "from a.b import *"),
    *(
        "from lib import *",
        "from b import *",
        "from . import b",
        "from . import a, c",
        "from .a import b",
        "from .. import a",
    ),
    *(
        "from ..a import c",
        "from .b import *",
        "from ... import c",
        "importlib.import_module('a.c')",
        "__import__('b.a')",
    ),
)
BINDINGS = (
    "own = 1",
    "b = 1",
    "c = None",
    "__all__ = ['b']",
    "__all__ = ['c', 'own']; own = 1",
    "def a(): pass",
    "class b: pass",
)
PLACES = ("ROOT + '/lib'", "ROOT + '/a'", "ROOT + '/lib/a'", "ROOT + '/b'", "ROOT", "HERE", "ROOT + '/nowhere'")
CHANGES = (
    *("sys.path.insert(0, {})", "sys.path.insert(0, {})", "sys.path.insert(1, {})", "sys.path.insert(-1, {})"),
    *("sys.path.append({})", "sys.path.append({})", "sys.path.extend([{}, ROOT + '/b'])", "sys.path += [{}]"),
    *("sys.path[:0] = [{}]", "sys.path[0:0] = [{}]", "sys.path = [{}] + sys.path", "sys.path = [{}, *sys.path]"),
    *("site.addsitedir({})", "path.append({})", "path.insert(0, {})", "sys.path.insert(2, {})"),
    *("sys.path[len(sys.path):] = [{}]", "sys.path = sys.path + [{}]", "sys.path[1:1] = [{}]"),
    "if {} not in sys.path: sys.path.insert(0, {})",
)
WRAPPINGS = (
    *("{}", "{}", "{}", "{}", "if sys.maxsize:\n    {}", "class C:\n    {}", "with open(os.devnull):\n    {}"),
    "if __name__ == '__main__':\n    {}",
    *("@later\ndef f():\n    {}", "for _ in (1,):\n    {}", "try:\n    {}\nfinally:\n    pass"),
    "if False:\n    pass\nelse:\n    {}",
)
# What a condition decides is taken to happen, so these hold only where the file is not the program itself.
IMPORTED = ("if __name__ != '__main__':\n    {}", "if __name__ == '__main__':\n    pass\nelse:\n    {}")


def imports(choices: Sequence[str] = IMPORTS, wrappings: Sequence[str] = WRAPPINGS) -> st.SearchStrategy[str]:
    """Return imports that may fail, in all places where imports stand."""
    guarded = st.sampled_from(choices).map("try:\n    {}\nexcept (ImportError, AttributeError):\n    pass".format)
    return _wrapped(guarded, wrappings)


def changes(places: Sequence[str] = PLACES, forms: Sequence[str] = CHANGES) -> st.SearchStrategy[str]:
    """Return statements that change the search path."""
    made = st.builds(lambda form, place: form.replace("{}", place), st.sampled_from(forms), st.sampled_from(places))
    return _wrapped(made, WRAPPINGS)


def _wrapped(statements: st.SearchStrategy[str], wrappings: Sequence[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda wrapping, text: wrapping.format(text.replace("\n", "\n    ") if "\n" in wrapping else text),
        st.sampled_from(wrappings),
        statements,
    )


@st.composite
def trees(draw: st.DrawFn, *entries: str, forms: Sequence[str] = CHANGES, at_most: int = 9) -> dict[str, str]:
    """Return a tree of packages, and the files that are run; each file knows the root of the tree."""
    places = draw(st.lists(st.tuples(st.sampled_from(FOLDERS), st.sampled_from(STEMS)), max_size=at_most))
    inner = st.lists(
        imports() | imports(wrappings=IMPORTED) | imports() | changes(forms=forms) | st.sampled_from(BINDINGS),
        max_size=3,
    )
    files = {f"{folder}{stem}.py": draw(inner) for folder, stem in places if folder or stem != "__init__"}
    for entry in entries:
        files[entry] = draw(st.lists(imports() | imports() | changes(forms=forms), min_size=1, max_size=8))
    return {path: write_file(path, lines) for path, lines in files.items()}


def write_file(path: str, statements: Sequence[str]) -> str:
    """Return the text of a file, with what its statements may use on top."""
    head = (
        "import importlib, os, pathlib, site, sys\nfrom sys import path\n"
        f"ROOT = str(pathlib.Path(__file__).resolve().parents[{path.count('/')}])\n"
        "HERE = os.path.dirname(os.path.abspath(__file__))\n"
    )
    # What an import of everything brings may be called like that as well, so nothing is said of what comes after it.
    first = next((number for number, each in enumerate(statements) if "import *" in each), len(statements))
    certain = [*statements[:first], *(each for each in statements[first:] if "ROOT" not in each and "HERE" not in each)]
    return head + "".join(f"{statement}\n" for statement in certain)
