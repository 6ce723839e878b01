"""`docker compose -f a.yml -f b.yml` wherever commands are written down: which files go together, and from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.command_scripts import Dialect, find_scripts
from rrr_optimize.formats.command_words import COMPOSING
from rrr_optimize.formats.script_commands import walk_commands
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.formats.shell_pieces import Script
    from rrr_optimize.formats.shell_words import Word
    from rrr_optimize.source import SourceText

_TAKES_A_VALUE = frozenset(
    {"-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--project-directory", "--context", "--ansi"}
)


@dataclass(frozen=True, slots=True)
class ComposeCommand:
    """One command that names Compose files, in their order; `directory` is where it runs, as in InstallCommand.

    `project_directory` is what `--project-directory` says.
    """

    span: Span
    files: tuple[str, ...]
    directory: str | None
    project_directory: str | None = None


def find_compose_commands(source: SourceText, dialect: Dialect) -> tuple[ComposeCommand, ...]:
    """Return the commands of Docker Compose that name files by `-f`; one that computes a name is left out.

    Never raises; linear in the text.
    """
    if not COMPOSING.search(source.text):
        return ()
    return tuple(command for script in find_scripts(source.text, dialect) for command in _read_script(script))


def _read_script(script: Script) -> Iterator[ComposeCommand]:
    for words, directory in walk_commands(script, COMPOSING):
        if command := _read_command(words.words, directory):
            yield command


def _read_command(words: Sequence[Word], directory: str | None) -> ComposeCommand | None:
    launcher = _find_launcher(words)
    if launcher is None:
        return None
    first, start = launcher
    files: list[str] = []
    project_directory: str | None = None
    index = start
    while index < len(words) and words[index].text.startswith("-"):
        option, equals, value = words[index].text.partition("=")
        word = words[index]
        if not equals and option in _TAKES_A_VALUE:
            index += 1
            if index == len(words):
                return None
            word, value = words[index], words[index].text
        if option in {"-f", "--file"}:
            if word.is_computed or not value:
                return None
            files.append(value)
        elif option == "--project-directory":
            project_directory = value
        index += 1
    if not files:
        return None
    span = Span(words[first].span.start, words[index - 1].span.end)
    return ComposeCommand(span, tuple(files), directory, project_directory)


def _find_launcher(words: Sequence[Word]) -> tuple[int, int] | None:
    """Return where Compose is called and where its options begin; `sudo`, `VAR=x` and the like may stand before it."""
    for index, word in enumerate(words):
        # Make's marks may stand before a command.
        name = word.text.lstrip("@-+").rpartition("/")[2]
        if name == "docker-compose":
            return index, index + 1
        if name == "docker" and index + 1 < len(words) and words[index + 1].text == "compose":
            return index, index + 2
    return None
