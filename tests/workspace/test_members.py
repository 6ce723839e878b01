from __future__ import annotations

import pytest

from rrr_optimize.workspace.members import find_members, match_folders

FOLDERS = (".", "a", "packages", "packages/a", "packages/a/src", "packages/b", "libs/c", "other/packages/a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[tool.uv.workspace\nmembers = ['a']",
        "[tool.uv.workspace]\nmembers = 'packages/*'",
        "[tool.uv.workspace]\nmembers = ['../*', '/packages/*', '..', '.', 'gone', 3]",
        "[tool.uv]\nworkspace = ['packages/*']",
        "[tool.uv.sources]\na = { path = 3 }\nb = { git = 'packages/a' }",
        "[tool.poetry]\ngroup = 3\n[tool.poetry.dependencies]\npath = '^1'\nx = { path = '../outside' }",
        "[project]\ndependencies = ['x @ file:///${PROJECT_ROOT}/../outside', 'path']",
        "x = " + "[" * 5000,
    ],
)
def test_what_names_no_folder_of_the_root_has_no_members(text: str) -> None:
    assert find_members(text, ".", FOLDERS) == frozenset()


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("[tool.uv.workspace]\nmembers = ['packages/*']\nexclude = ['packages/b']", {"packages/a"}),
        ("[tool.uv.workspace]\nmembers = ['libs/c/', './a']", {"libs/c", "a"}),
        ("[tool.uv.sources]\nx = { path = 'libs/c' }\ny = [{ path = 'a' }]", {"libs/c", "a"}),
        (
            "[tool.hatch.envs.default.workspace]\nmembers = ['packages/*', { path = 'a' }]",
            {"packages/a", "packages/b", "a"},
        ),
        ("[tool.poetry.dependencies]\nx = { path = 'libs/c', develop = true }", {"libs/c"}),
        ("[tool.poetry.dev-dependencies]\nx = [{ path = 'a' }, { version = '1' }]", {"a"}),
        ("[tool.poetry.group.dev.dependencies]\nx = { path = 'a' }", {"a"}),
        ("[project]\ndependencies = ['x @ file:///${PROJECT_ROOT}/libs/c ; python_version > \"3\"']", {"libs/c"}),
        ("[tool.pdm.dev-dependencies]\ndev = ['-e file:///${PROJECT_ROOT}/a#egg=a']", {"a"}),
    ],
)
def test_each_tool_names_members_in_its_own_way(text: str, members: set[str]) -> None:
    assert find_members(text, ".", FOLDERS) == members


def test_members_are_relative_to_the_file_that_names_them() -> None:
    text = "[tool.uv.workspace]\nmembers = ['../a', '../libs/*']"
    assert find_members(text, "packages", FOLDERS) == {"a", "libs/c"}


@pytest.mark.parametrize(
    ("glob", "folders"),
    [
        ("A", set()),
        ("packages/", {"packages"}),
        (".", {"."}),
        ("*", {"a", "packages"}),
        ("packages/*", {"packages/a", "packages/b"}),
        ("packages/[!a]", {"packages/b"}),
        ("**/a", {"a", "packages/a", "other/packages/a"}),
        ("packages/**", {"packages", "packages/a", "packages/a/src", "packages/b"}),
        ("**/packages/**/src", {"packages/a/src"}),
        ("**", set(FOLDERS) - {"."}),
    ],
)
def test_a_star_stays_within_one_folder(glob: str, folders: set[str]) -> None:
    assert match_folders(glob, FOLDERS) == folders


def test_a_glob_of_many_stars_takes_no_time() -> None:
    assert match_folders("/".join(["**", "*a*b*c*"] * 60), ["/".join(["abcabc" * 20] * 100)])
