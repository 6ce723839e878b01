"""Top-level names that may be somebody else's: the standard library, and what the repository requires."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.facts.standard_library import FIXED, HIDEABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.facts.repository import Repository

_AROUND = re.compile(r"^(?:python|py|types|django|pytest)_|_(?:python|py|client|sdk|stubs)$")


def foreign_names(repository: Repository) -> frozenset[str]:
    """Return every top-level name that something besides the repository may offer, rather too many than too few.

    Under which name a distribution is imported only an installed copy could tell: besides its own name the usual
    variations of it count. A name that the repository's own distributions have is not foreign.
    """
    facts = repository.requirements
    found = set(FIXED | HIDEABLE)
    for declaration in facts.declarations:
        if declaration.package not in facts.internal:
            found |= _variations(declaration.package, repository.import_names.of(declaration.package))
    return frozenset(found)


def _variations(package: str, imported: Iterable[str]) -> set[str]:
    own = package.replace("-", "_")
    # `google-cloud-storage` is imported as `google`: the first word may be a namespace.
    tops = (name.partition(".")[0] for name in imported)
    return {*tops, own, _AROUND.sub("", own), own.partition("_")[0], own.partition(".")[0]}
