"""Tell by its path whether a file is a requirements file; the names are those that public repositories use."""

from __future__ import annotations

import re

_FOLDERS = frozenset({"requirements", "requirement", "reqs", "constraints"})
# requirements.txt, requirements-dev.txt, requirements_py2.txt, requirement-test.txt, constraints.txt, reqs.txt ...
_BEGINS = r"(?:requirements|constraints)[^/]*|(?:requirement|constraint|reqs)(?:[-_.][^/]*)?"
# dev-requirements.txt, test_requirements.txt, localreqs.txt, lint-requirements-py311.txt ...
_ENDS = (
    r"(?:[^/]*requirements|[^/]*[-_.](?:requirement|constraints|reqs)|(?:dev|doc|docs|local|test)reqs)"
    r"(?:[-_.]?(?:py|python)?[-_.]?[0-9][0-9._]*)?"
)
_NAME = re.compile(rf"(?:{_BEGINS}|{_ENDS})\.(?:txt|in)", re.IGNORECASE)
# What else lies in a folder called requirements.
_PROSE = re.compile(r"(?:readme|license|licence|copying|notice|authors|changes|changelog|manifest)\b.*", re.IGNORECASE)


def is_requirements_file(path: str) -> bool:
    """Return whether a POSIX path names a requirements or constraints file in pip's format.

    The ending is .txt or .in. Either the name says so, or a folder above it called requirements, requirement, reqs or
    constraints. Only the path is looked at: the reader finds out whether the content agrees.
    """
    *folders, name = path.split("/")
    if not name.lower().endswith((".txt", ".in")):
        return False
    return bool(_NAME.fullmatch(name)) or (not _FOLDERS.isdisjoint(folders) and not _PROSE.fullmatch(name))


def requirements_owner(path: str) -> str:
    """Return the folder that a requirements file speaks for: its own, or the one that holds its `requirements/`."""
    folders = path.split("/")[:-1]
    first = next((index for index, folder in enumerate(folders) if folder in _FOLDERS), len(folders))
    return "/".join(folders[:first]) or "."
