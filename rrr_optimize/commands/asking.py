"""Who says yes to a change: the lanes, `--unsafe`, or a person at a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rrr_optimize.commands.streams import is_tty
from rrr_optimize.errors import UsageError
from rrr_optimize.model import Lane
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from rrr_optimize.model import ChangeGroup

_ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}


def admit_by_lane(*, unsafe: bool) -> Callable[[ChangeGroup], bool]:
    """Return what says yes to every SAFE group, and with `unsafe` to every REVIEW group too."""
    return lambda group: group.lane is Lane.SAFE or (unsafe and group.lane is Lane.REVIEW)


def ask_person(group: ChangeGroup) -> bool:
    """Return whether the person at the terminal says yes to one group; an empty answer and the end of input mean no."""
    lines = [group.title, f"  lane: {group.lane.value}", f"  why: {group.why}"]
    lines += [f"  hint: {group.hint}"] if group.hint else []
    lines += [f"  {proof.verdict}: {proof.claim}" for proof in group.proofs]
    lines += [f"  file: {path}" for path in group.paths]
    _say("".join(f"{show(line)}\n" for line in lines))
    while True:
        _say("apply it? [y/N] ")
        answer = sys.stdin.readline()
        if (said := _ANSWERS.get(answer.strip().lower())) is not None:
            return said


def require_terminal() -> None:
    """Raise UsageError where nobody could answer."""
    if not (is_tty(sys.stdin) and is_tty(sys.stderr)):
        raise UsageError("--interactive needs a terminal", "use --unsafe, or --plan-out and --apply, without one")


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
