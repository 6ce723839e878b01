"""The hosts that Prometheus configurations scrape, and whether a project mounts the file."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.compose.files import ComposeFiles
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Location
    from rrr_optimize.workspace.snapshot import Snapshot

_HOST_AND_PORT = re.compile(r"(?P<host>[A-Za-z0-9][\w.-]*):\d+")
_FILE_NAME = re.compile(r"prom[^/]*\.ya?ml$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class ScrapeTarget:
    """One `host:port` of a scrape configuration; `mounted_by` are the projects that mount the file."""

    host: str
    text: str
    job: str
    location: Location
    mounted_by: tuple[ComposeProject, ...]


def find_scrape_targets(
    snapshot: Snapshot, library: ComposeFiles, projects: Sequence[ComposeProject]
) -> Iterator[ScrapeTarget]:
    """Yield the static targets of every Prometheus configuration: by its name, or because a service mounts it."""
    mounts = _mounted_files(snapshot, projects)
    named = {path for path in snapshot.files if _FILE_NAME.search(path)}
    for path in sorted(named | {path for path in mounts if path.endswith((".yml", ".yaml"))}):
        text = library.text(path)
        if text and "scrape_configs" in text:
            file = library.get(path)
            for document in file.documents if file else ():
                yield from _read_targets(document, tuple(mounts.get(path, ())))


def _mounted_files(snapshot: Snapshot, projects: Sequence[ComposeProject]) -> dict[str, list[ComposeProject]]:
    """Return each file that a service has, by a bind mount of its own or of a folder around it, or as a config."""
    found: dict[str, list[ComposeProject]] = {}
    for project in projects:
        sources = [mount.get("source") for service in project.services.values() for mount in service.items("volumes")]
        sources += [config.get("file") for config in project.section("configs").values()]
        for path in {posixpath.normpath(source.text) for source in sources if source and not source.unset}:
            below = snapshot.files_below(path) if snapshot.is_folder(path) and path != "." else (path,)
            for file in below:
                if project not in found.setdefault(file, []):
                    found[file].append(project)
    return found


def _read_targets(document: Value, mounted_by: tuple[ComposeProject, ...]) -> Iterator[ScrapeTarget]:
    jobs = document.get("scrape_configs")
    for job in jobs.items if jobs else ():
        name = job.get("job_name")
        if _is_relabelled(job):
            continue
        for config in (job.get("static_configs") or job).items:
            for target in (config.get("targets") or config).items:
                if match := _HOST_AND_PORT.fullmatch(target.text):
                    job_name = name.text if name else ""
                    yield ScrapeTarget(match["host"], target.text, job_name, target.where, mounted_by)


def _is_relabelled(job: Value) -> bool:
    """Tell whether what is scraped is another address than the target, as with a blackbox exporter."""
    rules = job.get("relabel_configs")
    labels = [rule.get("target_label") for rule in rules.items] if rules else []
    return any(label is not None and label.text == "__address__" for label in labels)
