"""What an image runs when it is started, and where (Dockerfile reference: CMD, ENTRYPOINT, HEALTHCHECK, WORKDIR)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from rrr_optimize.formats.dockerfile_scripts import (
    CONTINUATION,
    STAGE,
    Instruction,
    read_environment,
    skip_health_options,
    split_instructions,
)
from rrr_optimize.formats.image_steps import ImageSteps, fill_variables

_SHELL = ("/bin/sh", "-c")


@dataclass(frozen=True, slots=True)
class ImageStart:
    """The words of each command as they are run, a shell's with the shell in front; nothing where there is none.

    `directory` is an absolute path of the image, None where a variable decides it. `pythonpath` are the entries of
    PYTHONPATH that are known.
    """

    directory: str | None = "/"
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    pythonpath: tuple[str, ...] = ()


def read_image_start(text: str, steps: ImageSteps, target: str = "") -> ImageStart:
    """Return what a stage of a Dockerfile runs, the last one if none is named; `steps` are those of the same text.

    A stage has what the one below it has, unless it says something else; an entry point takes away the command that
    stood there before it.
    """
    found: dict[str, ImageStart] = {}
    names: list[str] = []
    for instruction in split_instructions(text):
        arguments = CONTINUATION.sub(" ", instruction.arguments)
        if instruction.keyword == "FROM" and (match := STAGE.fullmatch(arguments)):
            names.append((match[2] or str(len(names))).lower())
            found[names[-1]] = found.get(match[1].lower(), ImageStart())
        elif names:
            found[names[-1]] = _take(found[names[-1]], instruction, steps)
    stage = steps.find_stage(target)
    start = found.get(stage.name) if stage else None
    if start is None or stage is None:
        return ImageStart(directory=None)
    directory = steps.directories.get(stage.name, "/")
    return replace(start, directory=None if "*" in directory else directory)


def _take(start: ImageStart, instruction: Instruction, steps: ImageSteps) -> ImageStart:
    match instruction.keyword:
        case "ENTRYPOINT":
            return replace(start, entrypoint=_words(instruction), command=())
        case "CMD":
            return replace(start, command=_words(instruction))
        case "HEALTHCHECK":
            inner = skip_health_options(instruction)
            return replace(start, check=_words(inner) if inner.start != instruction.start else ())
        case "ENV":
            value = read_environment(instruction, "PYTHONPATH")
            values = {**steps.defaults, "PYTHONPATH": ":".join(start.pythonpath) or "*"}
            entries = fill_variables(value[1], values).split(":") if value else []
            known = tuple(entry for entry in entries if entry and "*" not in entry)
            return replace(start, pythonpath=known) if value else start
    return start


def _words(instruction: Instruction) -> tuple[str, ...]:
    """Return the words of an exec form, or a shell with the text of the other form."""
    text = CONTINUATION.sub(" ", instruction.arguments).strip()
    if text.startswith("["):
        try:
            words = json.loads(text)
        except ValueError:
            words = None
        if isinstance(words, list) and all(isinstance(word, str) for word in words):
            return tuple(words)
    return (*_SHELL, text) if text else ()
