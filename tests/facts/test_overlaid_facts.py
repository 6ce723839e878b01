"""What is read again after a change is what would be read if everything were read anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Span
from tests.opening import open_folder

if TYPE_CHECKING:
    from rrr_optimize.facts.repository import Repository
    from tests.conftest import Facts

FILES = {
    "pyproject.toml": (
        '[project]\nname = "root"\nversion = "1"\ndependencies = ["a", "n>=1"]\n[tool.uv.sources]\na = {path = "a"}\n'
    ),
    "a/pyproject.toml": '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.9"\n',
    "b/requirements.txt": "-e ../a\n-r more.txt\nn==1.0\nbroken=1\n",
    "b/more.txt": "m==1.0\n",
    "b/tox.ini": "[testenv]\ndeps = n==1.0\n",
    "b/.python-version": "3.11\n",
    "c/setup.cfg": "[options]\ninstall_requires =\n    n==1.0\n",
    "c/Dockerfile": "FROM python:3.12\nRUN pip install n==1.0 m==1.0\n",
    "c/script.py": '# /// script\n# dependencies = ["n==1.0"]\n# ///\n',
    "c/plain.py": "import n\n",
}


def overlay(repository: Repository, *changes: Edit | Creation) -> Repository:
    edits = tuple(change for change in changes if isinstance(change, Edit))
    creations = tuple(change for change in changes if isinstance(change, Creation))
    return repository.overlay([ChangeGroup("x", Lane.SAFE, "", "", edits=edits, creations=creations)])


def put(path: str, old: str, new: str) -> Edit:
    start = FILES[path].index(old)
    return Edit(path, Span(start, start + len(old)), new)


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [put("b/requirements.txt", "n==1.0", "n==1.1")],
        [put("b/more.txt", "m", "-r ../d.txt\nm"), Creation("d.txt", "n<3\n")],
        [put("b/requirements.txt", "more", "less")],
        [put("a/pyproject.toml", '"a"', '"other"')],
        [put("a/pyproject.toml", "3.9", "3.12"), put("b/.python-version", "3.11", "3.13")],
        [Creation("a/uv.lock", "")],
        [put("c/setup.cfg", "[options]", "[options")],
        [put("c/Dockerfile", "m==1.0", "-r /x")],
        [put("c/script.py", "n==1.0", "n==2.0")],
        [put("c/plain.py", "import n\n", FILES["c/script.py"])],
        [Creation("e/requirements.txt", "n==3\n"), Creation("e/x.py", FILES["c/script.py"])],
        [put("pyproject.toml", '{path = "a"}', '{index = "a"}')],
    ],
)
def test_the_facts_are_those_of_a_fresh_look(facts: Facts, changes: list[Edit | Creation]) -> None:
    repository = facts(FILES)
    before = repr(repository.requirements)
    over = overlay(repository, *changes)
    root = repository.snapshot.root
    for change in over.snapshot.changes:
        place = root / change.path
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(change.after or b"")
    fresh = replace(open_folder(root), projects=repository.projects)
    assert repr(over.requirements) == repr(fresh.requirements)
    assert (repr(over.requirements) == before) == (not changes)
    assert set(over.requirements.scripts) == set(fresh.requirements.scripts)


def test_what_did_not_change_is_the_very_same(facts: Facts) -> None:
    repository = facts(FILES)
    before = {source.path: source for source in repository.requirements.sources}
    over = overlay(repository, put("b/requirements.txt", "n==1.0", "n==1.1"))
    same = {source.path for source in over.requirements.sources if before[source.path] is source}
    # The sources of the root's project are marked as internal each time.
    assert set(before) - same == {"b/requirements.txt", "pyproject.toml"}
    assert over.requirements.files["c/setup.cfg"] is repository.requirements.files["c/setup.cfg"]


def test_an_overlay_of_what_was_not_looked_at_reads_all(facts: Facts) -> None:
    repository = facts(FILES)
    over = overlay(repository, put("b/requirements.txt", "n==1.0", "n==1.1"))
    assert "requirements" not in vars(repository)
    assert set(over.requirements.files) == set(repository.requirements.files)
