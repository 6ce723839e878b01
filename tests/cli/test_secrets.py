"""No credential of a repository comes out of a run, whatever it is asked to print or write."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository

# No passwords: canaries, which a report must not sing.
_SECRET = "c4n4ry"  # noqa: S105
_TOKEN = f"ghp_{_SECRET * 6}"
_URL = f"https://user:{_SECRET}@example.com"
_FILES = {
    "requirements.txt": (
        f"--index-url {_URL}/simple\n--extra-index-url={_URL}/other\n--find-links {_URL}/links\n"
        f"foo @ {_URL}/foo.zip\nfoo==2.0\nfoo @ {_URL}/other.zip?token={_SECRET}\n"
        f"-e git+https://{_TOKEN}@example.com/x.git#egg=bar\nbar==1.0\n-e git+ssh://git:{_SECRET}@example.com/y.git\n"
        f"bad = {_URL}\n--wrong {_URL}\n-r {_URL}/more.txt\n-r sub/{_SECRET}@x/../missing.txt\n"
    ),
    "pyproject.toml": f'[project]\nname = "x"\ndependencies = ["foo @ {_URL}/third.zip", "b = {_URL}", "{_URL}"]\n',
    "Pipfile": f'[[source]]\nurl = "{_URL}"\n[packages]\nfoo = {{git = "{_URL}/foo.git"}}\n',
    "poetry/pyproject.toml": f'[tool.poetry.dependencies]\nfoo = {{url = "{_URL}/foo.whl"}}\nbad = "{_URL}"\n',
    "environment.yml": f"dependencies:\n- pip:\n  - foo @ {_URL}/conda.zip\n  - bad = {_URL}\n",
    "setup.py": f"from setuptools import setup\nsetup(install_requires=['foo @ {_URL}/setup.zip', 'bad {_URL}'])\n",
    "setup.cfg": f"[options]\ninstall_requires =\n  foo @ {_URL}/cfg.zip\n  bad {_URL}\n",
    "tox.ini": f"[testenv]\ndeps =\n  foo @ {_URL}/tox.zip\n  bad=1  # {_URL}\n",
    "Dockerfile": f"FROM python:3.12\nRUN pip install --index-url {_URL} foo==3.0 'foo @ {_URL}/d.zip' bad={_URL}\n",
    "tool.py": f'# /// script\n# dependencies = ["foo @ {_URL}/script.zip", "bad {_URL}"]\n# ///\n',
    "broken/pyproject.toml": f'[project]\nx = "{_URL}\n',
    "broken/environment.yml": f"{{ {_URL}: [*{_SECRET}@\n",
}


def _artefacts(cli: Cli, root: Path) -> dict[str, str]:
    found = {}
    for arguments in ([], ["-v"], ["-q"], ["--format", "json"], ["--format", "markdown", "-v"]):
        run = cli("audit", ".", *arguments, "--output", "../report", cwd=root)
        assert run == (1, "", "")
        found[" ".join(arguments)] = (root.parent / "report").read_text(encoding="utf-8")
    run = cli("audit", ".", "-v", "--color", "always", "--baseline", "../b.json", "--write-baseline", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    found["stdout"] = run.stdout
    found["baseline"] = (root.parent / "b.json").read_text(encoding="utf-8")
    return found


def test_every_artefact_masks_them(repository: Repository, cli: Cli) -> None:
    artefacts = _artefacts(cli, repository(_FILES))
    assert [name for name, text in artefacts.items() if _SECRET in text] == []
    assert [name for name, text in artefacts.items() if "***" not in text] == []
    # The files were read, each of them: without that the test would say nothing.
    assert [path for path in _FILES if path not in artefacts["-v"]] == []


def test_messages_about_mistakes_mask_them(repository: Repository, cli: Cli) -> None:
    root = repository({"rrr-optimize.toml": f'"{_URL}" = 1\nignore = ["{_URL}"]\nrequirements.banned = ["{_URL}"]\n'})
    for arguments in (
        ["audit", "."],
        ["audit", _URL],
        ["audit", ".", "--config", _URL],
        ["audit", ".", "--config", f"ignore=['{_URL}']"],
        ["audit", ".", "--config", "empty=1", "--project", _URL],
        ["audit", ".", "--baseline", _URL],
        ["audit", ".", "--output", f"{_URL}/x"],
        ["audit", ".", "--since", _URL],
        ["rule", _URL],
    ):
        run = cli(*arguments, cwd=root)
        assert (run.exit_code, run.stdout) == (2, "")
        assert _SECRET not in run.stderr, arguments


def test_credentials_of_the_environment_stay_there(repository: Repository, cli: Cli) -> None:
    environment = {"PIP_INDEX_URL": _URL, "UV_INDEX_URL": _URL, "TOKEN": _SECRET}
    root = repository(
        {"requirements.txt": "--index-url ${PIP_INDEX_URL}\nfoo @ https://${TOKEN}@example.com/x.zip\nfoo==1\n"}
    )
    run = cli("audit", ".", "-v", cwd=root, environment=environment)
    assert (run.exit_code, run.stderr) == (1, "")
    assert _SECRET not in run.stdout
    assert "https://${TOKEN}@example.com/x.zip" in run.stdout
