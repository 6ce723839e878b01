"""Files that stand in a repository without being meant to run as they are: templates and test data."""

from __future__ import annotations

_TEMPLATES = frozenset({"skeleton", "skeletons", "template", "templates"})
_TEST_DATA = frozenset({"testdata", "test_data", "test-data", "fixtures", "testcases", "test_cases"})
TEST_FOLDERS = frozenset({"test", "tests", "testing"})
"""What folders of tests are called."""


def is_template(path: str) -> bool:
    """Return whether a path looks like that of a template, to be filled in first."""
    return "{{" in path or bool(_TEMPLATES.intersection(path.split("/")[:-1]))


def is_test(path: str) -> bool:
    """Return whether a file is loaded by tests alone."""
    *folders, name = path.split("/")
    return bool(TEST_FOLDERS.intersection(folders)) or name == "conftest.py" or name.startswith("test_")


def is_test_data(path: str) -> bool:
    """Return whether a file stands among what tests read."""
    folders = set(path.split("/")[:-1])
    return bool(folders & _TEST_DATA) or bool(folders & TEST_FOLDERS and "data" in folders)
