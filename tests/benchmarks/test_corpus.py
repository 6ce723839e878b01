"""The corpus for the benchmarks has the proportions it claims, and is the same every time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

SCRIPT = Path(__file__).parent / "make_corpus.py"
FILES, LINES = 770, 5000


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def make(folder: Path, *arguments: str) -> str:
    done = run_script(str(folder), *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("corpus") / "new"
    make(folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.txt")}


def requirement_lines(data: bytes) -> list[str]:
    """Return the lines that declare something, continuations joined and comments gone."""
    joined = data.decode().replace("\r\n", "\n").replace("\\\n", " ")
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in joined.split("\n"))
    return [line for line in lines if line and not line.startswith("-")]


def parse(line: str) -> Requirement | None:
    try:
        return Requirement(re.sub(r"\s+--hash=\S+", "", line))
    except InvalidRequirement:
        return None


def test_refuses_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine", encoding="utf-8")
    done = run_script(str(tmp_path))
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_refuses_lines_that_do_not_fit_the_files(tmp_path: Path) -> None:
    assert "do not fit" in run_script(str(tmp_path / "new"), "--files", "10", "--lines", "5").stderr


def test_same_arguments_give_the_same_commit_and_another_seed_another(tmp_path: Path) -> None:
    size = ("--files", "60", "--lines", "400")
    first = make(tmp_path / "first", *size)
    assert re.fullmatch(r"[0-9a-f]{40}\n", first)
    assert make(tmp_path / "again", *size) == first
    assert make(tmp_path / "other", *size, "--seed", "2") != first


def test_has_the_size_that_was_asked_for(corpus: dict[str, bytes]) -> None:
    assert len(corpus) == FILES
    assert sum(len(requirement_lines(data)) for data in corpus.values()) == LINES


def test_lines_are_in_the_measured_proportions(corpus: dict[str, bytes]) -> None:
    lines = [line for data in corpus.values() for line in requirement_lines(data)]
    parsed = [each for each in map(parse, lines) if each]
    assert len(lines) - len(parsed) == 2
    pins = [each for each in parsed if [part.operator for part in each.specifier] == ["=="]]
    assert len(pins) == pytest.approx(0.86 * LINES, abs=3)
    assert sum(each.marker is not None for each in parsed) == pytest.approx(0.08 * LINES, abs=3)
    assert sum(each.name != canonicalize_name(each.name) for each in parsed) == pytest.approx(0.08 * LINES, abs=3)
    assert sum(bool(each.extras) for each in parsed) == pytest.approx(118 / 12690 * LINES, abs=3)
    hashes = [line.count("--hash=sha256:") for line in lines]
    assert sum(map(bool, hashes)) == pytest.approx(889 / 12690 * LINES, abs=3)
    assert set(hashes) == {0, 16}


def test_files_are_in_the_measured_proportions(corpus: dict[str, bytes]) -> None:
    assert sum(not data.endswith(b"\n") for data in corpus.values()) == pytest.approx(0.17 * FILES, abs=1)
    crlf = [data for data in corpus.values() if b"\r\n" in data]
    # A file of one line without a newline has no line end to show.
    assert len(crlf) == pytest.approx(0.02 * FILES, abs=4)
    assert all(data.count(b"\r\n") == data.count(b"\n") for data in crlf)


def test_hashes_stand_in_files_of_their_own(corpus: dict[str, bytes]) -> None:
    for path, data in corpus.items():
        hashed = {"--hash" in line for line in requirement_lines(data)}
        assert len(hashed) == 1, path


def test_no_file_names_a_package_twice_and_what_it_includes_exists(corpus: dict[str, bytes]) -> None:
    for path, data in corpus.items():
        names = [canonicalize_name(each.name) for line in requirement_lines(data) if (each := parse(line))]
        assert len(names) == len(set(names)), path
        for included in re.findall(r"^-[rc] (\S+)", data.decode(), re.MULTILINE):
            assert f"{path.rpartition('/')[0]}/{included}" in corpus
