"""A law of environments: whatever they hold, a name leads where their Python says it does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.imports.environments import FINDER, Environment, make_environment, told
from tests.imports.trees import write_tree

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("a", "b", "c")
INSIDE = ("one", "two")
SHAPES = {"module": "{}.py", "package": "{}/__init__.py", "namespace": "{}/x.txt", "nothing": "{}.txt"}

shapes = st.fixed_dictionaries({name: st.sampled_from(sorted(SHAPES)) for name in NAMES})
held = st.fixed_dictionaries(dict.fromkeys((*INSIDE, "site", "outside"), shapes))
lines = st.lists(st.sampled_from((*INSIDE, "outside")), unique=True)
fronts = st.lists(st.sampled_from(INSIDE), unique=True)
hooks = st.lists(st.sampled_from(NAMES), unique=True)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return make_environment(tmp_path_factory.mktemp("law"))


def _lay(environment: Environment, held: dict[str, dict[str, str]], lines: list[str], hooks: list[str]) -> None:
    outside = environment.path.parent / "outside"
    places: dict[str, Path] = {place: environment.root / place for place in INSIDE}
    places |= {"site": environment.packages, "outside": outside}
    for folder in (environment.root, environment.packages, outside):
        shutil.rmtree(folder, ignore_errors=True)
    for place, folder in places.items():
        write_tree(folder, {SHAPES[shape].format(name): "" for name, shape in held[place].items()})
    write_tree(environment.root, {f"hooked/{name}/__init__.py": "" for name in NAMES})
    mapping = {name: str(environment.root / "hooked" / name) for name in hooks}
    write_tree(
        environment.packages,
        {
            "__editable___law_finder.py": FINDER.format(mapping=mapping),
            "law.pth": "import __editable___law_finder; __editable___law_finder.install()\n",
            "paths.pth": "".join(f"{places[line]}\n" for line in lines),
        },
    )


@given(held, lines, fronts, hooks)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_name_leads_where_the_interpreter_says(
    environment: Environment,
    held: dict[str, dict[str, str]],
    lines: list[str],
    fronts: list[str],
    hooks: list[str],
) -> None:
    _lay(environment, held, lines, hooks)
    assert told(environment.resolve(NAMES, *fronts)) == environment.ask_python(NAMES, *fronts)
