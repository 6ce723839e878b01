"""Text that is safe to show: secrets masked, control characters visible.

Every string that a reporter or an error message prints goes through `show`.
"""

from __future__ import annotations

import re
import unicodedata

MASK = "***"

# user:password@ or token@ of a URL. A password may hold an @ of its own, so the last one before the host counts.
_USERINFO = re.compile(r"(?P<scheme>[a-z][a-z0-9+.\-]*://)(?P<userinfo>[^\s/?#\"'<>]+)@", re.IGNORECASE)
_SECRET_PARAMETER = re.compile(
    r"(?P<name>[?&;][\w.\-]*(?:token|key|secret|password|passwd|pwd|signature|sig|auth|credential)[\w.\-]*=)"
    r"(?P<value>[^&;#\s\"'<>]+)",
    re.IGNORECASE,
)
_VARIABLES = re.compile(r"(?:\$\{?\w+\}?|%\w+%|:)+")
_HARMLESS_USERS = frozenset({"git", "hg", "svn", "anonymous"})


def mask(text: str) -> str:
    """Return `text` with the credentials in its URLs replaced by `***`.

    A bare `git@` names a protocol's user and `${NAME}` names a variable: neither is a secret, both stay.
    """
    if "://" not in text:
        return text
    return _SECRET_PARAMETER.sub(_mask_parameter, _USERINFO.sub(_mask_userinfo, text))


def show(text: str) -> str:
    """Return `text` masked and on one line: control, format and bidirectional characters become escapes.

    Lone surrogates, which stand for bytes of a file name that are not UTF-8, become escapes too, so the result can
    always be encoded.
    """
    text = mask(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _is_plain(character) else _escape(character) for character in text)


def _mask_userinfo(match: re.Match[str]) -> str:
    userinfo = match["userinfo"]
    if userinfo.lower() in _HARMLESS_USERS or _VARIABLES.fullmatch(userinfo):
        return match[0]
    return f"{match['scheme']}{MASK}@"


def _mask_parameter(match: re.Match[str]) -> str:
    return match[0] if _VARIABLES.fullmatch(match["value"]) else f"{match['name']}{MASK}"


def _is_plain(character: str) -> bool:
    return character == " " or unicodedata.category(character)[0] not in "CZ"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
