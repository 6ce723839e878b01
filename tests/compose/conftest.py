"""Docker Compose itself as the oracle, and models told as plain data."""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest

from rrr_optimize.formats.measures import read_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rrr_optimize.formats.yaml_values import Value

DURATIONS = {"interval", "timeout", "start_period", "start_interval", "stop_grace_period", "delay", "monitor", "window"}
HOME = "/home/somebody"
COMPOSE = Path(sysconfig.get_path("scripts")) / "docker-compose"


class Answer(NamedTuple):
    """What Docker Compose makes of a project, or why it refuses it."""

    model: Any
    error: str


class Oracle(Protocol):
    """Ask Docker Compose for the model of the files in a folder; consistency is not its business unless asked."""

    def __call__(
        self,
        folder: Path,
        files: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
        *,
        consistent: bool = False,
        reads_env_files: bool = True,
    ) -> Answer: ...


def ask_compose(
    folder: Path,
    files: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    *,
    consistent: bool = False,
    reads_env_files: bool = True,
) -> Answer:
    given = [argument for file in files for argument in ("-f", file)]
    options = [
        "--format",
        "json",
        *([] if reads_env_files else ["--no-env-resolution"]),
        *([] if consistent else ["--no-consistency"]),
    ]
    done = subprocess.run(
        [str(COMPOSE), *given, "--profile", "*", "config", *options],
        cwd=folder,
        env={"HOME": HOME, **(variables or {})},
        capture_output=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        return Answer(None, done.stderr.decode().strip().splitlines()[-1])
    model = json.loads(done.stdout)
    for service in (model.get("services") or {}).values():
        service.pop("env_file", None)
    return Answer(model, "")


def simplify(value: Any, key: str = "") -> Any:
    """Return a model in which equal things are equal: numbers, sizes and durations by value, nothing empty."""
    if isinstance(value, dict):
        made = {key.replace("$$", "$"): simplify(item, key) for key, item in value.items()}
        if made.get("create_host_path") == "true":
            # Compose takes it for granted and leaves it out.
            del made["create_host_path"]
        return {key: item for key, item in made.items() if item not in (None, {}, [], "")}
    if isinstance(value, list):
        return [simplify(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else None
    text = "" if value is None else str(value).replace("$$", "$").replace(HOME, "~")
    number = re.fullmatch(r"(\d+)\.(\d*?)0*", text)
    if number:
        return f"{number[1]}.{number[2]}".rstrip(".")
    size, duration = read_size(text), _read_duration(text) if key in DURATIONS else None
    return f"{duration}s" if duration is not None else str(size) if size is not None else text


@pytest.fixture
def oracle() -> Oracle:
    return ask_compose


def tell(value: Value) -> Any:
    """Return a value as plain data."""
    if isinstance(value.data, dict):
        return {key: tell(item) for key, item in value.data.items()}
    return [tell(item) for item in value.data] if isinstance(value.data, list) else value.data


def comparable(model: Value) -> Any:
    """Return our model as `docker compose config` would print it: without what no service uses, without `version`."""
    told = tell(model)
    told.pop("version", None)
    for service in (told.get("services") or {}).values():
        # Once they are read, Compose leaves them out.
        service.pop("env_file", None)
    services = told.get("services") or {}
    used: dict[str, set[str]] = {"networks": set(), "volumes": set(), "secrets": set(), "configs": set()}
    for service in services.values():
        used["networks"].update(service.get("networks") or ())
        used["volumes"].update(
            mount.get("source", "") for mount in service.get("volumes") or () if isinstance(mount, dict)
        )
        build = service.get("build") or {}
        for kind, given in (("secrets", service), ("secrets", build), ("configs", service)):
            used[kind].update(item["source"] for item in given.get(kind) or ())
    for kind, names in used.items():
        told[kind] = {name: item for name, item in (told.get(kind) or {}).items() if name in names}
    return simplify(told)


_DURATION_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def _read_duration(text: str) -> float | None:
    """Return the seconds of `1m30s` and the like (Go's durations); None for anything else."""
    parts = list(_DURATION_PART.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text:
        return None
    return round(sum(float(part[1]) * _SECONDS[part[2]] for part in parts), 9)
