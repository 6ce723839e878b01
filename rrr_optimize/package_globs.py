"""Globs of package names as users write them in the configuration."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache


def canonical_glob(glob: str) -> str:
    """Return a glob in the spelling of canonical names (PEP 503): `Google_Cloud.*` is `google-cloud-*`."""
    return re.sub(r"[-_.]+", "-", glob).lower()


def match_package(glob: str, package: str) -> bool:
    """Return whether a canonical package name matches a glob with `*`, `?` and `[...]`, however that is spelled."""
    return _compile(glob).match(package) is not None


@cache
def _compile(glob: str) -> re.Pattern[str]:
    return re.compile(translate(canonical_glob(glob)))
