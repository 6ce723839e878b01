"""Files are parsed in worker processes; a text that kills one is a fault of that text alone."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.tools.git import Git
from rrr_optimize.tools.syntax import PythonSyntax
from rrr_optimize.tools.syntax_cache import SyntaxCache
from rrr_optimize.tools.syntax_worker import find_fault
from rrr_optimize.workspace.reader import Reader
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.snapshot import take_snapshot
from rrr_optimize.workspace.syntax import SyntaxFault

if TYPE_CHECKING:
    from pathlib import Path

FINE = [
    b"",
    b"x = 1\n",
    b"\xef\xbb\xbfx = 1\n",
    b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
    b"\x0cx = 1\n",
    b"x = 1\r",
    b"return 1",
    b"x = '\\d'\n",
]
BAD = [
    b"x = = 1\n",
    b"print 'x'\n",
    b"x = '\xe9'\n",
    b"# -*- coding: klingon -*-\n",
    "x = 1\n".encode("utf-16"),
    b"x = 1\0\n",
    b"(" * 5_000 + b")" * 5_000,
    b"x" + b".y" * 100_000,
    b"-" * 100_000 + b"1",
    b"if x:\n  y\n\tz\n",
]


@pytest.mark.parametrize("data", FINE, ids=range(len(FINE)))
def test_what_the_parser_takes_has_no_fault(data: bytes) -> None:
    assert PythonSyntax().check_texts([data]) == [None]


@pytest.mark.parametrize("data", BAD, ids=range(len(BAD)))
def test_what_the_parser_refuses_has_one(data: bytes) -> None:
    (fault,) = PythonSyntax().check_texts([data])
    assert fault is not None
    assert fault.line >= 1
    assert fault.column >= 1
    assert fault.message


def test_answers_come_in_the_order_of_the_texts() -> None:
    texts = [b"x = 1\n" if number % 3 else b"x = = 1\n" for number in range(300)]
    found = PythonSyntax(workers=3).check_texts(texts)
    assert [fault is None for fault in found] == [number % 3 != 0 for number in range(300)]


def test_a_text_that_kills_the_worker_is_a_fault_and_the_rest_goes_on(tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text(
        "import os, sys\n"
        "while header := sys.stdin.buffer.read(8):\n"
        "    data = sys.stdin.buffer.read(int.from_bytes(header, 'big'))\n"
        "    if data == b'die': os._exit(11)\n"
        "    sys.stdout.buffer.write(b'\\n'); sys.stdout.buffer.flush()\n",
        encoding="utf-8",
    )
    texts = [b"1", b"die", b"2", b"3", b"die and more", b"4"] + [b"x%d" % n for n in range(40)]
    found = PythonSyntax(command=(sys.executable, str(worker))).check_texts(texts)
    assert [number for number, fault in enumerate(found) if fault] == [1]
    assert found[1] == SyntaxFault(1, 1, "Python's parser crashes on it, or takes too long")


def test_a_text_that_takes_too_long_is_a_fault(tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    start = time.monotonic()
    (fault,) = PythonSyntax(time_limit=0.2, command=(sys.executable, str(worker))).check_texts([b"x"])
    assert fault is not None
    assert time.monotonic() - start < 20


def test_where_no_process_can_be_started_the_texts_are_parsed_here(tmp_path: Path) -> None:
    found = PythonSyntax(command=(str(tmp_path / "no python here"),)).check_texts([b"x = 1", b"x = = 1", b"y = 2"])
    assert [fault is None for fault in found] == [True, False, True]


def test_nothing_of_a_text_is_run(tmp_path: Path) -> None:
    target = tmp_path / "target"
    PythonSyntax().check_texts([f"open({str(target)!r}, 'w')".encode()])
    assert not target.exists()


def test_files_are_told_by_path_and_unreadable_ones_are_the_snapshot_s(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name, data in (("a.py", b"x = 1\n"), ("b/c.py", b"x = = 1\n"), ("big.py", b"#" * 3_000_000)):
        (tmp_path / name).write_bytes(data)
    snapshot = take_snapshot(Root(tmp_path, None), Git())
    told: list[tuple[int, int]] = []
    found = PythonSyntax().check_files(snapshot, snapshot.files, lambda done, of: told.append((done, of)))
    assert list(found) == ["b/c.py"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert [each.path for each in snapshot.not_analysed] == ["big.py"]


def file_of(cache: SyntaxCache) -> Path:
    assert cache.cache.path is not None
    return cache.cache.path


def test_a_second_run_parses_nothing(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    texts = [b"x = %d\n" % number for number in range(250)] + [b"x = = 1\n"]
    first = PythonSyntax(SyntaxCache.of_user(environ))
    expected = first.check_texts(texts)
    first.cache.save()
    assert [each.name for each in (tmp_path / "rrr-optimize").iterdir()] == [file_of(first.cache).name]
    dies = (sys.executable, "-c", "")
    assert PythonSyntax(SyntaxCache.of_user(environ), command=dies).check_texts(texts) == expected


def test_a_second_run_reads_no_file_that_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for number in range(120):
        (root / f"m{number}.py").write_bytes(b"x = %d\n" % number)
    (root / "bad.py").write_bytes(b"x = = 1\n")

    def check() -> dict[str, SyntaxFault]:
        cache = SyntaxCache.of_user({"XDG_CACHE_HOME": str(tmp_path / "cache")})
        reader = Reader(root, time.time() + 10)
        snapshot = take_snapshot(Root(root, None), Git(), reader=reader)
        return PythonSyntax(cache).check_files(snapshot, snapshot.files)

    first = check()
    assert list(first) == ["bad.py"]
    peeked: list[str] = []
    peek = Reader.peek

    def note(reader: Reader, path: str) -> bytes | None:
        peeked.append(path)
        return peek(reader, path)

    monkeypatch.setattr(Reader, "peek", note)
    assert check() == first
    assert peeked == []
    (root / "m7.py").write_bytes(b"y = = 1\n")
    assert sorted(check()) == ["bad.py", "m7.py"]
    assert peeked == ["m7.py"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"faults": 1, "fine": 2}', '{"faults": {"a": [1]}, "fine": []}', "\0"]
)
def test_a_broken_cache_is_none(tmp_path: Path, text: str) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    file = file_of(SyntaxCache.of_user(environ))
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    assert SyntaxCache.of_user(environ).verdicts == {}


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "rrr-optimize").write_text("a file where the folder should be", encoding="utf-8")
    cache = SyntaxCache.of_user({"XDG_CACHE_HOME": str(tmp_path)})
    for number in range(300):
        cache.learn(str(number), None)
    cache.save()
    assert (tmp_path / "rrr-optimize").is_file()


def test_few_verdicts_are_not_worth_a_file(tmp_path: Path) -> None:
    cache = SyntaxCache.of_user({"HOME": str(tmp_path)})
    cache.learn("a", None)
    cache.save()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("environ", [{}, {"XDG_CACHE_HOME": ""}, {"XDG_CACHE_HOME": "relative"}])
def test_without_a_cache_folder_nothing_is_remembered(environ: dict[str, str]) -> None:
    cache = SyntaxCache.of_user(environ)
    for number in range(300):
        cache.learn(str(number), None)
    cache.save()
    assert cache.cache.path is None


def test_a_cache_that_grows_too_large_keeps_what_was_of_use(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path)}
    cache = SyntaxCache.of_user(environ)
    cache.limit = 300
    cache.verdicts = {f"old {number}": None for number in range(200)}
    cache.recall("old 7")
    for number in range(250):
        cache.learn(f"new {number}", None)
    cache.save()
    kept = SyntaxCache.of_user(environ).verdicts
    assert len(kept) == 251
    assert "old 7" in kept
    assert json.loads(file_of(cache).read_text(encoding="utf-8"))["faults"] == {}


@pytest.mark.parametrize("data", [*FINE, *BAD], ids=range(len(FINE) + len(BAD)))
def test_the_worker_says_the_same_in_our_own_process(data: bytes) -> None:
    here = find_fault(data)
    (there,) = PythonSyntax().check_texts([data])
    assert (here is None) == (there is None)
