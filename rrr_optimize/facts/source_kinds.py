"""Tell by a file's path what it can say about requirements."""

from __future__ import annotations

import posixpath
from enum import Enum, auto
from typing import TYPE_CHECKING

from rrr_optimize.workspace.requirement_names import is_requirements_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Role(Enum):
    """How a file is read."""

    REQUIREMENTS = auto()
    CONSTRAINTS = auto()
    PYPROJECT = auto()
    SETUP_CFG = auto()
    SETUP_PY = auto()
    PIPFILE = auto()
    CONDA = auto()
    HATCH = auto()
    TOX_INI = auto()
    TOX_TOML = auto()
    NOX = auto()
    PRE_COMMIT = auto()
    PYTHON_VERSION = auto()
    DOCKERFILE = auto()
    SHELL = auto()
    MAKEFILE = auto()
    CI = auto()
    MARKDOWN = auto()


_BY_NAME = {
    "pyproject.toml": Role.PYPROJECT,
    "setup.cfg": Role.SETUP_CFG,
    "setup.py": Role.SETUP_PY,
    "Pipfile": Role.PIPFILE,
    "environment.yml": Role.CONDA,
    "environment.yaml": Role.CONDA,
    "hatch.toml": Role.HATCH,
    "tox.ini": Role.TOX_INI,
    "tox.toml": Role.TOX_TOML,
    "noxfile.py": Role.NOX,
    ".pre-commit-config.yaml": Role.PRE_COMMIT,
    ".python-version": Role.PYTHON_VERSION,
    "runtime.txt": Role.PYTHON_VERSION,
    "Makefile": Role.MAKEFILE,
    "makefile": Role.MAKEFILE,
    "GNUmakefile": Role.MAKEFILE,
    ".gitlab-ci.yml": Role.CI,
    ".travis.yml": Role.CI,
    "appveyor.yml": Role.CI,
    "bitbucket-pipelines.yml": Role.CI,
    ".readthedocs.yaml": Role.CI,
    ".readthedocs.yml": Role.CI,
    "cloudbuild.yaml": Role.CI,
}
_NOT_READ = {
    "poetry.lock": "a lock of Poetry",
    "uv.lock": "a lock of uv",
    "pdm.lock": "a lock of PDM",
    "Pipfile.lock": "a lock of Pipenv",
    "pylock.toml": "a lock file (PEP 751)",
    "pixi.lock": "a lock of pixi",
    "pixi.toml": "a pixi manifest",
    "conda-lock.yml": "a lock of conda",
    "buildout.cfg": "a buildout configuration",
}
_SHELL_SUFFIXES = (".sh", ".bash")
_DOCKER_STEMS = ("dockerfile", "containerfile")
_READ_MARKDOWN = ("readme", "install", "contributing", "development", "getting_started", "getting-started", "setup")


def find_roles(paths: Iterable[str]) -> Iterator[tuple[str, Role]]:
    """Yield the files that may say something about requirements, with how to read each."""
    for path in paths:
        name = posixpath.basename(path)
        if role := _BY_NAME.get(name) or _role_of_pattern(path, name):
            yield path, role


def find_unread(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the files that hold requirements in a kind that is not read, with what they are."""
    for path in paths:
        if reason := _NOT_READ.get(posixpath.basename(path)):
            yield path, f"{reason}, a kind that is not read"


def _role_of_pattern(path: str, name: str) -> Role | None:
    lower = name.lower()
    if lower.endswith((".txt", ".in")):
        return Role.REQUIREMENTS if is_requirements_file(path) else None
    if lower.endswith(_SHELL_SUFFIXES):
        return Role.SHELL
    if lower.endswith((".yml", ".yaml")):
        if "/workflows/" in f"/{path}" and ".github" in path:
            return Role.CI
        if path.endswith(".circleci/config.yml") or lower.startswith("azure-pipelines"):
            return Role.CI
        return Role.CONDA if lower.startswith("environment") else None
    if lower.endswith(".md"):
        return Role.MARKDOWN if lower.startswith(_READ_MARKDOWN) else None
    if lower.startswith(_DOCKER_STEMS) or lower.endswith(".dockerfile"):
        return Role.DOCKERFILE
    return Role.MAKEFILE if lower.endswith(".mk") else None
