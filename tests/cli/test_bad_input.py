"""Files that are broken, hostile or not files at all: each is told in its place, and the run goes on."""

from __future__ import annotations

import os
import re
import socket
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository

_SANE = {"sane/requirements.txt": "numpy==1.0\nnumpy==2.0\n"}
_SETUP = "from setuptools import setup\n"
_SANE_LINE = "sane/requirements.txt:1:1 REQ001 "

# One file each, and how the line begins that tells of it.
_LINES: dict[str, tuple[str | bytes, str]] = {
    "single-equals/requirements.txt": ("google-api-core=2.5.0\n", ":1:16 REQ014 'google-api-core=2.5.0'"),
    "arrow/requirements.txt": ("tensorflow=>1.12.1\n", ":1:11 REQ014 'tensorflow=>1.12.1'"),
    "dash/requirements.txt": ("google - auth\n", ":1:8 REQ014 'google - auth'"),
    "slashes/requirements.txt": ("// moved to\n", ":1:1 REQ014 '// moved to'"),
    "html/requirements.txt": ("<!DOCTYPE html>\n", ":1:1 REQ014 '<!DOCTYPE html>'"),
    "form-feed/requirements.txt": ("a==1\fb==1\n", ":1:5 REQ015 U+000C"),
    "next-line/requirements.txt": ("a==1\x85b==1\n", ":1:5 REQ015 U+0085"),
    "line-separator/requirements.txt": ("a==1  # note\u2028b==1\n", ":1:13 REQ015 U+2028"),
    "no-break-space/requirements.txt": ("a\u00a0==1\n", ":1:2 REQ015 U+00A0"),
    "glued-include/requirements.txt": ("-rother.txt\n", ":1:1 REQ015 pip"),
    "backslash/requirements.txt": ("a==1 \\", ":1:6 REQ015 pip"),
    "lone-cr/requirements.txt": ("a==1\rb==1\n", ":1:5 REQ015 a lone CR"),
    "cookie/requirements.txt": (b"# coding: latin-1\na==1  # \xe9\n", ":1:1 REQ015 the file is latin-1"),
    "utf-16/requirements.txt": ("a=1\n".encode("utf-16"), ":1:2 REQ014 'a=1'"),
    "byte-order-mark/requirements.txt": (b"\xef\xbb\xbfa=1\r\n", ":1:2 REQ014 'a=1'"),
    "latin-1/requirements.txt": (b"a==1  # \xe9\n", ":1:1 RRR001 not read: byte 8 (0xe9) is not utf-8"),
    "no-mark/requirements.txt": ("a==1\n".encode("utf-16-le"), ":1:1 RRR001 not read: it holds a NUL character"),
    "nul/requirements.txt": (b"a\0==1\n", ":1:1 RRR001 not read: it holds a NUL character"),
    "rot13/requirements.txt": ("# coding: rot13\na==1\n", ":1:1 RRR001 not read: its coding cookie names"),
    "long-name/requirements.txt": (f"-r {'x' * 300}\n", ":1:4 REQ016 -r long-name/xxx"),
    "endless/requirements.txt": (f"a=={'9' * 5000}\n", ":1:4 REQ014 'a==999"),
    "endless-marker/requirements.txt": (
        f"a==1; python_version < '{'9' * 5000}'\n",
        ':1:25 REQ014 "a==1;',
    ),
    "endless/pyproject.toml": (
        f'[project]\nname = "x"\nrequires-python = ">={"9" * 5000}"\ndependencies = ["a=={"9" * 5000}"]\n',
        ":4:18 REQ014 'a==999",
    ),
    "endless-poetry/pyproject.toml": (
        f'[tool.poetry.dependencies]\npython = "^{"9" * 5000}"\na = "^{"9" * 5000}"\n',
        ':3:6 REQ014 "a = ',
    ),
    "toml/pyproject.toml": ('[project]\nname "x"\n', ":2:6 RRR001 not read: "),
    "deep-toml/pyproject.toml": (f"a = {'[' * 9000}{']' * 9000}\n", ":1:105 RRR001 not read: nested deeper"),
    "wrong-types/pyproject.toml": ("[dependency-groups]\ndev = [3]\n", ":2:8 REQ014 '3': a requirement must be"),
    "yaml/environment.yml": ("[: {", ":1:2 RRR001 not read: "),
    "deep-yaml/environment.yml": (f"dependencies: {'[' * 500}", ":1:114 RRR001 not read: nested more than 100"),
    "alias/environment.yml": ("dependencies: [*none]\n", ":1:16 RRR001 not read: the alias *none"),
    "syntax/setup.py": (f"{_SETUP}def (:\n", ":2:5 RRR001 not read: invalid syntax"),
    "deep/setup.py": (f"{_SETUP}x = {'(' * 5000}{')' * 5000}\n", ":2:205 RRR001 not read: "),
    "minus/setup.py": (f"{_SETUP}x = {'-' * 100_000}1\n", ":1:1 RRR001 not read: nested deeper"),
    "section/setup.cfg": ("name = x\n", ":1:1 RRR001 not read: a line stands before"),
    "block/script.py": ("# /// script\n# dependencies = 3\n# ///\n", ":2:3 RRR001 its script block is not read"),
}
# These say nothing about requirements, or something harmless, in ways that have broken readers.
_HARMLESS: dict[str, str | bytes] = {
    "empty/requirements.txt": b"",
    "long-line/requirements.txt": "#" + "x" * 1_000_000,
    "empty/pyproject.toml": b"",
    "types/pyproject.toml": "build-system = 3\nproject = []\n[tool]\nuv = 3\npoetry = []\npdm = 3\n",
    "bomb/environment.yml": "a: &a [x, x]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "dependencies: [*i]\n",
    "own-alias/environment.yml": "dependencies: &a [*a]\n",
    "object/environment.yml": "x: !!python/object/apply:os.system ['touch RAN']\ndependencies: []\n",
    "two/environment.yml": "name: a\n---\nname: b\n",
    "hooks/.pre-commit-config.yaml": "repos: &r [*r]\nadditional_dependencies: 3\n",
}


def _without_severity(text: str) -> str:
    """Leave out how bad a finding is, which each rule decides for itself."""
    return re.sub(r"((?:REQ|RRR)\d{3}) (?:error|note): ", r"\1 ", text)


def test_each_broken_file_is_told_in_its_place_and_nothing_else_suffers(repository: Repository, cli: Cli) -> None:
    root = repository({**{path: content for path, (content, _) in _LINES.items()}, **_HARMLESS, **_SANE})
    run = cli("audit", ".", "-v", cwd=root)
    assert (run.exit_code, run.stderr) == (1, "")
    lines = _without_severity(run.stdout).splitlines()
    expected = [path + beginning for path, (_, beginning) in _LINES.items()]
    assert [each for each in [*expected, _SANE_LINE] if not any(line.startswith(each) for line in lines)] == []
    assert [line for line in lines if line.startswith(tuple(_HARMLESS))] == []
    assert not (root / "RAN").exists()


def test_an_include_of_a_file_outside_is_never_opened_and_told_once(repository: Repository, cli: Cli) -> None:
    text = "-r ../../secret.txt\n-c ../../secret.txt\n-r /etc/passwd\n-r file:///etc/passwd\n"
    root = repository({"repo/a/requirements.txt": text, "secret.txt": "s3cr3t==1\n"}) / "repo"
    (root / "link-requirements.txt").symlink_to("../secret.txt")
    for arguments in ([], ["-v"], ["--format", "json"], ["--format", "markdown"]):
        run = cli("audit", ".", *arguments, cwd=root)
        assert (run.exit_code, run.stderr) == (1, "")
        assert "s3cr3t" not in _without_severity(run.stdout)
        assert "root:x" not in _without_severity(run.stdout)
        if not arguments:
            told = _without_severity(run.stdout).splitlines()
            assert told[:2] == [
                "a/requirements.txt:1:4 REQ018 -r ../secret.txt lies outside the root and was not opened",
                "a/requirements.txt:3:4 REQ018 -r /etc/passwd lies outside the root and was not opened",
            ]
            assert "link-requirements.txt:1:1 RRR001 not read: a symbolic link that leaves" in _without_severity(
                run.stdout
            )


def test_circles_of_includes_are_told_once_each(repository: Repository, cli: Cli) -> None:
    chain = {f"chain/{number}.txt": f"-r {number + 1}.txt\n" for number in range(40)}
    files = {
        "requirements.txt": "-r a.txt\n-r self.txt\n-r chain/0.txt\n",
        "a.txt": "-r requirements.txt\n",
        "self.txt": "-r self.txt\n",
        **chain,
        "chain/40.txt": "deep==1\ndeep==2\n",
    }
    run = cli("audit", ".", cwd=repository(files))
    assert (run.exit_code, run.stderr) == (1, "")
    told = _without_severity(run.stdout).splitlines()
    assert sorted(line.split(" ")[0] for line in told if "REQ017" in line) == ["requirements.txt:1:4", "self.txt:1:4"]
    assert any(line.startswith("chain/40.txt:1:1 REQ001 ") for line in told)


def test_a_file_of_100_megabytes_is_not_read(repository: Repository, cli: Cli) -> None:
    root = repository(_SANE)
    with (root / "requirements.txt").open("wb") as stream:
        stream.truncate(100_000_000)
    run = cli("audit", ".", cwd=root)
    assert (run.exit_code, run.stderr) == (1, "")
    assert _without_severity(run.stdout).startswith("requirements.txt:1:1 RRR001 not read: it has 100,000,000 bytes")
    assert _SANE_LINE in _without_severity(run.stdout)


def test_20_000_declarations_in_one_file_are_read(repository: Repository, cli: Cli) -> None:
    lines = "".join(f"package-{number}==1.0\n" for number in range(19_999))
    run = cli("audit", ".", cwd=repository({"requirements.txt": f"{lines}package-7==2.0\n"}))
    assert (run.exit_code, run.stderr) == (1, "")
    assert _without_severity(run.stdout).startswith("requirements.txt:8:1 REQ001 package-7 is pinned to 1.0")


@pytest.mark.parametrize("lister", ["walk", "git"])
def test_what_is_no_regular_file_is_not_opened(
    repository: Repository, cli: Cli, monkeypatch: pytest.MonkeyPatch, lister: str
) -> None:
    root = repository(_SANE, git=lister == "git")
    os.mkfifo(root / "requirements.txt")
    (root / "folder" / "requirements.txt").mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as server:
        # The address of a socket must be short, and the path of a test is not.
        monkeypatch.chdir(root)
        server.bind("dev-requirements.txt")
    run = cli("audit", ".", "-v", cwd=root)
    assert (run.exit_code, run.stderr) == (1, "")
    assert _SANE_LINE in _without_severity(run.stdout)
    if lister == "walk":  # git itself lists neither
        assert "\nrequirements.txt: not analysed: a named pipe, not a file\n" in _without_severity(run.stdout)
        assert "\ndev-requirements.txt: not analysed: a socket, not a file\n" in _without_severity(run.stdout)


def test_setup_py_and_conftest_are_never_run(repository: Repository, cli: Cli) -> None:
    code = textwrap.dedent("""
        import pathlib
        pathlib.Path("RAN").touch()
        from setuptools import setup
        setup(name="x", install_requires=["numpy==1.0", "numpy==2.0", *open("requirements.txt")])
    """)
    names = (
        "setup.py",
        "conftest.py",
        "noxfile.py",
        "sitecustomize.py",
        "yaml.py",
        "typer.py",
        "packaging/__init__.py",
    )
    files = {**dict.fromkeys(names, code), "environment.yml": "dependencies: [numpy=1]\n"}
    root = repository(files, git=True)
    run = cli("audit", cwd=root)
    assert (run.exit_code, run.stderr) == (1, "")
    assert _without_severity(run.stdout).startswith("setup.py:5:36 REQ001 numpy is pinned")
    assert not (root / "RAN").exists()
