"""The checks of a write that the configuration names: commands that must succeed on what was written."""

from __future__ import annotations

import difflib
import shlex
from functools import partial
from typing import TYPE_CHECKING

from rrr_optimize.errors import UsageError, VerificationError
from rrr_optimize.tools.command import run_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

_LINES_SHOWN = 40


def find_checks(
    names: Iterable[str], commands: Mapping[str, Sequence[str]], root: Path
) -> tuple[Callable[[], None], ...]:
    """Return the checks that `--verify` names, each once, in order; `commands` are those of the configuration.

    A check runs its command in the root and raises VerificationError with the end of its output if it fails. Raises
    UsageError for a name that the configuration does not have.
    """
    chosen = tuple(dict.fromkeys(names))
    for name in chosen:
        if name not in commands:
            close = difflib.get_close_matches(name, commands, 1) or list(commands)[:1]
            hint = f"there is {close[0]!r}" if close else 'add it: [tool.rrr-optimize.verify], tests = ["pytest"]'
            raise UsageError(f"--verify {name}: the configuration names no such command", hint)
    return tuple(partial(_check, name, commands[name], root) for name in chosen)


def _check(name: str, words: Sequence[str], root: Path) -> None:
    command = shlex.join(words)
    try:
        ended = run_command(words, root)
    except OSError as error:
        reason = f"{command} could not be run: {error.strerror}"
        output = ""
    else:
        if ended.code == 0:
            return
        reason = f"{command} ended with {ended.code}"
        output = ended.output
    shown = "".join(f"\n  | {line}" for line in output.splitlines()[-_LINES_SHOWN:])
    raise VerificationError(f"--verify {name}: {reason}; everything was put back{shown}")
