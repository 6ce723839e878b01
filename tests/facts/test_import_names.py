"""What distributions are imported as: the list that we keep, and real wheels beside it."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.import_names import ImportNames, known_import_names

if TYPE_CHECKING:
    from pathlib import Path

_CANONICAL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Small wheels, each odd in a way of its own: another name, several, another case, a namespace of one to three parts.
_SAMPLE = (
    *("attrs", "azure-core", "azure-keyvault-secrets", "backports-tarfile", "beautifulsoup4", "django-cors-headers"),
    *("dnspython", "google-api-core", "google-auth", "google-cloud-storage", "googleapis-common-protos"),
    *("graphql-core", "jaraco-classes", "opentelemetry-api", "opentelemetry-sdk", "polygon-api-client", "protobuf"),
    *("pyserial", "python-dateutil", "python-multipart", "ruamel-yaml", "slack-sdk"),
    *("sphinxcontrib-jsmath", "websocket-client"),
)


@pytest.mark.parametrize(
    ("distribution", "names"),
    [
        ("numpy", ("numpy",)),
        ("charset-normalizer", ("charset_normalizer",)),
        ("pyyaml", ("yaml",)),
        ("attrs", ("attr", "attrs")),
        ("google-cloud-storage", ("google.cloud.storage",)),
        ("types-pyyaml", ()),
        ("pandas-stubs", ()),
    ],
)
def test_what_is_known_comes_before_the_own_name(distribution: str, names: tuple[str, ...]) -> None:
    assert ImportNames().of(distribution) == names


def test_what_somebody_tells_comes_before_what_is_known() -> None:
    names = ImportNames({"pyyaml": ("ours.yaml",), "numpy": (), "types-x": ("x",)})
    assert [names.of(each) for each in ("pyyaml", "numpy", "types-x", "pillow")] == [
        ("ours.yaml",),
        (),
        ("x",),
        ("PIL",),
    ]


def test_the_list_is_sorted_and_says_only_what_is_not_the_own_name() -> None:
    text = files("rrr_optimize.facts").joinpath("import_names.txt").read_text(encoding="utf-8")
    rows = [line.partition(": ") for line in text.splitlines() if not line.startswith("#")]
    distributions = [distribution for distribution, _, _ in rows]
    assert distributions == sorted(set(distributions))
    assert len(distributions) > 400
    for distribution, _, names in rows:
        assert _CANONICAL.fullmatch(distribution), distribution
        assert names.split() not in ([], [distribution.replace("-", "_")]), distribution
        assert names.split() == sorted(set(names.split())), distribution
        assert all(part.isidentifier() for name in names.split() for part in name.split(".")), distribution


@pytest.mark.long
def test_the_wheels_of_a_sample_hold_what_the_list_says(tmp_path: Path) -> None:
    known = known_import_names()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"]
    subprocess.run([*command, str(tmp_path), *_SAMPLE], check=True, timeout=600)
    wrong: dict[str, list[str]] = {}
    for wheel in tmp_path.glob("*.whl"):
        distribution = re.sub(r"[-_.]+", "-", wheel.name.split("-")[0]).lower()
        held = zipfile.ZipFile(wheel).namelist()
        expected = known.get(distribution, (distribution.replace("-", "_"),))
        found = _importable(held)
        lacking = [name for name in expected if name not in found]
        # Nothing that is named may be missing, and nothing else may be there at the top.
        tops = {name.partition(".")[0] for name in expected}
        unnamed = [each for each in found if "." not in each and each not in tops and not each.startswith("_")]
        if lacking or unnamed:
            wrong[distribution] = [*(f"lacks {name}" for name in lacking), *(f"has {name}" for name in unnamed)]
    assert wrong == {}
    assert len(list(tmp_path.glob("*.whl"))) == len(_SAMPLE)


def _importable(held: list[str]) -> set[str]:
    """Return the dotted names of the modules of a wheel, and of its packages and folders."""
    found: set[str] = set()
    for path in held:
        parts = path.split("/")
        stem = parts[-1].split(".")[0]
        if path.endswith((".py", ".so", ".pyd")) and all(part.isidentifier() for part in (*parts[:-1], stem)):
            folders = parts[:-1] if stem == "__init__" else [*parts[:-1], stem]
            found.update(".".join(folders[:end]) for end in range(1, len(folders) + 1))
    return found
