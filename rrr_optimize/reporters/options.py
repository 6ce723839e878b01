"""How a report is to look, and how a terminal, its environment and `--color` decide that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rrr_optimize.rules import Rule

ColorFlag = Literal["auto", "always", "never"]

_PLAIN_TERMINALS = frozenset({"dumb", "unknown"})


def _summary(rule: Rule) -> str:
    return rule.summary


@dataclass(frozen=True, slots=True)
class Options:
    """How a report is to look; `terminal` asks for the page for a person, `width` columns wide.

    `folder` is the path of the audited root from the top of the repository that holds it, empty where they are one,
    and `explain` gives the page of a rule: formats for a code host need both.
    """

    verbose: int = 0
    quiet: bool = False
    color: bool = False
    terminal: bool = False
    width: int = 80
    folder: str = ""
    explain: Callable[[Rule], str] = _summary


def use_color(flag: ColorFlag, environ: Mapping[str, str], *, stream_is_tty: bool) -> bool:
    """Return whether to colour: the flag beats NO_COLOR, that FORCE_COLOR, that the kind of terminal.

    As https://no-color.org and https://force-color.org say, a variable counts if it is not empty, whatever it holds.
    """
    if flag != "auto":
        return flag == "always"
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or is_terminal(environ, stream_is_tty=stream_is_tty)


def is_terminal(environ: Mapping[str, str], *, stream_is_tty: bool) -> bool:
    """Return whether a person looks at the stream through a terminal that can do more than append (TERM=dumb)."""
    return stream_is_tty and environ.get("TERM", "") not in _PLAIN_TERMINALS
