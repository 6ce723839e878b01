"""Make the model of a Compose project: its files read, filled in, extended, included and laid over each other."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.facts.compose.canonical import Canonical
from rrr_optimize.facts.compose.environment import Environment
from rrr_optimize.facts.compose.merging import delete_paths, merge, take_resets
from rrr_optimize.facts.compose.normal_form import normalize
from rrr_optimize.facts.compose.problems import Problems
from rrr_optimize.formats.compose_template import TemplateError, fill_template
from rrr_optimize.formats.dotenv_file import read_dotenv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rrr_optimize.facts.compose.files import ComposeFiles
    from rrr_optimize.facts.compose.problems import ComposeProblem
    from rrr_optimize.formats.yaml_values import Value

_SECTIONS = ("services", "volumes", "networks", "secrets", "configs", "models")
# What Compose fetches: URLs, the short form of SSH, and what ends in `.git`, also with a revision and a path behind it.
_REMOTE = re.compile(r"\w+://|[\w.-]+@[\w.-]+:|github\.com/|git::|.*\.git(?:#|$)")
_MOST_NESTED = 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model of a project in normal form, every file that it is made of, and what is wrong with them.

    `model` is None where not one file could be read. `is_whole` is false where a part could not. `included` are the
    files that an `include` brings in, and `variable_files` those, such as `.env`, that variables were taken from.
    """

    model: Value | None
    files: tuple[str, ...]
    problems: tuple[ComposeProblem, ...]
    is_whole: bool
    included: frozenset[str] = frozenset()
    variable_files: tuple[str, ...] = ()


class _Task(NamedTuple):
    """The folder that relative paths start from, the variables, and the files around this one."""

    directory: str
    variables: Mapping[str, str]
    above: tuple[str, ...]


def load_project(
    library: ComposeFiles,
    files: Sequence[str],
    directory: str,
    variables: Mapping[str, str] | None = None,
    *,
    reads_env_files: bool = True,
) -> Loaded:
    """Return the model of files that Compose is given together, the first one first.

    `variables` are those of the environment; those of the `.env` file in the directory come below them. Follows the
    Compose specification: interpolation, include, extends, merge, and the normal form of `docker compose config`,
    except that a variable that nothing sets stays as `${NAME}` and that an `env_file` may be missing.
    """
    loader = _Loader(library)
    task = _Task(directory, loader.with_dotenv(directory, variables or {}), ())
    model = loader.load(files, task)
    if model:
        environment = Environment(library if reads_env_files else None, task.variables)
        model = normalize(environment.resolve(model), _project_name(model, task), directory)
    return Loaded(
        model,
        tuple(dict.fromkeys(loader.files)),
        loader.problems.all,
        loader.is_whole,
        frozenset(loader.included),
        tuple(dict.fromkeys(loader.variable_files)),
    )


def _project_name(model: Value, task: _Task) -> str:
    name = model.get("name")
    own = name.text if name and name.text else posixpath.basename(task.directory)
    return task.variables.get("COMPOSE_PROJECT_NAME", own)


class _Loader:
    def __init__(self, library: ComposeFiles) -> None:
        self.problems = Problems()
        self.files: list[str] = []
        self.included: set[str] = set()
        self.variable_files: list[str] = []
        self.is_whole = True
        self._library = library

    def with_dotenv(self, directory: str, variables: Mapping[str, str]) -> dict[str, str]:
        """Return the variables on top of those in the `.env` file of a directory."""
        return self._with_variables(posixpath.normpath(posixpath.join(directory, ".env")), variables)

    def _with_variables(self, path: str, variables: Mapping[str, str]) -> dict[str, str]:
        text = self._library.text(path)
        if not text:
            return dict(variables)
        self.variable_files.append(path)
        return {**read_dotenv(text, variables), **variables}

    def load(self, files: Sequence[str], task: _Task) -> Value | None:
        """Return the files laid over each other, not yet in normal form."""
        model: Value | None = None
        for path in files:
            for document in self._documents(path):
                model = self._add(model, document, path, task)
        return model

    def _documents(self, path: str) -> list[Value]:
        file = self._library.get(path)
        self.files.append(path)
        if file is None or file.error:
            self.is_whole = False
            return []
        return [document for document in file.documents if isinstance(document.data, dict)]

    def _add(self, below: Value | None, document: Value, path: str, task: _Task) -> Value:
        filled, resets = take_resets(self._fill(document, task.variables))
        canonical = Canonical(task.directory, self.problems).rewrite(filled)
        included = self._include(canonical, _below(task, path))
        below = delete_paths(below, resets) if below else None
        extended = self._extend_all(included, path, task)
        return merge(below, extended, self.problems) if below else extended

    def _fill(self, value: Value, variables: Mapping[str, str]) -> Value:
        """Return a value with its variables filled in; what has none is the same object."""
        if isinstance(value.data, str):
            return self._fill_text(value, variables) if "$" in value.data else value
        if isinstance(value.data, dict):
            made = {key: self._fill(item, variables) for key, item in value.data.items()}
            is_same = all(made[key] is item for key, item in value.data.items())
            return value if is_same else value.with_data(made)
        if isinstance(value.data, list):
            items = [self._fill(item, variables) for item in value.data]
            return value if all(a is b for a, b in zip(items, value.data, strict=True)) else value.with_data(items)
        return value

    def _fill_text(self, value: Value, variables: Mapping[str, str]) -> Value:
        try:
            filled = fill_template(value.text, variables)
        except TemplateError as error:
            self.problems.add("template", value.place, str(error), "template")
            return value
        return replace(value, data=filled.text, unset=filled.unset)

    def _include(self, model: Value, task: _Task) -> Value:
        """Return a model with what it includes below it."""
        for item in (model.get("include") or model).items if "include" in model.mapping else []:
            entries = item.mapping or {"path": item}
            paths = entries["path"].items or [entries["path"]] if "path" in entries else []
            names = [path.text for path in paths]
            if any(map(_REMOTE.match, names)):
                self.is_whole = False
                self.problems.add("remote", item.place, f"{names[0]} is fetched from elsewhere", names[0])
                continue
            files = [posixpath.normpath(posixpath.join(task.directory, name)) for name in names]
            if not self._check_included(files, item, task):
                continue
            self.included.update(files)
            imported = self.load(files, self._inner_task(entries, files[0], task))
            for section in _SECTIONS if imported else ():
                model = self._import(model, imported, section)
        return model.with_data({key: value for key, value in model.mapping.items() if key != "include"})

    def _check_included(self, files: list[str], item: Value, task: _Task) -> bool:
        missing = [file for file in files if not self._library.is_file(file)]
        for file in missing:
            self.problems.add("missing-file", item.place, f"the included file {file} does not exist", file)
        is_cycle = bool(files) and (files[0] in task.above or len(task.above) > _MOST_NESTED)
        if is_cycle:
            self.problems.add("cycle", item.place, f"{files[0]} includes itself", files[0])
        self.is_whole = self.is_whole and not missing and not is_cycle
        return bool(files) and not missing and not is_cycle

    def _inner_task(self, entries: Mapping[str, Value], first: str, task: _Task) -> _Task:
        directory = posixpath.dirname(first) or "."
        if "project_directory" in entries:
            directory = posixpath.normpath(posixpath.join(task.directory, entries["project_directory"].text))
        variables: Mapping[str, str] = task.variables
        if "env_file" in entries:
            given = entries["env_file"].items or [entries["env_file"]]
            for name in given:
                path = posixpath.normpath(posixpath.join(task.directory, name.text))
                variables = self._with_variables(path, variables)
        else:
            variables = self.with_dotenv(directory, variables)
        return _Task(directory, variables, task.above)

    def _import(self, model: Value, imported: Value | None, section: str) -> Value:
        given = imported.get(section) if imported else None
        if given is None:
            return model
        own = model.get(section)
        whole = {section: merge(given, own, self.problems, (section,)) if own else given}
        return model.with_data({**model.mapping, **whole})

    def _extend_all(self, model: Value, path: str, task: _Task) -> Value:
        services = model.get("services")
        if services is None or not any("extends" in service.mapping for service in services.mapping.values()):
            return model
        made = {
            name: self._extend(name, services, path, task, ()) or service for name, service in services.mapping.items()
        }
        return model.with_data({**model.mapping, "services": services.with_data(made)})

    def _extend(
        self, name: str, services: Value, path: str, task: _Task, way: tuple[tuple[str, str], ...]
    ) -> Value | None:
        service = services.mapping.get(name)
        extends = service.get("extends") if service else None
        if service is None or extends is None:
            return service
        if (path, name) in way or len(way) > _MOST_NESTED:
            self.problems.add("cycle", extends.place, f"{name} extends itself", name)
            return service
        reference, file = extends.get("service"), extends.get("file")
        wanted = reference.text if reference else ""
        base_path = file.text if file and file.text else path
        base_services = self._services_of(base_path, task, extends) if base_path != path else services
        if base_services is None:
            return _without_extends(service)
        if wanted not in base_services.mapping:
            message = f"{name} extends {wanted}, and {base_path} has no such service"
            self.problems.add("missing-service", extends.place, message, f"{name} {wanted}")
            return service  # it says what it runs, if only in a place that is not there
        inner = task._replace(directory=posixpath.dirname(base_path) or ".") if base_path != path else task
        base = self._extend(wanted, base_services, base_path, inner, (*way, (path, name)))
        own = _without_extends(service)
        return merge(base, own, self.problems, ("services", "*")) if base else own

    def _services_of(self, path: str, task: _Task, extends: Value) -> Value | None:
        if not self._library.is_file(path):
            self.is_whole = False
            self.problems.add("missing-file", extends.place, f"the extended file {path} does not exist", path)
            return None
        documents = self._documents(path)
        if not documents:
            return None
        filled, _ = take_resets(self._fill(documents[-1], task.variables))
        canonical = Canonical(posixpath.dirname(path) or ".", self.problems).rewrite(filled)
        return canonical.get("services")


def _without_extends(service: Value) -> Value:
    return service.with_data({key: value for key, value in service.mapping.items() if key != "extends"})


def _below(task: _Task, path: str) -> _Task:
    """Return the task of what a file includes."""
    return task._replace(above=(*task.above, path))
