"""`report` on whole repositories: every number of the summary against a count of its own."""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Cli, Repository

SAMPLE = Path(__file__).parents[2] / "fixtures" / "trading-monorepo"
SUMMARY = "docs/OPTIMIZATION_SUMMARY.md"
AUDIT = "docs/DEPENDENCY_AUDIT.md"
COMMANDS = ("unify", "fix-imports", "compose")


def _git(root: Path, *arguments: str) -> str:
    named = ("-c", "user.name=Author", "-c", "user.email=author@example.com", "-c", "core.quotePath=false")
    run = subprocess.run(["git", *named, *arguments], cwd=root, check=True, capture_output=True, encoding="utf-8")
    return run.stdout


def _commit(root: Path, message: str) -> None:
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", f"--message={message}")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample with a commit for each command, and the documents of `report`."""
    root = tmp_path_factory.mktemp("report") / "sample"
    shutil.copytree(SAMPLE, root)
    _git(root, "init", "--quiet")
    _commit(root, "before")
    for command in COMMANDS:
        subprocess.run(
            [sys.executable, "-m", "rrr_optimize", command, "--write"], cwd=root, check=True, capture_output=True
        )
        _commit(root, command)
    subprocess.run(
        [sys.executable, "-m", "rrr_optimize", "report", "--write"], cwd=root, check=True, capture_output=True
    )
    _commit(root, "report")
    return root


@pytest.fixture
def root(written: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(written, copy, symlinks=True)
    return copy


def _rows(text: str, title: str) -> list[list[str]]:
    section = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line[1:-1].split(" | ")] for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def _figures(root: Path) -> dict[str, list[str]]:
    rows = _rows((root / SUMMARY).read_text("utf-8"), "Before and after")
    return {title: values for title, *values in rows}


def _count_statements(root: Path) -> tuple[int, int]:
    """Count by a plain walk of the trees: calls on sys.path, assignments to it, PYTHONPATH and loaders."""
    found = {}
    for path in root.rglob("*.py"):
        try:
            tree = ast.parse(path.read_bytes())
        except SyntaxError:
            continue
        names = set(_names_of_the_path(tree))
        if number := sum(_touches(node, names) for node in ast.walk(tree)):
            found[path] = number
    return sum(found.values()), len(found)


def _names_of_the_path(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"{each.asname or each.name}.path" for each in node.names if each.name == "sys")
        if isinstance(node, ast.ImportFrom) and node.module == "sys":
            yield from (each.asname or each.name for each in node.names if each.name == "path")


def _touches(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.Call):
        base, _, method = ast.unparse(node.func).rpartition(".")
        loads = method in {"addsitedir", "spec_from_file_location", "syspath_prepend"}
        return loads or (base in names and method in {"insert", "append", "extend", "remove", "pop"})
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
        told = [ast.unparse(each).partition("[") for each in targets]
        return any(base in names or (base, key) == ("os.environ", "'PYTHONPATH']") for base, _, key in told)
    return False


def _read_compose(text: str) -> tuple[int, int, int]:
    document = yaml.safe_load(text)
    members: dict[str, set[str]] = {}
    for name, service in document["services"].items():
        for network in service.get("networks", ["default"]):
            members.setdefault(network, set()).add(name)
    pairs = {pair for names in members.values() for pair in combinations(sorted(names), 2)}
    return len(document["services"]), len(members), len(pairs)


def test_networks_services_and_pairs_are_those_of_a_plain_reader(written: Path) -> None:
    figures = _figures(written)
    before = _read_compose(_git(written, "show", "HEAD~4:docker-compose.yml"))
    after = _read_compose((written / "docker-compose.yml").read_text("utf-8"))
    told = [figures[name] for name in ("services", "networks that a service is on")]
    told.append(figures["pairs of services that share a network"])
    assert told == [[str(old), str(new), str(new)] for old, new in zip(before, after, strict=True)]


def test_statements_are_those_of_a_plain_walk(written: Path, tmp_path: Path) -> None:
    figures = _figures(written)
    _git(written, "worktree", "add", "--quiet", str(tmp_path / "before"), "HEAD~4")
    try:
        before, after = _count_statements(tmp_path / "before"), _count_statements(written)
    finally:
        _git(written, "worktree", "remove", "--force", str(tmp_path / "before"))
    assert figures["statements that change the search path"] == [str(before[0]), str(after[0]), str(after[0])]
    assert figures["files with such a statement"] == [str(before[1]), str(after[1]), str(after[1])]


def test_lines_of_files_are_those_that_git_counts(written: Path) -> None:
    rows = _rows((written / SUMMARY).read_text("utf-8"), "Files")
    for number, back in (("1", 4), ("2", 3), ("3", 2)):
        counted = {}
        options = ("--numstat", "--minimal", f"HEAD~{back}", f"HEAD~{back - 1}")
        for line in _git(written, "diff", *options).splitlines():
            added, removed, path = line.split("\t")
            if not path.startswith((".rrr-optimize/", "docs/")):
                counted[path] = [added, removed]
        assert {row[1].strip("`"): row[5:7] for row in rows if row[0] == number} == counted
        for row in (row for row in rows if row[0] == number):
            path = row[1].strip("`")
            is_new = not _git(written, "ls-tree", f"HEAD~{back}", path)
            before = "" if is_new else str(_count_lines(_git(written, "show", f"HEAD~{back}:{path}")))
            after = str(_count_lines(_git(written, "show", f"HEAD~{back - 1}:{path}")))
            assert row[2:5] == ["created" if is_new else "modified", before, after]
            assert row[7] == "as it was left"


def _count_lines(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n"))


def test_changes_are_those_that_the_commands_tell(written: Path) -> None:
    text = (written / SUMMARY).read_text("utf-8")
    shown = [len(_rows(text, f"Run {number}: `rrr-optimize {name}`")) for number, name in enumerate(COMMANDS, 1)]
    told = [int(number) for number in re.findall(r"^(\d+) changes?, record ", text, re.MULTILINE)]
    assert shown == told
    modified = [row for row in _rows(text, "Files") if row[0] == "2"]
    assert told[1] == len(modified)


def test_requirements_are_those_of_the_audit(written: Path) -> None:
    figures = _figures(written)
    document = (written / AUDIT).read_text("utf-8")
    rows = dict(re.findall(r"^\| ([^|]+) \| (\d+ \| \d+) \|$", document, re.MULTILINE))
    for ours, theirs in (
        ("requirements declared", "declarations"),
        ("different packages", "different packages"),
        ("declarations beyond the first of each package", "declarations beyond the first of each package"),
    ):
        assert " | ".join(figures[ours][:2]) == rows[theirs]
    declared, packages, repeated = (int(figures[name][1]) for name in list(figures)[:3])
    assert repeated == declared - packages


def test_the_charts_are_flow_charts(written: Path) -> None:
    charts = re.findall(r"^```mermaid\n(.*?)^```$", (written / SUMMARY).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    before, after = charts
    node, edge = r'[sn]\d+(?:\["[^"]*"\]|\(\["[^"]*"\]\))', r"[sn]\d+ --- n\d+"
    assert all(re.fullmatch(rf"flowchart LR\n(?:    (?:{node}|{edge})\n)+", chart) for chart in charts)
    assert [len(re.findall(r"^    n\d+\(", chart, re.MULTILINE)) for chart in (before, after)] == [6, 3]


def test_what_was_not_run_says_so(written: Path) -> None:
    text = (written / SUMMARY).read_text("utf-8").partition("## Proofs and checks\n")[2]
    assert "NOT RUN: a check of the target; none was named with `--verify`" in text
    assert "\n- Run 3, `compose`: proved (1 time): exactly the same services reach each other\n" in text


def test_a_second_run_and_the_commands_find_nothing_to_do(root: Path, cli: Cli) -> None:
    for command in ("report", *COMMANDS):
        run = cli(command, "--check", cwd=root)
        assert (run.exit_code, run.stderr) == (0, ""), run.stdout
    assert _git(root, "status", "--porcelain") == ""


def test_undo_takes_records_and_documents_back(root: Path, cli: Cli) -> None:
    for _ in ("report", *COMMANDS):
        assert cli("undo", cwd=root).exit_code == 0
    assert _git(root, "diff", "HEAD~4", "--stat") == ""
    assert not list((root / ".rrr-optimize" / "runs").glob("*"))


@pytest.mark.parametrize("path", [SUMMARY, AUDIT], ids=["summary", "audit"])
def test_one_changed_character_is_noticed(path: str, root: Path, cli: Cli) -> None:
    document = root / path
    text = document.read_text("utf-8")
    document.write_text(text.replace("before", "bef0re", 1), encoding="utf-8")
    assert cli("report", "--check", cwd=root).exit_code == 1
    assert cli("report", "--write", "--allow-dirty", cwd=root).exit_code == 0
    assert document.read_text("utf-8") == text


@pytest.mark.parametrize("command", COMMANDS)
def test_a_changed_record_is_noticed(command: str, root: Path, cli: Cli) -> None:
    texts = {path: path.read_text("utf-8") for path in (root / ".rrr-optimize" / "runs").iterdir()}
    path = next(path for path, text in texts.items() if f'"command": "{command}"' in text)
    path.write_text(texts[path].replace('"lane": "safe"', '"lane": "sane"', 1), encoding="utf-8")
    run = cli("report", "--check", cwd=root)
    assert run.exit_code == 1
    assert f"{path.relative_to(root).as_posix()} is no run record any more" in run.stdout


def test_a_file_that_others_changed_is_told(root: Path, cli: Cli) -> None:
    (root / "docker-compose.yml").write_text((root / "docker-compose.yml").read_text("utf-8") + "# more\n", "utf-8")
    assert cli("report", "--check", cwd=root).exit_code == 1
    assert cli("report", "--write", cwd=root).exit_code == 0
    text = (root / SUMMARY).read_text("utf-8")
    row = next(row for row in _rows(text, "Files") if row[1] == "`docker-compose.yml`")
    assert row[-1] == "changed by others"
    assert "1 file that others changed after the newest run: `docker-compose.yml`." in text


def test_nothing_on_record_is_no_document(repository: Repository, cli: Cli) -> None:
    root = repository({"requirements.txt": "numpy\n"}, git=True)
    run = cli("report", "--write", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert "there is no run record" in run.stdout
    assert not (root / "docs").exists()


def test_a_document_of_somebody_else_is_not_written_over(root: Path, cli: Cli) -> None:
    (root / SUMMARY).write_text("# Mine\n", encoding="utf-8")
    _commit(root, "mine")
    run = cli("report", "--write", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert f"{SUMMARY}:1:1 report/summary review: " in run.stdout
    assert (root / SUMMARY).read_text("utf-8") == "# Mine\n"
    assert cli("report", "--write", "--unsafe", cwd=root).exit_code == 0
    assert (root / SUMMARY).read_text("utf-8") != "# Mine\n"


def test_a_document_whose_records_are_gone_tells_of_no_run(root: Path, cli: Cli) -> None:
    shutil.rmtree(root / ".rrr-optimize" / "runs")
    assert cli("report", "--check", cwd=root).exit_code == 1
    assert cli("report", "--write", cwd=root).exit_code == 0
    text = (root / SUMMARY).read_text("utf-8")
    assert "No run of a command that changes files is on record." in text
    assert _figures(root)["services"][:2] == ["NOT RUN", "NOT RUN"]


def test_our_documents_are_not_held_to_their_counts(root: Path, cli: Cli) -> None:
    document = root / SUMMARY
    text = document.read_text("utf-8")
    document.write_text(text + "\nDocker runs 77 services.\n", encoding="utf-8")
    assert SUMMARY not in cli("audit", "--select", "CMP030", "-v", cwd=root).stdout
    document.write_text("# Mine\n\nDocker runs 77 services.\n", encoding="utf-8")
    assert f"{SUMMARY}:3:" in cli("audit", "--select", "CMP030", "-v", cwd=root).stdout


def test_the_same_records_give_the_same_bytes_anywhere(root: Path, tmp_path: Path, cli: Cli) -> None:
    other = tmp_path / "elsewhere"
    shutil.copytree(root, other, symlinks=True, ignore=shutil.ignore_patterns("journal", SUMMARY.rpartition("/")[2]))
    assert cli("report", "--write", "--allow-dirty", cwd=other).exit_code == 0
    digests = {hashlib.sha256((place / SUMMARY).read_bytes()).hexdigest() for place in (root, other)}
    assert len(digests) == 1
