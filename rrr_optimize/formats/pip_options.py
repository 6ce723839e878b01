"""The command lines of `pip install`, `uv pip install`, `uv pip sync` and `pip-sync`: which word is what."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.formats.shell_words import Word
    from rrr_optimize.source import SourceText

_SHORT_WITH_VALUE = frozenset("rceiftbdCpP")
_LONG_WITH_VALUE = frozenset(
    "--" + name
    for name in (
        *("requirement", "requirements", "constraint", "constraints", "editable", "build-constraint"),
        *("build-constraints", "override", "overrides", "exclude", "excludes", "group", "extra"),
        *("index-url", "extra-index-url", "find-links", "index", "default-index", "index-strategy"),
        *("trusted-host", "allow-insecure-host", "keyring-provider", "cert", "client-cert", "proxy", "retries"),
        *("timeout", "default-timeout", "resume-retries", "exists-action", "target", "root", "prefix", "src"),
        *("platform", "python-platform", "python-version", "python", "implementation", "abi", "upgrade-strategy"),
        *("upgrade-package", "reinstall-package", "refresh-package", "no-binary", "only-binary", "progress-bar"),
        *("no-binary-package", "no-build-package", "no-build-isolation-package", "no-sources-package"),
        *("config-settings", "config-setting", "config-settings-package", "config-setting-package"),
        *("global-option", "install-option", "build-option", "build", "build-dir", "download", "download-cache"),
        *("hash", "report", "log", "log-file", "cache-dir", "config-file", "use-feature", "use-deprecated"),
        *("root-user-action", "resolution", "prerelease", "fork-strategy", "exclude-newer", "exclude-newer-package"),
        *("uploaded-prior-to", "link-mode", "torch-backend", "color", "directory", "project"),
        *("pip-args", "python-executable", "requirements-from-script", "all-releases", "only-final"),
    )
)


class Role(Enum):
    """What pip does with a word of its command line."""

    OPERAND = "operand"
    REQUIREMENT_FILE = "requirement"
    CONSTRAINT_FILE = "constraint"
    EDITABLE = "editable"
    GROUP = "group"
    OTHER = "other"


class Argument(NamedTuple):
    """A word, or the part of it after `-r` or `--requirement=`, and its role."""

    role: Role
    text: str
    span: Span
    is_computed: bool


_ROLES = {
    **dict.fromkeys(("-r", "--requirement", "--requirements"), Role.REQUIREMENT_FILE),
    **dict.fromkeys(("-c", "--constraint", "--constraints"), Role.CONSTRAINT_FILE),
    **dict.fromkeys(("-e", "--editable"), Role.EDITABLE),
    "--group": Role.GROUP,
}


def read_arguments(source: SourceText, words: Sequence[Word]) -> Iterator[Argument]:
    """Yield the operands and the values of options in order; options without a value are left out.

    An option that neither pip nor uv documents is taken to have no value. Short options may stand together (`-Ur`).
    """
    only_operands = False
    option = ""
    for word in words:
        if option:
            yield Argument(_ROLES.get(option, Role.OTHER), word.text, word.span, word.is_computed)
            option = ""
        elif only_operands or not word.text.startswith("-") or word.text == "-":
            yield Argument(Role.OPERAND, word.text, word.span, word.is_computed)
        elif word.text == "--":
            only_operands = True
        else:
            option, value = split_option(word.text)
            if option and value is not None:
                span = _locate_value(source, word.span, value)
                yield Argument(_ROLES.get(option, Role.OTHER), value, span, word.is_computed)
                option = ""


def split_option(text: str) -> tuple[str, str | None]:
    """Return the option of a word that takes a value, and the value if the same word holds it; else an empty name."""
    if text.startswith("--"):
        name, equals, value = text.partition("=")
        return (name, value if equals else None) if name in _LONG_WITH_VALUE else ("", None)
    for index, letter in enumerate(text[1:], start=1):
        if letter in _SHORT_WITH_VALUE:
            return f"-{letter}", text[index + 1 :].removeprefix("=") or None
    return "", None


def _locate_value(source: SourceText, span: Span, value: str) -> Span:
    for end in (span.end, span.end - 1):
        if value and source.text.endswith(value, span.start, end):
            return Span(end - len(value), end)
    return span
