"""One package comes from different URLs.

Two environments then run different code under one name and, often, one version.

    # a/requirements.txt                            # b/requirements.txt
    sdk @ git+https://example.org/sdk@v1.2          sdk @ git+https://example.org/sdk@main
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from rrr_optimize.phrases import listed
from rrr_optimize.requirements.disagreements import group_by_package, shared_declarations
from rrr_optimize.requirements.wording import first, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ011")
_CREDENTIALS = re.compile(r"(?<=://)[^/@]*@")
_SUFFIX = re.compile(r"(?:\.git)?/?(?=@[^:]*$|$)")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package with more than one URL."""
    rows_of = repository.requirements.rows_of
    for package, declarations in group_by_package(shared_declarations(repository)).items():
        by_url = [item for item in declarations if item.url]
        by_key: dict[str, str] = {}
        for item in by_url:
            by_key.setdefault(_key(item.url), item.url or "")
        urls = list(by_key.values())
        if len(urls) > 1 and any(
            rows_of(one) & rows_of(other) for one in by_url for other in by_url if _key(one.url) != _key(other.url)
        ):
            primary = first(by_url)
            yield RULE.finding(
                primary.location,
                f"{package} comes from {len(urls)} URLs: {listed(urls)}",
                f"{package} {' | '.join(sorted(urls))}",
                why="Two environments run different code under one name.",
                related=relate(by_url, primary),
            )


@cache
def _key(url: str | None) -> str:
    """Return what two URLs share that lead to the same: who asks, `.git` and the name behind `#egg=` do not matter."""
    address, _, fragment = (url or "").partition("#")
    address = _SUFFIX.sub("", _CREDENTIALS.sub("", address), count=1)
    return "#".join([address, *sorted(part for part in fragment.split("&") if part and not part.startswith("egg="))])
