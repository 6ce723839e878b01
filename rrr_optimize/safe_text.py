"""Text that is safe to show: secrets masked, control characters visible.

Every string that a reporter or an error message prints goes through `show`. Both functions take time in proportion to
the text, whatever a repository puts into it.
"""

from __future__ import annotations

import re
import unicodedata

MASK = "***"

# Only ASCII white space ends a word: pip and git take a no-break space as part of a password.
_WORD = re.compile(r"[^ \t\n\r\f\v]+")
_AFTER_AUTHORITY = re.compile(r"(?=[/?#\"'<>])")
_VARIABLE = r"\$\{\w+\}|\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%"
_VARIABLES = re.compile(rf"(?:{_VARIABLE})+")
_HOST_AND_PORT = re.compile(rf"(?:\[[^\]]*\]|[^:]*)(?::(?:\d+|{_VARIABLE}))?")
_IMAGE_DIGEST = re.compile(r"sha\d+:[0-9a-f]{32}")
_BEFORE_USER = re.compile(r"[\s\"'<>(){}\[\]=,;|`]")
_PARAMETER = re.compile(r"(?P<name>[?&;#](?P<bare>[\w.%\-]+)=)(?P<value>[\"']?(?:[^&;#\s\"'<>]|;(?![\w.%\-]+=))+)")
_SECRET_NAME = re.compile(
    r"token|key|secret|pass|pwd|sig|auth|cred|jwt|session|bearer|\A(?:pat|pw|code)\Z", re.IGNORECASE
)
# Tokens that tell what they are wherever they stand, also in the path of a URL.
_KNOWN_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w\-]{20,}|pypi-AgE[\w\-]{20,})", re.ASCII
)
# Names that services ask for in place of a user; the secret is what follows them.
_PUBLIC_USERS = frozenset(
    {"", "git", "hg", "svn", "anonymous", "oauth2", "__token__", "x-access-token", "x-oauth-basic", "gitlab-ci-token"}
)
# Letters and symbols by their category, yet drawn as nothing at all.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def mask(text: str) -> str:
    """Return `text` with the credentials in its URLs replaced by `***`.

    Masked are the user information of a URL (RFC 3986, 3.2.1), also where its password holds an unescaped `@`, `/`,
    `?` or `#` or where the scheme is missing, query parameters with the name of a secret, and tokens of well-known
    form anywhere. A bare `git@` names a protocol's user and `${NAME}`, `$NAME` or `%NAME%` a variable: neither is a
    secret, both stay.
    """
    if "@" in text:
        text = _WORD.sub(_mask_word, text)
    if "=" in text:
        text = _PARAMETER.sub(_mask_parameter, text)
    return _KNOWN_TOKEN.sub(MASK, text)


def show(text: str) -> str:
    """Return `text` masked and on one line: control, format and bidirectional characters become escapes.

    Lone surrogates, which stand for bytes of a file name that are not UTF-8, become escapes too, so the result can
    always be encoded.
    """
    text = mask(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _is_plain(character) else _escape(character) for character in text)


def _mask_word(match: re.Match[str]) -> str:
    before, *after_schemes = match[0].split("://")
    masked = [_mask_bare(before)]
    for index, part in enumerate(after_schemes):
        authority = _AFTER_AUTHORITY.split(part, maxsplit=1)[0]
        if "@" not in authority and not _HOST_AND_PORT.fullmatch(authority):
            # No host looks like this: it is a password with an unescaped delimiter, and it may hold `://` too.
            return "://".join([*masked, _mask_before_last_at("://".join(after_schemes[index:]))])
        masked.append(_mask_before_last_at(authority) + _mask_bare(part[len(authority) :]))
    return "://".join(masked)


def _mask_before_last_at(text: str) -> str:
    userinfo, at, host = text.rpartition("@")
    if _IMAGE_DIGEST.match(host):
        return text
    return f"{_mask_userinfo(userinfo)}{at}{host}"


def _mask_bare(text: str) -> str:
    return "/".join(map(_mask_segment, text.split("/"))) if "@" in text else text


def _mask_segment(segment: str) -> str:
    """Mask `user:password@host` without a scheme, as `--proxy` takes it; `git@host:path@reference` stays."""
    head, _, host = segment.rpartition("@")
    before, colon, password = head.partition(":")
    user = _BEFORE_USER.split(before)[-1]
    account, at, _ = user.partition("@")
    is_scp_place = account and at and account in _PUBLIC_USERS
    if not colon or is_scp_place or _IMAGE_DIGEST.match(host):
        return segment
    return f"{before.removesuffix(user)}{_mask_userinfo(f'{user}:{password}')}@{host}"


def _mask_userinfo(userinfo: str) -> str:
    parts = userinfo.split(":", 1)
    masked = [part if _is_public(part) else MASK for part in parts]
    return MASK if set(masked) == {MASK} else ":".join(masked)


def _is_public(part: str) -> bool:
    return part.lower() in _PUBLIC_USERS or _VARIABLES.fullmatch(part) is not None


def _mask_parameter(match: re.Match[str]) -> str:
    if _SECRET_NAME.search(match["bare"]) and not _VARIABLES.fullmatch(match["value"]):
        return f"{match['name']}{MASK}"
    return match[0]


def _is_plain(character: str) -> bool:
    return character == " " or (unicodedata.category(character)[0] not in "CZ" and character not in _INVISIBLE)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
