"""Folders that a platform takes away on their own, so that nothing above them exists where they are installed."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.model import Location, Span
from rrr_optimize.requirements.layouts.hindrances import Hindrance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts.flattening import Flattener
    from rrr_optimize.requirements.layouts.project_files import ProjectFile
    from rrr_optimize.workspace.snapshot import Snapshot

# A file that says so by its name, and what its text has to hold for it to be that file.
_MARKS = {
    "host.json": ("an Azure Functions app", re.compile(r'"version"')),
    "app.yaml": ("an App Engine service", re.compile(r"^\s*(?:runtime|env)\s*:", re.MULTILINE)),
    "Procfile": ("built by a buildpack", re.compile(r"^\w+:", re.MULTILINE)),
    "serverless.yml": ("a Serverless service", re.compile(r"^provider\s*:", re.MULTILINE)),
    "serverless.yaml": ("a Serverless service", re.compile(r"^provider\s*:", re.MULTILINE)),
    "flow.dag.yaml": ("a prompt flow", re.compile(r"^nodes\s*:", re.MULTILINE)),
    "flow.flex.yaml": ("a prompt flow", re.compile(r"^entry\s*:", re.MULTILINE)),
}
_CHALICE = ".chalice/config.json"
_TEMPLATES = ("template.yaml", "template.yml")
_CODE_FOLDER = re.compile(r"^\s*(?:CodeUri|ContentUri)\s*:\s*[\"']?([\w./-]+)[\"']?\s*$", re.MULTILINE)
_FRAMEWORKS = {"functions-framework": "a Cloud Function", "azure-functions": "an Azure Functions app"}
_INSTALLED = "requirements.txt"
_HINT = "keep it as it is, or let the deployment install a lock that is made from a layered file"


def find_travelling(
    repository: Repository, files: Mapping[str, ProjectFile], flattener: Flattener
) -> dict[str, Hindrance]:
    """Return which requirements files are installed where nothing above their folder is, and why.

    That is the requirements.txt of such a folder with what it includes. A folder that is the root itself takes the
    root files along, so it is none.
    """
    folders = dict(_find_folders(repository.snapshot))
    found: dict[str, Hindrance] = {}
    for path, file in files.items():
        folder, name = posixpath.split(path)
        if not folder or name != _INSTALLED:
            continue
        hindrance = folders.get(folder)
        if not hindrance and (named := next((each for each in _FRAMEWORKS if file.entries_of(each)), None)):
            where = file.source.locate(file.entries_of(named)[0].line.content)
            hindrance = _explain(folder, _FRAMEWORKS[named], where)
        if hindrance:
            found |= dict.fromkeys((path, *flattener.includes(path)), hindrance)
    return found


def _find_folders(snapshot: Snapshot) -> Iterator[tuple[str, Hindrance]]:
    for name, (what, pattern) in _MARKS.items():
        for path in snapshot.files_named(name):
            source = snapshot.text(path)
            folder = posixpath.dirname(path)
            if folder and source and (match := pattern.search(source.text)):
                yield folder, _explain(folder, what, source.locate(Span(match.start(), match.start())))
    for path in snapshot.files_named(posixpath.basename(_CHALICE)):
        folder = path.removesuffix(f"/{_CHALICE}")
        if folder != path:
            yield folder, _explain(folder, "a Chalice app", Location(path))
    for path in (path for name in _TEMPLATES for path in snapshot.files_named(name)):
        source = snapshot.text(path)
        for match in _CODE_FOLDER.finditer(source.text) if source and "AWS::" in source.text else ():
            folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1]))
            if source and folder != ".":
                yield folder, _explain(folder, "the code of a Lambda function", source.locate(Span(*match.span(1))))


def _explain(folder: str, what: str, where: Location) -> Hindrance:
    return Hindrance(f"{folder} is {what} ({where}), which is installed without the folders above it", _HINT, where)
