"""`pip install` and its like wherever commands are written down: Dockerfiles, scripts, CI, documents."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from rrr_optimize.formats.command_scripts import Dialect, find_scripts
from rrr_optimize.formats.command_words import INSTALLING
from rrr_optimize.formats.pip_launchers import find_launcher, find_nested_script
from rrr_optimize.formats.pip_options import Argument, Role, read_arguments
from rrr_optimize.formats.placed_text import PlacedText
from rrr_optimize.formats.script_commands import walk_commands
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.shell_pieces import Script
    from rrr_optimize.formats.shell_words import Words
    from rrr_optimize.source import SourceText

_DEEPEST = 3
_WINDOWS_VARIABLE = re.compile(r"%\w{1,80}%")
_DIRECT_REFERENCE = re.compile(r"[A-Za-z0-9][\w.\-]*+\s*+(?:\[[^\]]*\])?\s*+@")
_ARCHIVE = re.compile(r"\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)(?:\[[^\]]{0,200}\])?$")
_LOCAL = re.compile(r"\.{1,2}(?:[/\\\[]|$)|[/~\\]|[^@;]*[/\\]")


class FileRole(Enum):
    """How a command uses a requirements file."""

    REQUIREMENT = "requirement"
    CONSTRAINT = "constraint"


_FILE_ROLES = {Role.REQUIREMENT_FILE: FileRole.REQUIREMENT, Role.CONSTRAINT_FILE: FileRole.CONSTRAINT}


@dataclass(frozen=True, slots=True)
class RequirementsFileUse:
    """A file that a command names by `-r` or `-c`, or as the operand of a sync."""

    role: FileRole
    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class InstallCommand:
    """One command that installs something, and the words that say what; it is not judged whether they are valid.

    `editables` are projects of this repository or machine: `.`, `./lib[extra]`, `-e .[dev]`, a wheel by its path.
    `urls` are operands that a URL names, `groups` are dependency groups (PEP 735), with their file before a colon.
    `dynamic` counts operands and files that a variable, a pattern or a placeholder decides, and one for the rest of
    an endless command. `lost_specifiers` are redirections such as the `>=1.0` of an unquoted `pip install x>=1.0`:
    the span begins where that requirement ends. `directory` is where the command runs, relative to where its script
    begins ("." there), absolute in an image, and None where the text does not say.
    """

    span: Span
    requirements: tuple[PlacedText, ...] = ()
    files: tuple[RequirementsFileUse, ...] = ()
    editables: tuple[PlacedText, ...] = ()
    urls: tuple[PlacedText, ...] = ()
    groups: tuple[PlacedText, ...] = ()
    lost_specifiers: tuple[Span, ...] = ()
    dynamic: int = 0
    directory: str | None = None


# One run looks at a file again on the tree as a plan would leave it.
@lru_cache(maxsize=1024)
def find_install_commands(source: SourceText, dialect: Dialect) -> tuple[InstallCommand, ...]:
    """Return the commands of `pip install`, `uv pip install`, `uv pip sync` and `pip-sync`, in order.

    A command that names nothing to install is left out. Every span of a command lies in its own. Never raises, and
    takes time in proportion to the text.
    """
    if not INSTALLING.search(source.text):
        return ()
    found = [command for script in find_scripts(source.text, dialect) for command in _read_script(source, script)]
    return tuple(sorted(found, key=lambda command: command.span))


def _read_script(source: SourceText, script: Script, depth: int = 0) -> Iterator[InstallCommand]:
    for words, directory in walk_commands(script, INSTALLING):
        if command := _read_command(source, words, directory):
            yield command
        elif depth < _DEEPEST and (nested := find_nested_script(script, words.words)):
            yield from _read_script(source, replace(nested, directory=directory), depth + 1)


def _read_command(source: SourceText, words: Words, directory: str | None) -> InstallCommand | None:
    launcher = find_launcher(words.words)
    if launcher is None:
        return None
    arguments = list(read_arguments(source, words.words[launcher.arguments :]))
    if launcher.is_sync:
        arguments = [
            argument._replace(role=Role.REQUIREMENT_FILE) if argument.role is Role.OPERAND else argument
            for argument in arguments
        ]
    ends = [words.words[-1].span.end, *(span.end for span in words.lost_specifiers)]
    span = Span(words.words[launcher.first].span.start, max(ends))
    return _sort_arguments(source, span, arguments, words, directory)


def _sort_arguments(
    source: SourceText, span: Span, arguments: list[Argument], words: Words, directory: str | None
) -> InstallCommand | None:
    lists: dict[str, list[PlacedText]] = {"requirements": [], "editables": [], "urls": [], "groups": []}
    files: list[RequirementsFileUse] = []
    dynamic = int(words.is_cut)
    for argument in arguments:
        if argument.role is Role.OTHER or not argument.text:
            continue
        role = _FILE_ROLES.get(argument.role)
        kind = _classify(argument)
        if argument.is_computed or _WINDOWS_VARIABLE.search(argument.text) or kind is None:
            dynamic += 1
        elif role is not None:
            files.append(RequirementsFileUse(role, argument.text, argument.span))
        else:
            is_exact = source.slice(argument.span) == argument.text
            lists[kind].append(PlacedText(argument.text, argument.span, is_exact))
    if not files and not dynamic and not any(lists.values()):
        return None
    return InstallCommand(
        span,
        tuple(lists["requirements"]),
        tuple(files),
        tuple(lists["editables"]),
        tuple(lists["urls"]),
        tuple(lists["groups"]),
        tuple(lost for lost in words.lost_specifiers if lost.start >= span.start),
        dynamic,
        directory,
    )


def _classify(argument: Argument) -> str | None:
    """Return the field that an operand belongs to; None for a word that names nothing, such as `[options]`."""
    text = argument.text
    if argument.role is Role.GROUP:
        return "groups"
    if argument.role is not Role.OPERAND:
        return "editables" if text != "-" else None
    if _DIRECT_REFERENCE.match(text):
        return "requirements"
    if "://" in text:
        return "urls"
    if _LOCAL.match(text) or _ARCHIVE.search(text):
        return "editables"
    # "[package name]" is a placeholder in two words.
    is_placeholder = "]" in text and "[" not in text
    return "requirements" if text[0].isalnum() and not is_placeholder else None
