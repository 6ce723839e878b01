"""A baseline: the first run writes it, later ones fail on what is new, and a broken one is a mistake."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository

_CONFLICT = {"requirements.txt": "numpy==1.0\nnumpy==2.0\n"}


def test_only_what_is_new_fails(repository: Repository, cli: Cli) -> None:
    root = repository(_CONFLICT)
    first = cli("audit", ".", "--baseline", "known.json", "--write-baseline", cwd=root)
    assert (first.exit_code, first.stderr) == (0, "")
    assert "note: 1 finding written to the baseline known.json\n" in first.stdout
    written = (root / "known.json").read_bytes()
    # Lines move, and the finding is still the same.
    (root / "requirements.txt").write_text("# a comment\n\nnumpy==1.0\nnumpy==2.0\n", encoding="utf-8")
    again = cli("audit", ".", "--baseline", "known.json", cwd=root)
    assert again == (0, "All clear: 1 file of 1 project read, no new findings; 1 held back by the baseline\n", "")
    (root / "dev-requirements.txt").write_text("x=1\n", encoding="utf-8")
    later = cli("audit", ".", "--baseline", "known.json", cwd=root)
    assert (later.exit_code, later.stderr) == (1, "")
    assert later.stdout.startswith("dev-requirements.txt:1:2 REQ014 ")
    assert "REQ001" not in later.stdout
    assert (root / "known.json").read_bytes() == written


def test_what_is_gone_is_told_unless_the_run_is_narrowed(repository: Repository, cli: Cli) -> None:
    root = repository(_CONFLICT)
    cli("audit", ".", "--baseline", "known.json", "--write-baseline", cwd=root)
    (root / "requirements.txt").write_text("numpy==1.0\n", encoding="utf-8")
    run = cli("audit", ".", "--baseline", "known.json", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert "note: 1 finding of the baseline no longer found; write it again\n" in run.stdout
    assert "no longer" not in cli("audit", ".", "--baseline", "known.json", "--select", "RRR", cwd=root).stdout
    assert "no longer" not in cli("audit", ".", "--baseline", "known.json", "--project", ".", cwd=root).stdout


def test_a_path_is_relative_to_the_command_or_to_the_configured_root(repository: Repository, cli: Cli) -> None:
    root = repository({**{f"repo/{name}": text for name, text in _CONFLICT.items()}, "here/x": ""})
    here = root / "here"
    assert cli("audit", "../repo", "--baseline", "b.json", "--write-baseline", cwd=here).exit_code == 0
    assert (here / "b.json").is_file()
    assert cli("audit", "../repo", cwd=here, environment={"RRR_OPTIMIZE_BASELINE": "b.json"}).exit_code == 0
    (root / "repo/rrr-optimize.toml").write_text('baseline = "sub/b.json"\n', encoding="utf-8")
    (root / "repo/sub").mkdir()
    missing = cli("audit", "../repo", cwd=here)
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert missing.stderr.startswith("rrr-optimize: the baseline sub/b.json does not exist\nhint: write one with ")
    assert cli("audit", "../repo", "--write-baseline", cwd=here).exit_code == 0
    assert (root / "repo/sub/b.json").is_file()
    assert cli("audit", "../repo", cwd=here).exit_code == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b'{"version": 2, "findings": []}',
        b'{"version": 1, "findings": [{"code": []}]}',
        b'{"version": 1, "findings": [{"code": [], "path": "x", "subject": "y", "count": 1}]}',
        b"[" * 100_000,
    ],
    ids=["empty", "list", "null", "not UTF-8", "version", "keys", "types", "deep"],
)
def test_a_broken_baseline_is_a_mistake(content: bytes, repository: Repository, cli: Cli) -> None:
    run = cli("audit", ".", "--baseline", "b.json", cwd=repository({**_CONFLICT, "b.json": content}))
    assert (run.exit_code, run.stdout) == (2, "")
    assert "b.json is " in run.stderr
    assert "hint: write " in run.stderr or "hint: write it again" in run.stderr


@pytest.mark.parametrize("name", ["../outside.json", "link.json", ".git/config"])
def test_a_repository_does_not_choose_a_baseline_outside_itself(
    name: str, repository: Repository, cli: Cli, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text('{"version": "s3cr3t"}', encoding="utf-8")
    root = repository({**_CONFLICT, "rrr-optimize.toml": f'baseline = "{name}"\n'}, git=True)
    (root / "link.json").symlink_to(outside)
    for arguments in ((), ("--write-baseline",)):
        run = cli("audit", ".", *arguments, cwd=root)
        assert (run.exit_code, run.stdout) == (2, "")
        assert run.stderr.startswith(f"rrr-optimize: the baseline {name} lies outside the root\n")
    assert outside.read_text(encoding="utf-8") == '{"version": "s3cr3t"}'


def test_a_baseline_names_no_line_and_merges_by_line(repository: Repository, cli: Cli) -> None:
    root = repository({**_CONFLICT, "a/requirements.txt": "x=1\n"})
    cli("audit", ".", "--baseline", "b.json", "--write-baseline", cwd=root)
    text = (root / "b.json").read_text(encoding="utf-8")
    rows = json.loads(text)["findings"]
    assert [(row["code"], row["path"], row["count"]) for row in rows] == [
        ("REQ001", "requirements.txt", 1),
        ("REQ014", "a/requirements.txt", 1),
    ]
    assert len(text.splitlines()) == len(rows) + 5
