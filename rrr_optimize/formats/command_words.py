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
ANY = re.compile("|".join(each.pattern for each in (INSTALLING, COMPOSING, STARTING)), re.IGNORECASE)
