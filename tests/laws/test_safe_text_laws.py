from __future__ import annotations

import unicodedata
from urllib.parse import quote

from hypothesis import example, given, strategies as st

from rrr_optimize.safe_text import mask, show

ANYTHING = st.text() | st.text("ab:/@?#&;=%$\"' \u202e\x1b[]{}.-_", max_size=40)
# Upper case and a digit, so that no part of the texts around it looks the same.
SECRETS = st.text("ABCDEF0123456789!*~-_.", min_size=6).map(lambda text: f"Q{text}Z")
# What a person may forget to percent-encode. A secret of digits and a slash could be a port and a path.
RAW_SECRETS = st.text("ABCDEF0123456789!*~-_.@:\u00e9\u00a0\x1b", min_size=6).map(lambda text: f"Q{text}Z")
UNDELIMITED_SECRETS = st.text("ABCDEF0123456789!*~-_./?#'\"<>", min_size=6).map(lambda text: f"Q{text}Z")
SCHEMES = st.sampled_from(["https", "http", "git+https", "svn+ssh", "ssh", "ftp", "postgresql", "HTTPS"])
BEFORE = st.sampled_from(
    ["", "--index-url ", "--index-url=", "-i ", "pkg @ ", "pkg[extra]@", '"', "(", "<", "a,", "\u200b"]
)
AFTER = st.sampled_from(
    ["", "/simple", ":8080/simple", "/repo.git@v1", '"', ")", "/a#egg=b", "?page=2", " ; python_version < '3.12'"]
)


@given(ANYTHING)
@example("\ud800")
def test_what_is_shown_is_one_line_of_visible_text(text: str) -> None:
    shown = show(text)
    shown.encode("utf-8")
    hidden = [character for character in shown if unicodedata.category(character)[0] in "CZ" and character != " "]
    assert not hidden


@given(ANYTHING)
def test_showing_twice_shows_the_same(text: str) -> None:
    assert show(show(text)) == show(text)
    assert mask(mask(text)) == mask(text)


@given(st.text("abc123=.<>!~[],-_ ;'\"()#\\"))
def test_a_text_without_at_sign_and_parameter_is_kept(text: str) -> None:
    assert mask(text.replace("#", "").replace(";", "")) == text.replace("#", "").replace(";", "")


@given(SECRETS | RAW_SECRETS | UNDELIMITED_SECRETS, SCHEMES, BEFORE, AFTER)
def test_no_password_survives(secret: str, scheme: str, before: str, after: str) -> None:
    assert secret not in mask(f"{before}{scheme}://user:{secret}@host.example{after}")
    assert quote(secret, safe="") not in mask(f"{before}{scheme}://user:{quote(secret, safe='')}@host.example{after}")


@given(SECRETS, SCHEMES, BEFORE, AFTER)
def test_no_token_survives(secret: str, scheme: str, before: str, after: str) -> None:
    assert secret not in mask(f"{before}{scheme}://{secret}@host.example{after}")
    assert secret not in mask(f"{before}{scheme}://{secret}:x-oauth-basic@host.example{after}")
    assert secret not in mask(f"{before}user:{secret}@host.example{after}")


@given(
    SECRETS,
    SCHEMES,
    BEFORE,
    st.sampled_from(["token", "access_token", "sig", "api-key", "password", "X-Amz-Credential"]),
)
def test_no_secret_parameter_survives(secret: str, scheme: str, before: str, name: str) -> None:
    assert secret not in mask(f"{before}{scheme}://host.example/simple?page=2&{name}={secret}#egg=pkg")


@given(SECRETS, SECRETS, SCHEMES)
def test_no_secret_of_two_survives(first: str, second: str, scheme: str) -> None:
    for between in (" ", ",", "/,", "','", "/?next="):
        masked = mask(f"{scheme}://u:{first}@host{between}{scheme}://u:{second}@host")
        assert first not in masked
        assert second not in masked
