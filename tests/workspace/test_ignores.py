from __future__ import annotations

import pytest

from rrr_optimize.workspace.ignores import IgnoreFile, is_ignored


def _ignored(path: str, *files: tuple[str, str]) -> bool:
    ignore_files = [IgnoreFile.parse(folder, text) for folder, text in files]
    return is_ignored(path.rstrip("/"), ignore_files, is_folder=path.endswith("/"))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "a.py"),
        ("# a.py", "a.py"),
        ("!", "a.py"),
        ("a.py/", "a.py"),
        ("/a.py", "sub/a.py"),
        ("*.py\n!a.py", "a.py"),
        ("x/**", "x/"),
        ("x/**/", "x/"),
        ("x/**/", "x/a.py"),
        ("a", "a/b.py"),
        ("x\u2028a.py", "a.py"),
    ],
)
def test_what_no_line_names_is_kept(text: str, path: str) -> None:
    assert not _ignored(path, ("", text))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("*.py", "a.py"),
        ("*.py\r\nb", "a.py"),
        ("\ufeffa.py", "a.py"),
        ("build/", "sub/build/"),
        ("*\n!*/", "sub/a.py"),
        ("x/**", "x/a.py"),
        ("x/**/", "x/y/"),
        ("\\#a", "#a"),
    ],
)
def test_what_the_last_matching_line_names_is_ignored(text: str, path: str) -> None:
    assert _ignored(path, ("", text))


def test_the_innermost_file_has_the_last_word() -> None:
    assert not _ignored("sub/a.py", ("", "*.py"), ("sub/", "!a.py"))
    assert _ignored("sub/a.py", ("", "!a.py"), ("sub/", "/a.py"))
    assert _ignored("sub/b.py", ("", "*.py"), ("sub/", "!a.py"))
