"""`[tool.rrr-optimize.unify]`: what is taken, and which mistakes are told."""

from __future__ import annotations

from typing import Any

import pytest

from rrr_optimize.config_table import read_settings
from rrr_optimize.errors import ConfigurationError
from rrr_optimize.package_globs import match_package
from rrr_optimize.unify_settings import Policy, PolicyEntry, PolicyName, UnifySettings


def _entries(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"policies": list(entries)}


def test_what_is_right_is_taken() -> None:
    table = {
        "policy": "snap-to  the engine",
        "policies": [
            {"packages": ["pandas"], "policy": "pinned 2.2.0"},
            {"packages": ["Num_Py"], "policy": "pinned", "version": "1.26"},
            {"projects": ["a", "b/*"], "in": "b/**", "layers": ["dev"], "policy": "ignored"},
        ],
        "allow-major": ["black", "Pytest_*"],
        "layout": "constraints",
        "layers": {"ml": ["torch*"], "Dev_Tools": ["black"]},
        "threshold": 0.5,
        "max-added": 3,
    }
    settings = read_settings({"unify": table}).unify
    assert settings == UnifySettings(
        policy=Policy(PolicyName.SNAP_TO, "the engine"),
        policies=(
            PolicyEntry(Policy(PolicyName.PINNED, "2.2.0"), packages=("pandas",)),
            PolicyEntry(Policy(PolicyName.PINNED, "1.26"), packages=("Num_Py",)),
            PolicyEntry(Policy(PolicyName.IGNORED), projects=("a", "b/*"), where="b/**", layers=("dev",)),
        ),
        allow_major=("black", "Pytest_*"),
        layout="constraints",
        layers=(("ml", ("torch*",)), ("dev-tools", ("black",))),
        threshold=0.5,
        max_added=3,
    )
    assert settings.allows_major("pytest-asyncio")
    assert not settings.allows_major("pytest")
    assert str(settings.policy) == "snap-to the engine"
    assert str(Policy()) == "least-satisfying"
    assert read_settings({}).unify == UnifySettings()


def test_the_same_globs_for_other_requirements_are_another_entry() -> None:
    table = _entries(
        {"packages": ["a"], "in": "x", "policy": "highest"},
        {"packages": ["a"], "policy": "lowest"},
        {"packages": ["a", "b"], "policy": "most-common"},
        {"packages": ["*"], "layers": ["dev"], "policy": "ignored"},
    )
    assert len(read_settings({"unify": table}).unify.policies) == 4


@pytest.mark.parametrize(
    ("table", "mistakes"),
    [
        ({"layer": {}}, ["unknown key unify.'layer'; did you mean 'layers'?"]),
        ({"policy": 7}, ["'unify.policy' must be a string, not 7"]),
        ({"policy": " "}, ["'unify.policy' must be one of {names}, not ''"]),
        ({"policy": "higest"}, ["'unify.policy' must be one of {names}, not 'higest'; did you mean 'highest'?"]),
        (
            {"policy": "latest"},
            [
                (
                    "'unify.policy': 'latest' needs a package index, which is not asked; 'highest' is the highest"
                    " version that the repository names"
                )
            ],
        ),
        ({"policy": "snap-to"}, ["'unify.policy': 'snap-to' needs a project, as in 'snap-to backtesting'"]),
        ({"policy": "highest 2"}, ["'unify.policy': 'highest' stands alone, without '2'"]),
        ({"policy": "ignored"}, ["'unify.policy' is for every package: say 'ignored' of some, in 'unify.policies'"]),
        (
            {"policies": ["ignored", {"packages": "a", "policies": "ignored"}]},
            [
                "'unify.policies[1]' must be a list of tables, not 'ignored'",
                "unknown key unify.policies[2].'policies'; did you mean 'policy'?",
                "unify.policies[2]: an entry lacks 'policy'",
            ],
        ),
        (
            _entries({"packages": ["a"], "policy": "pinned"}, {"packages": ["b"], "policy": "pinned x"}),
            [
                "'unify.policies[1].policy': 'pinned' needs a version, as in 'pinned 2.2.0'",
                "'unify.policies[2].policy': 'x' is not a version such as '2.2.0'",
            ],
        ),
        (
            _entries(
                {"packages": ["a"], "policy": "pinned 1", "version": "2"},
                {"packages": ["b"], "policy": "lowest", "version": "2"},
            ),
            [
                "'unify.policies[1].policy' names two versions, '1' and '2'",
                "'unify.policies[2].policy': 'version' is for 'pinned', not for 'lowest'",
            ],
        ),
        (
            _entries({"policy": "highest"}),
            ["unify.policies[1] is for every requirement: say 'highest' in 'unify.policy' instead"],
        ),
        (
            _entries({"packages": ["A_b", "c"], "policy": "highest"}, {"packages": ["a.b"], "policy": "lowest"}),
            [
                (
                    "unify.policies[2] (lowest) never decides: entry 1 (highest) matches the same requirements and"
                    " comes first"
                )
            ],
        ),
        ({"layout": ["flat"]}, ["'unify.layout' must be 'layered' or 'constraints', not a list"]),
        ({"layers": ["ml"]}, ["'unify.layers' must be a table of layers, not a list"]),
        (
            {"layers": {"ml": ["torch"], "ML": [], "dev": ["Torch"], "../x": []}},
            [
                "unify.layers: the layer 'ml' is named twice; keep one, with the packages of both",
                "unify.layers: 'torch' is in two layers, 'ml' and 'dev'; take it out of one",
                "unify.layers: '../x' is no name of a layer: letters, digits and single dashes only",
            ],
        ),
        ({"threshold": 0}, ["'unify.threshold' must be a share of the projects, above 0 and up to 1, not 0"]),
        ({"max-added": True}, ["'unify.max-added' must be a number from 0 on, not True"]),
    ],
)
def test_a_mistake_is_told(table: dict[str, Any], mistakes: list[str]) -> None:
    with pytest.raises(ConfigurationError) as error:
        read_settings({"unify": table})
    names = ", ".join(PolicyName)
    assert error.value.message.split("\n  - ")[1:] == [mistake.replace("{names}", names) for mistake in mistakes]


@pytest.mark.parametrize(
    ("glob", "package", "matches"),
    [
        ("torch", "torchvision", False),
        ("torch*", "torchvision", True),
        ("Google_Cloud.*", "google-cloud-storage", True),
        ("?umpy", "numpy", True),
        ("num[p-q]y", "numpy", True),
        ("*", "anything", True),
    ],
)
def test_a_glob_is_compared_with_the_canonical_name(glob: str, package: str, *, matches: bool) -> None:
    assert match_package(glob, package) is matches
