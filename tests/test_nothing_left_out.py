"""A suite that skips in silence is worse than none: each way to leave a test out, tried on a suite of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py")
CONFIGURATION = (
    "[pytest]\naddopts = --import-mode=importlib -p no:cacheprovider -m 'not long'\nmarkers =\n  long: slow\n"
)
RUNS = "import pytest\n\ndef test_runs():\n    pass\n\n"
SKIPS = f"{RUNS}@pytest.mark.skip(reason='no fork here')\ndef test_forks():\n    pass\n"
HAS_LONG = f"{RUNS}@pytest.mark.long\ndef test_asks_the_index():\n    pass\n"


def run_suite(suite: str, pytester: pytest.Pytester, *arguments: str, allowed: str = "") -> tuple[int, str]:
    shutil.copy(CONFTEST, pytester.path)
    pytester.makefile(".ini", pytest=CONFIGURATION)
    pytester.makefile(".toml", allowed_skips=allowed)
    pytester.makepyfile(test_tiny=suite)
    result = pytester.runpytest_inprocess(*arguments)
    return int(result.ret), result.stdout.str()


@pytest.mark.parametrize(
    ("suite", "arguments", "allowed"),
    [
        pytest.param(RUNS, [], "", id="all ran"),
        pytest.param(SKIPS, [], '"test_tiny.py::test_f*" = "no fork here"', id="a declared skip"),
        pytest.param(HAS_LONG, [], "", id="the other tier left out"),
        pytest.param(HAS_LONG, ["-m", "long"], "", id="the long tier alone"),
        pytest.param(SKIPS, ["-k", "runs"], "", id="left out by hand"),
        pytest.param(HAS_LONG, ["-m", "long or not long"], "", id="both tiers"),
    ],
)
def test_passes_when_every_test_is_accounted_for(
    pytester: pytest.Pytester, suite: str, arguments: list[str], allowed: str
) -> None:
    code, output = run_suite(suite, pytester, *arguments, allowed=allowed)
    assert code == 0, output
    assert "left out" not in output


@pytest.mark.parametrize(
    ("suite", "arguments", "allowed", "complaint"),
    [
        pytest.param(SKIPS, [], "", "test_tiny.py::test_forks did not run", id="an undeclared skip"),
        pytest.param(
            SKIPS, [], '"*::test_forks" = "no git here"', '"no fork here" is no declared reason', id="another reason"
        ),
        pytest.param(SKIPS, [], '"test_tiny.py::test" = "no fork here"', "test_forks did not run", id="half a name"),
        pytest.param(
            "import pytest\npytest.skip('no fork here', allow_module_level=True)\n",
            [],
            "",
            "test_tiny.py did not run",
            id="a whole file skipped, nothing left",
        ),
        pytest.param(
            "import pytest\n\n@pytest.mark.xfail(reason='later')\ndef test_fails():\n    assert False\n",
            [],
            "",
            '"later" is no declared reason',
            id="an expected failure",
        ),
        pytest.param(
            "import pytest\n\n@pytest.mark.xfail(reason='later')\ndef test_fails():\n    pass\n",
            [],
            '"*" = "later"',
            "passed although it was expected to fail",
            id="an expected failure that passes",
        ),
        pytest.param(
            HAS_LONG,
            ["--deselect", "test_tiny.py::test_runs"],
            "",
            "test_runs was deselected although it belongs to this tier",
            id="deselected in its own tier",
        ),
    ],
)
def test_fails_when_a_test_is_left_out(
    pytester: pytest.Pytester, suite: str, arguments: list[str], allowed: str, complaint: str
) -> None:
    code, output = run_suite(suite, pytester, *arguments, allowed=allowed)
    assert code == 1, output
    assert complaint in output


def test_a_failing_test_still_fails(pytester: pytest.Pytester) -> None:
    assert run_suite("def test_fails():\n    assert False\n", pytester)[0] == 1
