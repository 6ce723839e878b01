"""Whatever the .gitignore files say, a walk finds what git finds."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings, strategies as st

from rrr_optimize.tools.git import Git
from rrr_optimize.workspace.listing import list_root
from rrr_optimize.workspace.members import match_folders
from rrr_optimize.workspace.root import Root

_NAMES = st.sampled_from(["a", "b", "ab", "x.py", "foo", "build"])
# No "a**": git reads what follows the literal "a" by itself, so that "a**/b" matches "ab", against gitignore(5).
_SEGMENTS = st.sampled_from(["a", "b", "*.py", "*", "foo", "build", "b*", "**", "?", "[ab]"])
_PATTERNS = st.builds(
    lambda bang, slash, segments, end: bang + slash + "/".join(segments) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(_SEGMENTS, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", " ", "\\ ", "\r"]),
)
_FOLDERS = st.lists(_NAMES, max_size=3).map("/".join)
_IGNORE_FILES = st.dictionaries(_FOLDERS, st.lists(_PATTERNS, min_size=1, max_size=4), max_size=4)
_FILES = st.lists(st.tuples(_FOLDERS, _NAMES), min_size=1, max_size=25)


def _make(top: Path, files: list[tuple[str, str]], ignore_files: dict[str, list[str]]) -> None:
    for folder, name in [*files, *((folder, ".gitignore") for folder in ignore_files)]:
        path = top / folder / name
        # A name may be a file here and a folder there: the first one stays.
        if not any(parent.is_file() for parent in path.parents) and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "\n".join(ignore_files[folder]) if name == ".gitignore" else ""
            path.write_bytes(text.encode())


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files=_FILES, ignore_files=_IGNORE_FILES)
def test_a_walk_finds_what_git_finds(files: list[tuple[str, str]], ignore_files: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        _make(top, files, ignore_files)
        walked = list_root(Root(top, None), Git())
        subprocess.run(["git", "init", "-q", "--template="], cwd=top, check=True)
        git = Git(environment={"PATH": os.environ["PATH"], "HOME": folder})
        assert set(walked.files) == set(git.list_files(top).files)


@given(path=st.lists(_NAMES, min_size=1, max_size=5), data=st.data())
def test_a_double_star_may_stand_for_any_run_of_folders(path: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(path)))
    end = data.draw(st.integers(start, len(path)))
    folder = "/".join(path)
    assert match_folders("/".join([*path[:start], "**", *path[end:]]), [folder]) == {folder}
    assert match_folders("/".join(["*"] * len(path)), [folder, f"{folder}/more"]) == {folder}
