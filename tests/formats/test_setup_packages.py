"""What a setup.py says of its packages is read where it is literal, and only there."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.setup_packages import PackageSearch, SetupPackages, read_setup_packages
from rrr_optimize.source import SourceText


def read(text: str) -> SetupPackages | None:
    return read_setup_packages(SourceText.decode("setup.py", text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("setup(", id="does not parse"),
        pytest.param("print('no call')", id="no call"),
        pytest.param("setup(name='x')", id="says nothing"),
        pytest.param("setup(packages=['a'])\nsetup(packages=['b'])", id="two calls"),
        pytest.param("setup(packages=['a'], **more)", id="unpacked keywords"),
        pytest.param("setup(packages=['a'] + more())", id="computed in part"),
        pytest.param("setup(packages=find_them())", id="another search"),
        pytest.param("setup(packages=find_packages(where=folder))", id="a folder that is computed"),
        pytest.param("setup(packages=find_packages(exclude=[name + '.*']))", id="a pattern that is computed"),
    ],
)
def test_reads_nothing(text: str) -> None:
    assert read(text) is None


def test_reads_a_list_with_its_place_folders_and_data() -> None:
    text = "NAMES = ['a', 'a.b']\nsetup(packages=NAMES, package_dir={'': 'src'}, package_data={'a': ['*.txt']})"
    found = read(text)
    assert found is not None
    assert (found.listed, found.search, dict(found.folders), found.data) == (
        ("a", "a.b"),
        None,
        {"": "src"},
        ("*.txt",),
    )
    assert text[found.span.start : found.span.end] == "NAMES"


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("find_packages()", PackageSearch()),
        ("setuptools.find_packages('src', ['t'])", PackageSearch("src", ("*",), ("t",))),
        ("find_namespace_packages(include=('a*',))", PackageSearch(include=("a*",), takes_namespaces=True)),
    ],
)
def test_reads_a_search(text: str, search: PackageSearch) -> None:
    found = read(f"setup(packages={text})")
    assert found is not None
    assert found.search == search
