from __future__ import annotations

import pytest

from rrr_optimize.workspace.foreign import ForeignFolders


@pytest.mark.parametrize(
    "path",
    ["vendor", "src/vendor.py", "venv/x.py", "env/x.py", ".venv/x.py", "vendors/x.py", "my_node_modules/x", "x.py"],
)
def test_what_only_looks_foreign_is_kept(path: str) -> None:
    assert not ForeignFolders.among([path]).holds(path)


@pytest.mark.parametrize(
    ("path", "folder", "kind"),
    [
        ("web/node_modules/a/node_modules/b.py", "web/node_modules", "installed packages"),
        ("lib/site-packages/x.py", "lib/site-packages", "installed packages"),
        ("pip/_vendor/x/y.py", "pip/_vendor", "vendored"),
        ("third_party/x.py", "third_party", "vendored"),
        ("a/.tox/py/x.py", "a/.tox", "cache"),
        ("a/__pycache__/x.py", "a/__pycache__", "cache"),
    ],
)
def test_a_foreign_folder_is_known_by_name_and_counted_once(path: str, folder: str, kind: str) -> None:
    foreign = ForeignFolders.among([path])
    assert foreign.holds(path)
    assert foreign.holds(path + "i")
    assert foreign.skipped == {folder: kind}


@pytest.mark.parametrize("marker", ["e/pyvenv.cfg", "e/conda-meta/history"])
def test_an_environment_is_known_by_its_marker(marker: str) -> None:
    foreign = ForeignFolders.among([marker, "e/lib/x.py", "f/x.py"])
    assert foreign.holds("e/lib/x.py")
    assert not foreign.holds("f/x.py")
    assert foreign.skipped == {"e": "virtual environment"}


def test_the_root_is_never_foreign() -> None:
    assert not ForeignFolders.among(["pyvenv.cfg", "conda-meta/history", "x.py"]).holds("x.py")


def test_a_path_of_two_thousand_folders_is_judged() -> None:
    deep = "a/" * 2000
    assert not ForeignFolders().holds(deep + "x.py")
    assert ForeignFolders().holds(deep + "vendor/x.py")
