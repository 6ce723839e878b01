from __future__ import annotations

import pytest

from rrr_optimize.workspace.requirement_names import is_requirements_file, requirements_owner


@pytest.mark.parametrize(
    "path",
    [
        "COMMAND_CENTER_REQUIREMENTS.md",
        "docs/requirements-file-format.md",
        "requirements.lock",
        "requirements",
        "requirements.txt/notes.md",
        "tests/test_auto_resolve_requirements.yaml",
        "src/pep518_missing_requires/MANIFEST.in",
        "data/words.txt",
        "data/prereqs.txt",
        "nlp/requirement_sentences/a.txt",
        "concepts-requests/words.txt",
        "requirements/README.txt",
        "requirements/LICENSE.txt",
        "requirements/MANIFEST.in",
        "requirements/build.py",
        "constraint_solver.txt.py",
    ],
)
def test_other_files_are_none(path: str) -> None:
    assert not is_requirements_file(path)


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("requirements.txt", "."),
        ("a/requirements.in", "a"),
        ("a/b/requirements-test.txt", "a/b"),
        ("requirements_py2.txt", "."),
        ("requirements-3.9.txt", "."),
        ("Requirements.txt", "."),
        ("requirement.txt", "."),
        ("requirement-test.txt", "."),
        ("localreqs.txt", "."),
        ("reqs-dev.txt", "."),
        ("dev_requirements.txt", "."),
        ("dev-requirements-py311.txt", "."),
        ("a/constraints.txt", "a"),
        ("constraints-3.9.txt", "."),
        ("upper-constraints.txt", "."),
        ("a/requirements/dev.txt", "a"),
        ("requirements/static/ci/py3.9/linux.txt", "."),
        ("a/reqs/base.in", "a"),
        ("constraints/requirements/x.txt", "."),
    ],
)
def test_a_requirements_file_belongs_to_the_folder_that_it_speaks_for(path: str, owner: str) -> None:
    assert is_requirements_file(path)
    assert requirements_owner(path) == owner
