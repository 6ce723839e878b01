"""Files that no book of cases can show: without a last line end, deep, with long names, links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.engine import run_rules

if TYPE_CHECKING:
    from tests.conftest import Facts, Told


def test_a_backslash_at_the_end_of_the_file(told: Told) -> None:
    (finding,) = told({"requirements.txt": "n==1 \\"}, "REQ015")
    assert finding.startswith("REQ015 requirements.txt:1:6-1:7 pip ")


def test_a_marker_nested_without_end_is_a_finding(told: Told) -> None:
    marker = "(" * 5000 + "os_name == 'x'" + ")" * 5000
    texts = {"requirements.txt": f"n; {marker}\n", "pyproject.toml": f'project.dependencies = ["n; {marker}"]\n'}
    findings = told(texts, "REQ014")
    assert [finding.split(" ")[1].partition(":")[0] for finding in findings] == ["pyproject.toml", "requirements.txt"]
    assert all(len(line) < 250 for finding in findings for line in finding.splitlines())


@pytest.mark.parametrize("length", [100, 300, 5000])
def test_an_include_whose_name_no_system_takes(length: int, told: Told) -> None:
    (finding,) = told({"requirements.txt": f"-r {'a' * length}.txt\n"}, "REQ016")
    assert finding.endswith("a.txt does not exist")


def test_an_include_that_git_would_ignore_is_there(told: Told) -> None:
    assert (
        told({"requirements.txt": "-r generated.txt\n", ".gitignore": "generated.txt\n", "generated.txt": "n\n"}) == []
    )


def test_a_chain_of_a_thousand_files(told: Told) -> None:
    files = {f"{number}.txt": f"-r {number + 1}.txt\n" for number in range(1000)}
    (finding,) = told(
        files | {"requirements.txt": "-r 0.txt\nn==1\n", "1000.txt": "n==2\n"}, "REQ001", "REQ016", "REQ017"
    )
    assert finding.startswith("REQ001 requirements.txt:2:")


def test_an_include_that_is_a_link_means_the_file_it_leads_to(facts: Facts) -> None:
    files = {
        "a/requirements.txt": "-r base.txt\nn==2\n",
        "shared/base.txt": "-r more.txt\nn==1\n",
        "shared/more.txt": "m\n",
    }
    repository = facts(files, {"select": ["REQ001", "REQ016"]}, {"a/base.txt": "../shared/base.txt"})
    (finding,) = run_rules(repository).findings
    assert (finding.code, finding.location.path) == ("REQ001", "shared/base.txt")


def test_a_link_to_nothing_is_told_once(facts: Facts) -> None:
    links = {"a/base.txt": "../nowhere.txt", "requirements.txt": "nowhere.txt"}
    repository = facts({"a/requirements.txt": "-r base.txt\n-c base.txt\n-r ../requirements.txt\n"}, {}, links)
    found = [(finding.code, finding.location.path) for finding in run_rules(repository).findings]
    assert found == [("RRR001", "a/base.txt"), ("RRR001", "requirements.txt")]
