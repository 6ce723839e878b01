import pytest

from rrr_optimize.formats.pre_commit_file import read_pre_commit_file
from rrr_optimize.formats.yaml_nodes import YamlError
from rrr_optimize.source import SourceText

TEXT = """\
default_language_version:
  python: python3.11
repos:
- repo: https://github.com/pre-commit/mirrors-mypy
  rev: v1.2.0
  hooks:
  - id: mypy
    additional_dependencies: &typed
    - types-requests==2.31  # pinned
    - "attrs[extra]>=22"
    language_version: 'python3.9'
  - id: mypy-again
    additional_dependencies: *typed
- repo: local
  hooks:
  - {id: eslint, language: node, additional_dependencies: ["eslint@8"]}
"""


@pytest.mark.parametrize(
    "text", ["", "a", "repos: []", "repos: a", "repos: [a]", "repos: [repo: x]", "repos: [hooks: [a]]"]
)
def test_a_file_of_another_shape_asks_for_nothing(text: str) -> None:
    hooks = read_pre_commit_file(SourceText("x", text)).hooks
    assert [dependency for hook in hooks for dependency in hook.additional_dependencies] == []


def test_reads_the_dependencies_of_each_hook_at_their_place() -> None:
    source = SourceText(".pre-commit-config.yaml", TEXT)
    found = read_pre_commit_file(source)

    assert [
        (hook.id, hook.repository, hook.revision, hook.language, [item.text for item in hook.additional_dependencies])
        for hook in found.hooks
    ] == [
        (
            "mypy",
            "https://github.com/pre-commit/mirrors-mypy",
            "v1.2.0",
            None,
            ["types-requests==2.31", "attrs[extra]>=22"],
        ),
        (
            "mypy-again",
            "https://github.com/pre-commit/mirrors-mypy",
            "v1.2.0",
            None,
            ["types-requests==2.31", "attrs[extra]>=22"],
        ),
        ("eslint", "local", None, "node", ["eslint@8"]),
    ]
    for hook in found.hooks:
        for item in hook.additional_dependencies:
            assert source.slice(item.span) == item.text


def test_reads_the_python_of_a_hook_and_the_default() -> None:
    source = SourceText(".pre-commit-config.yaml", TEXT)
    found = read_pre_commit_file(source)
    versions = [found.default_python, *(hook.language_version for hook in found.hooks)]

    assert [version and source.slice(version.span) for version in versions] == ["python3.11", "python3.9", None, None]


def test_refuses_aliases_that_multiply_beyond_the_budget() -> None:
    hooks = "  - {id: b, additional_dependencies: *l}\n" * 300
    text = f"l: &l [{'a, ' * 1_000}]\nrepos:\n- repo: local\n  hooks:\n{hooks}"
    with pytest.raises(YamlError, match=r"line 205, column 5: more than 200000 dependencies"):
        read_pre_commit_file(SourceText("x", text))


def test_an_aliased_hook_repeats_nothing() -> None:
    text = "repos:\n- hooks: [&h {id: a, additional_dependencies: [b]}, *h]\n"
    assert [hook.id for hook in read_pre_commit_file(SourceText("x", text)).hooks] == ["a"]
