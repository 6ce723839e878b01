from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from rrr_optimize.workspace.reading import SIZE_LIMIT, UnreadableError, read_regular_file


def _refusal(path: Path) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_regular_file(str(path))
    return caught.value.reason


def _open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_folder_called_x_py_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "x.py").mkdir()
    assert _refusal(tmp_path / "x.py") == "a folder, not a file"


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "requirements.txt")
    assert _refusal(tmp_path / "requirements.txt") == "a named pipe, not a file"


def test_a_socket_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A socket's whole path must fit into about a hundred bytes.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert _refusal(tmp_path / "s") == "a socket, not a file"


def test_a_device_is_not_opened() -> None:
    assert _refusal(Path(os.devnull)) == "a device, not a file"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "link").symlink_to("file")
    assert _refusal(tmp_path / "link") == "a symbolic link, not a file"


def test_a_missing_file_has_vanished(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "gone") == "it vanished before it was read"


def test_one_byte_too_many_is_refused_with_its_size(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(SIZE_LIMIT + 1))
    assert _refusal(tmp_path / "large") == "it has 2,097,153 bytes, more than the limit of 2,097,152"


def test_a_file_that_grows_past_its_stated_size_is_refused() -> None:
    # Files of the kernel say that they are empty.
    with pytest.raises(UnreadableError, match="more than the limit of 4"):
        read_regular_file("/proc/self/status", 4)


def test_a_file_of_exactly_the_limit_is_read_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(bytes(SIZE_LIMIT))
    path.chmod(0o640)
    content = read_regular_file(str(path))
    assert (len(content.data), content.mode) == (SIZE_LIMIT, 0o640)


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    before = _open_descriptors()
    for _ in range(3):
        read_regular_file(str(tmp_path / "file"))
        with pytest.raises(UnreadableError):
            read_regular_file(str(tmp_path))
    assert _open_descriptors() == before
