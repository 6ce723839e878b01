"""Environments found by a path, and what their folders hold; nothing of them is run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import ConfigurationError
from rrr_optimize.workspace.site_packages import find_site_packages, list_folder, open_site_packages, path_inside

if TYPE_CHECKING:
    from pathlib import Path


def write(root: Path, *paths: str, text: str = "") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("inside", "told", "expected"),
    [
        ("env/lib/python3.11/site-packages/a.py", "env", "env/lib/python3.11/site-packages"),
        ("env/lib/pypy3.10/site-packages/a.py", "env", "env/lib/pypy3.10/site-packages"),
        ("env/Lib/site-packages/a.py", "env", "env/Lib/site-packages"),
        ("env/lib/python3/site-packages/a.py", "env/lib/python3/site-packages", "env/lib/python3/site-packages"),
        ("lib/python3/dist-packages/a.py", "lib/python3/dist-packages", "lib/python3/dist-packages"),
        ("target/a-1.dist-info/RECORD", "target", "target"),
        ("target/a.pth", "target", "target"),
    ],
)
def test_an_environment_is_named_by_its_folder_or_its_packages(
    inside: str, told: str, expected: str, tmp_path: Path
) -> None:
    write(tmp_path, inside)
    assert find_site_packages(told, tmp_path) == tmp_path / expected
    assert find_site_packages(str(tmp_path / told), tmp_path / "elsewhere") == tmp_path / expected


@pytest.mark.parametrize(
    ("inside", "told", "message"),
    [
        ([], "env", "env is no folder"),
        (["env"], "env", "env is no folder"),
        (["env/a.py"], "env", "nothing is installed in env"),
        (
            ["env/lib/python3.11/site-packages/a.py", "env/lib/python3.12/site-packages/a.py"],
            "env",
            "env has several: ",
        ),
    ],
)
def test_what_is_no_environment_is_an_error(inside: list[str], told: str, message: str, tmp_path: Path) -> None:
    write(tmp_path, *inside)
    with pytest.raises(ConfigurationError) as error:
        find_site_packages(told, tmp_path)
    assert error.value.message.startswith(message)


def test_modules_packages_and_open_folders_are_told_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        "one.py",
        "fast.cpython-311-x86_64-linux-gnu.so",
        "old.pyc",
        "pkg/__init__.py",
        "compiled/__init__.pyc",
    )
    write(tmp_path, "space/inner/__init__.py", "both.py", "both/x.txt", "a-1.0.dist-info/RECORD", "__pycache__/x.pyc")
    write(tmp_path, "read.me", "not-a-name.py")
    found = list_folder(str(tmp_path))
    assert sorted(found.regular) == ["both", "compiled", "fast", "old", "one", "pkg"]
    assert sorted(found.open) == ["space"]


def test_path_files_are_read_in_the_order_of_site(tmp_path: Path) -> None:
    write(tmp_path, "b.pth", "a.pth", "_c.pth", ".hidden.pth", text="x")
    site = open_site_packages(tmp_path)
    assert site.files == ("_c.pth", "a.pth", "b.pth")
    assert (site.text("a.pth"), site.text("gone.pth")) == ("x", "")


@pytest.mark.parametrize(
    ("value", "folder", "is_alone"),
    [("false", "site-packages", True), ("TRUE", "site-packages", False), ("false", "dist-packages", False)],
)
def test_an_environment_that_sees_another_is_not_alone(
    value: str,
    folder: str,
    tmp_path: Path,
    *,
    is_alone: bool,
) -> None:
    write(tmp_path, "pyvenv.cfg", text=f"home = /usr/bin\ninclude-system-site-packages = {value}\n")
    write(tmp_path, f"lib/python3.11/{folder}/a.py")
    assert open_site_packages(tmp_path / "lib" / "python3.11" / folder).is_alone is is_alone


def test_links_are_followed_before_a_path_counts_as_inside(tmp_path: Path) -> None:
    write(tmp_path, "root/src/a.py", "other/b.py")
    root = tmp_path / "root"
    assert path_inside(str(root), root) == "."
    assert path_inside(str(root / "src" / ".." / "src"), root) == "src"
    assert path_inside(str(tmp_path / "other"), root) is None
    assert path_inside(str(tmp_path / "rootless"), root) is None
    if sys.platform != "win32":
        (tmp_path / "link").symlink_to(root / "src")
        (root / "out").symlink_to(tmp_path / "other")
        assert path_inside(str(tmp_path / "link"), root) == "src"
        assert path_inside(str(root / "out"), root) is None
