"""What a .dockerignore keeps out."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.docker_ignore import keeps_out


@pytest.mark.parametrize(
    ("text", "path", "is_out"),
    [
        ("", "a.txt", False),
        ("# a.txt\n\n", "a.txt", False),
        ("a.txt", "a.txt", True),
        ("a.txt", "x/a.txt", False),
        ("/a.txt", "a.txt", True),
        ("x", "x/y/a.txt", True),
        ("x/", "x/a.txt", True),
        ("*.txt", "a.txt", True),
        ("*.txt", "x/a.txt", False),
        ("**/*.txt", "x/y/a.txt", True),
        ("**/*.txt", "a.txt", True),
        ("x/**", "x/y/a.txt", True),
        ("?.txt", "a.txt", True),
        ("a+.txt", "aa.txt", False),
        (".", "a.txt", True),
        ("*\n!a.txt", "a.txt", False),
        ("!a.txt\n*", "a.txt", True),
    ],
)
def test_the_last_line_that_matches_decides(text: str, path: str, is_out: bool) -> None:  # noqa: FBT001
    assert keeps_out(text, path) is is_out
