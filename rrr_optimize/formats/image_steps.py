"""What a Dockerfile puts into each stage of an image, step by step (Dockerfile reference: COPY, ADD, FROM, WORKDIR)."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from dataclasses import dataclass, field

from rrr_optimize.formats.dockerfile_scripts import CONTINUATION, STAGE, Instruction, split_instructions

_FLAG = re.compile(r"\s*--([a-z-]+)(?:=(\S+))?(?=\s)")
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?[-+][^}]*)?\}|(\w+))")
_REMOTE = re.compile(r"[a-z+]+://|git@")


@dataclass(frozen=True, slots=True)
class Copy:
    """Files that come to `destination`, an absolute path of the image, from the build context or another stage.

    `is_folder` says that the destination is written as a folder. `stage` is the stage they come from, None for the
    context. `until` is the end of the only step that sees them, for a bind mount; None where they stay.
    """

    sources: tuple[str, ...]
    destination: str
    is_folder: bool
    start: int
    stage: str | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage from its FROM at `start`: what it is built on, and what is copied into it, in order."""

    name: str
    base: str
    start: int
    copies: list[Copy] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImageSteps:
    """The stages in order, the defaults of the build arguments, and where each stage ends up, by its name."""

    stages: tuple[Stage, ...]
    defaults: dict[str, str]
    directories: dict[str, str] = field(default_factory=dict)

    def find_stage(self, name: str) -> Stage | None:
        """Return the stage that is built where one is named, the last where none is."""
        return next((stage for stage in reversed(self.stages) if not name or stage.name == name.lower()), None)


def read_image_steps(text: str, arguments: dict[str, str] | None = None) -> ImageSteps:
    """Return the steps of a Dockerfile. A variable takes its value from `arguments`, else its default, else it is `*`.

    What comes from an address is left out, and so are the files that a here-document holds.
    """
    reader = _Reader(dict(arguments or {}))
    for instruction in split_instructions(text):
        reader.take(instruction)
    return ImageSteps(tuple(reader.stages), reader.values, reader.directories)


class _Reader:
    def __init__(self, arguments: dict[str, str]) -> None:
        self.given = arguments
        self.values = dict(arguments)
        self.stages: list[Stage] = []
        self.directory = "/"
        self.directories: dict[str, str] = {}

    def take(self, instruction: Instruction) -> None:
        arguments = CONTINUATION.sub(" ", instruction.arguments)
        match instruction.keyword:
            case "ARG" | "ENV":
                self._define(arguments, is_build_argument=instruction.keyword == "ARG")
            case "FROM" if found := STAGE.fullmatch(arguments):
                self._open(found[1], found[2] or str(len(self.stages)), instruction.start)
            case "WORKDIR":
                self._move(arguments)
            case "COPY" | "ADD" if self.stages and instruction.heredoc is None:
                self._copy(arguments, instruction.start)
            case "RUN" if self.stages:
                self._mount(arguments, instruction)
            case _:
                pass

    def _define(self, arguments: str, *, is_build_argument: bool) -> None:
        for word in _words(arguments):
            name, equals, value = word.partition("=")
            if equals and not (is_build_argument and name in self.given):
                self.values[name] = self._fill(value)

    def _open(self, base: str, name: str, start: int) -> None:
        self.directory = self.directories.get(base.lower(), "/")
        self.stages.append(Stage(name.lower(), base.lower(), start))
        self.directories[name.lower()] = self.directory

    def _move(self, arguments: str) -> None:
        self.directory = self._place(self._fill(arguments.strip().strip("\"'")))
        if self.stages:
            self.directories[self.stages[-1].name] = self.directory

    def _copy(self, arguments: str, start: int) -> None:
        stage, rest = None, arguments
        while found := _FLAG.match(rest):
            stage = found[2].lower() if found[1] == "from" and found[2] else stage
            rest = rest[found.end() :]
        words = [self._fill(word) for word in _words(rest)]
        sources = tuple(word for word in words[:-1] if not _REMOTE.match(word))
        if sources:
            target = words[-1]
            is_folder = target.endswith(("/", ".")) or len(words) > 2  # noqa: PLR2004 - more than source and target
            self.stages[-1].copies.append(Copy(sources, self._place(target), is_folder, start, stage))

    def _mount(self, arguments: str, instruction: Instruction) -> None:
        """Take `RUN --mount=type=bind,source=x,target=y` as a copy for this step alone."""
        rest = arguments
        while found := _FLAG.match(rest):
            rest = rest[found.end() :]
            parts = dict(part.partition("=")[::2] for part in (found[2] or "").split(","))
            target = parts.get("target") or parts.get("dst") or parts.get("destination")
            if found[1] == "mount" and target and parts.get("type", "bind") == "bind":
                source = self._fill(parts.get("source") or parts.get("src") or ".")
                end = instruction.start + len(instruction.arguments)
                stage = parts["from"].lower() if "from" in parts else None
                place = self._place(self._fill(target))
                copy = Copy((source,), place, is_folder=False, start=instruction.start, stage=stage, until=end)
                self.stages[-1].copies.append(copy)

    def _place(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.directory, path))

    def _fill(self, text: str) -> str:
        return fill_variables(text, self.values)


def fill_variables(text: str, values: dict[str, str]) -> str:
    """Return a text with the variables in it filled in; one that has no value is `*`."""
    return _VARIABLE.sub(lambda found: values.get(found[1] or found[2], "*"), text)


def _words(arguments: str) -> list[str]:
    text = arguments.strip()
    try:
        if text.startswith("["):
            listed = json.loads(text)
            return [word for word in listed if isinstance(word, str)] if isinstance(listed, list) else []
        return shlex.split(text)
    except ValueError:
        return text.split()
