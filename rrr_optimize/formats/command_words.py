"""The words by which commands are known: a text without them has none, and is not looked into."""

from __future__ import annotations

import re

INSTALLING = re.compile(r"install|sync")
COMPOSING = re.compile(r"docker[-\s]compose")
# What starts a program that need not be called x.py.
LAUNCHERS = (
    "uvicorn",
    "gunicorn",
    "hypercorn",
    "daphne",
    "streamlit",
    "flask",
    "celery",
    "torchrun",
    "coverage",
    "uv ",
)
STARTING = re.compile("|".join(("py", *LAUNCHERS)), re.IGNORECASE)
# Without a flag for letters of both cases: only then the search jumps from one first letter to the next.
_ANY = re.compile("|".join(each.pattern for each in (INSTALLING, COMPOSING, STARTING)))


def may_hold_commands(text: str) -> bool:
    """Return whether a text has one of all these words, in small letters or capitals."""
    return _ANY.search(text.lower()) is not None
