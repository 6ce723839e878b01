"""Docker Compose as a second judge of a change: what it makes of the files before and after."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rrr_optimize.compose.paths import is_inside
from rrr_optimize.compose.plain_models import drop_networks
from rrr_optimize.facts.compose.topology import read_topology
from rrr_optimize.formats.dotenv_file import read_dotenv
from rrr_optimize.model import Proof
from rrr_optimize.safe_text import MASK
from rrr_optimize.tools.docker_compose import ComposeQuestion, ComposeUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.topology import Topology
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.tools.docker_compose import ModelReader
    from rrr_optimize.workspace.snapshot import Snapshot

_SHORTEST = 3
# Fits most places that a variable may stand in, numbers among them.
_ANYTHING = "1"


def judge(project: ComposeProject, planned: Topology, before: Snapshot, after: Snapshot, reader: ModelReader) -> Proof:
    """Return whether Compose accepts the edited files of a project and sees the planned networks and no other change.

    Only a refusal counts that was not there before. What it says of the files as they are is no business of a change:
    where it refuses those, or cannot be asked, the proof is NOT RUN and says why.
    """
    claim = f"Docker Compose accepts {project.label} as edited, and its model differs just as planned"
    try:
        version = reader.version
        old, new = (reader.ask(_question(project, snapshot)) for snapshot in (before, after))
    except ComposeUnavailableError as error:
        return Proof(claim, holds=False, evidence=(str(error),), was_run=False)
    if old.model is None:
        told = f"Docker Compose {version} refuses the files as they are: {_mask(old.refusal, project, before)}"
        return Proof(claim, holds=False, evidence=(told,), was_run=False)
    refusal = "" if old.refusal else new.refusal
    if refusal or new.model is None:
        told = f"Docker Compose {version} refuses the edited files: {_mask(new.refusal, project, before)}"
        return Proof(claim, holds=False, evidence=(told,))
    wrong = [*_compare(old.model, new.model, read_topology(project), planned)]
    told = f"asked Docker Compose {version}"
    if old.refusal:
        told += f" for the models; it refuses the files before and after: {_mask(old.refusal, project, before)}"
    return Proof(claim, holds=not wrong, evidence=(told, *wrong))


def _question(project: ComposeProject, snapshot: Snapshot) -> ComposeQuestion:
    texts = dict.fromkeys(_named_files(project), b"")
    for path in (*project.loaded.files, *project.loaded.variable_files):
        if data := snapshot.read(path):
            texts[path] = data
    profiles = {name for service in project.services.values() for name in service.profiles if "$" not in name}
    unset = {name for value in _scalars(project.model) for name in value.unset} if project.model else set()
    return ComposeQuestion(
        texts, project.files, project.directory, tuple(sorted(profiles)), dict.fromkeys(sorted(unset), _ANYTHING)
    )


def _named_files(project: ComposeProject) -> Iterator[str]:
    """Yield the files that have to be there for Compose; what is in them is not for it to see."""
    for service in project.services.values():
        for value in [*service.items("env_file"), *service.items("label_file")]:
            path = (value.get("path") or value).text
            if path and "$" not in path and (is_inside(path) or path.startswith("../")):
                yield path


def _scalars(value: Value) -> Iterator[Value]:
    for item in (*value.mapping.values(), *value.items):
        yield from _scalars(item)
    if not value.mapping and not value.items:
        yield value


def _compare(old: Any, new: Any, today: Topology, planned: Topology) -> Iterator[str]:
    """Yield where two models differ otherwise than planned."""
    if _rest(old) != _rest(new):
        yield "something else than services and networks differs"
    for name in sorted(_entries(old, "services").keys() | _entries(new, "services").keys()):
        yield from _compare_service(name, _entries(old, "services", name), _entries(new, "services", name), planned)
    was, becomes = _entries(old, "networks"), _entries(new, "networks")
    gone = today.networks.keys() - planned.networks.keys()
    if any(was.get(name) != value or name in gone for name, value in becomes.items()):
        yield "it sees other networks than planned"


def _compare_service(name: str, old: Any, new: Any, planned: Topology) -> Iterator[str]:
    if any(old.get(key) != new.get(key) for key in (old.keys() | new.keys()) - {"networks"}):
        yield f"something else than the networks of {name} differs"
    joined = {network for network, shape in planned.networks.items() if name in shape.members}
    before, after = (_entries(service, "networks") for service in (old, new))
    if after.keys() != joined:
        yield f"it sees {name} on {', '.join(sorted(after)) or 'no network'}"
        return
    for network in sorted(joined):
        aliases = set(_entries(after, network).get("aliases") or ())
        wanted = planned.networks[network].members[name].aliases
        # Compose prints variables as they are written.
        if not any("$" in alias for alias in aliases) and aliases != wanted:
            yield f"it sees other aliases of {name} on {network}"
        if _without_aliases(before, network) != _without_aliases(after, network):
            yield f"{name} is on {network} in another way than before"


def _without_aliases(networks: Any, name: str) -> Any:
    return {key: value for key, value in _entries(networks, name).items() if key != "aliases"}


def _rest(model: Any) -> Any:
    rest = {key: value for key, value in model.items() if key not in {"services", "networks"}}
    # An anchor of what services have in common may stand in an extension.
    return {key: drop_networks(value) if key.startswith("x-") else value for key, value in rest.items()}


def _entries(data: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _mask(said: str, project: ComposeProject, snapshot: Snapshot) -> str:
    """Return what Compose says without anything that stands in the files as a value: it may be a secret."""
    known = set(_keys(project.model)) if project.model else set()
    values = {value.text for value in _scalars(project.model)} if project.model else set()
    for path in project.loaded.variable_files:
        if source := snapshot.text(path):
            values |= set(read_dotenv(source.text, {}).values())
    for value in sorted(values - known, key=len, reverse=True):
        if len(value) >= _SHORTEST:
            said = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", MASK, said)
    return said


def _keys(value: Value) -> Iterator[str]:
    for key, item in value.mapping.items():
        yield key
        yield from _keys(item)
    for item in value.items:
        yield from _keys(item)
