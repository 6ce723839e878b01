"""Small repositories in one file: read them, and write anew what is expected of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Case:
    """One small repository: `parts` are its files by path, with its configuration and what is expected beside them."""

    book: Path
    rules: tuple[str, ...]
    name: str
    text: str
    outcome: str

    @property
    def parts(self) -> dict[str, str]:
        pieces = re.split(r"^-- (.+)\n", self.text, flags=re.MULTILINE)
        return dict(zip(pieces[1::2], pieces[2::2], strict=True))

    @property
    def files(self) -> dict[str, str]:
        return {path: text for path, text in self.parts.items() if path not in {"config", self.outcome}}

    @property
    def expected(self) -> str:
        return self.parts.get(self.outcome, "")

    def accept(self, text: str) -> None:
        """Write what came out in place of what was expected."""
        mark = f"-- {self.outcome}\n"
        book = self.book.read_text(encoding="utf-8")
        now = self.text.partition(mark)[0] + (mark + text if text else "")
        after = book.replace(f"## {self.name}\n{self.text}", f"## {self.name}\n{now}")
        self.book.write_text(after, encoding="utf-8", newline="\n")


def read_cases(folder: Path, outcome: str) -> Iterator[Case]:
    """Yield every case of the books in a folder; `outcome` is the part that holds what is expected."""
    for book in sorted(folder.glob("*.cases")):
        header, *texts = re.split(r"^## ", book.read_text(encoding="utf-8"), flags=re.MULTILINE)
        rules = tuple(re.findall(r"\b[A-Z]{3}\d{3}\b", header))
        for text in texts:
            name, _, body = text.partition("\n")
            yield Case(book, rules, name, body, outcome)
