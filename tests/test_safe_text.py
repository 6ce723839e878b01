from __future__ import annotations

import time

import pytest

from rrr_optimize.safe_text import mask, show

_DIGEST = "sha256:" + "0123456789abcdef" * 4

NOT_A_SECRET = {
    "no URL": "numpy==1.26.0",
    "single equals": "keyring=24.0 token=1",
    "user of a protocol": "git+ssh://git@github.com/org/repo.git@v1",
    "scp form": "git@github.com:org/repo.git@v1.2",
    "scp form without a folder": "git@host:repo@v1",
    "reference of a repository": "pkg @ git+https://github.com/org/repo.git@v1#egg=pkg",
    "port and a path with @": "https://host:8080/@scope/pkg",
    "port in a variable": "https://${HOST}:${PORT}/repo@v1",
    "IPv6 address": "http://[::1]:8080/a@b",
    "variable": "https://${TOKEN}@host/simple",
    "variable in place of the password": "https://oauth2:${TOKEN}@host/simple",
    "shell variable": "https://$USER:$TOKEN@host/simple",
    "Windows variable": "https://%TOKEN%@host/simple",
    "variable in a parameter": "https://host/simple?token=${TOKEN}&page=2",
    "image by digest": f"python:3.11@{_DIGEST}",
    "image by digest in a URL": f"docker://python:3.11@{_DIGEST}",
    "mail address": "me@example.com",
    "hash": "https://host/a.whl#sha256=abc&egg=x",
    "masked already": "https://***@host",
}


@pytest.mark.parametrize("text", NOT_A_SECRET.values(), ids=NOT_A_SECRET)
def test_keeps_what_is_no_secret(text: str) -> None:
    assert mask(text) == text


SECRET = {
    "https://user:hunter2@host/simple": "https://***@host/simple",
    "git+https://hunter2@host/repo@v1": "git+https://***@host/repo@v1",
    "git+https://u:hunter2@host/repo@v1": "git+https://***@host/repo@v1",
    "HTTPS://u:hunter2@host": "HTTPS://***@host",
    "--index-url https://u:hunter2@h/simple": "--index-url https://***@h/simple",
    "--index-url=https://u:hunter2@h/simple": "--index-url=https://***@h/simple",
    "'https://u:hunter2@h', \"https://u:hunter2@h\"": "'https://***@h', \"https://***@h\"",
    "https://a/x,https://u:hunter2@h": "https://a/x,https://***@h",
    "https://user:hunter%402@host": "https://***@host",
    "https://user:hunter@2@host": "https://***@host",
    "https://user:hunter/2@host": "https://***@host",
    "https://user:hunter?2@host": "https://***@host",
    "https://user:hunter#2@host": "https://***@host",
    "https://user:hunter'2@host": "https://***@host",
    "https://user:hunter://2@host": "https://***@host",
    "https://user:hunter\xa02@host": "https://***@host",
    "https://u@corp.com:hunter2@host": "https://***@host",
    "https://:hunter2@host": "https://:***@host",
    "https://git:hunter2@host": "https://git:***@host",
    "https://${USER}:hunter2@host": "https://${USER}:***@host",
    "https://user:${TOKEN}@host": "https://***:${TOKEN}@host",
    "https://user:${TOKEN:-hunter2}@host": "https://***@host",
    "https://$hunter2@host": "https://***@host",
    "https:/user:hunter2@host": "https:/***@host",
    "https:user:hunter2@host": "***@host",
    "//user:hunter2@host": "//***@host",
    "--proxy user:hunter2@proxy:3128": "--proxy ***@proxy:3128",
    "--proxy=user:hunter2@proxy:3128": "--proxy=***@proxy:3128",
    "--proxy=me@corp.com:hunter2@proxy": "--proxy=***@proxy",
    "--proxy=user:hunter2@proxy,https://host": "--proxy=***@proxy,https://host",
    "https://host/simple?token=hunter2": "https://host/simple?token=***",
    "/simple?token=hunter2": "/simple?token=***",
    "https://host/?a=1&X-Amz-Signature=hunter2&b=2": "https://host/?a=1&X-Amz-Signature=***&b=2",
    "https://host/?api_key=hunter%202;x;y=2": "https://host/?api_key=***;y=2",
    "https://host/#access_token=hunter2": "https://host/#access_token=***",
    "https://host/?token='hunter2'": "https://host/?token=***'",
    "https://host/ghp_hunter2hunter2hunter2/x": "https://host/***/x",
    "token glpat-hunter2-hunter2-hunter2": "token ***",
}


@pytest.mark.parametrize(("text", "expected"), SECRET.items(), ids=SECRET)
def test_masks_a_secret(text: str, expected: str) -> None:
    assert mask(text) == expected


HOSTILE = (
    "a:",
    "@a:",
    "://a:b",
    "@://a:b",
    "@://a:b@",
    "a@://[",
    "?token",
    "?token=;",
    "?a=",
    "ghp_",
    "@",
    "[:@",
    "=a@",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_takes_time_in_proportion_to_the_text(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.perf_counter()
    mask(text)
    mask(f"@{'a' * 100_000}{text}=:x@")
    # It takes about a tenth of a second; with a quadratic pattern it would take minutes.
    assert time.perf_counter() - started < 5


def test_keeps_letters_of_every_script() -> None:
    assert show("naïve 数据 данные 🎉 a b\\n") == "naïve 数据 данные 🎉 a b\\n"


INVISIBLE = {
    "\x1b[31m": "\\x1b[31m",
    "\x1b]8;;https://x\x07": "\\x1b]8;;https://x\\x07",
    "a\nb\r\tc\0": "a\\nb\\r\\tc\\x00",
    "\x9b31m": "\\x9b31m",
    "no\xa0break": "no\\xa0break",
    "line\u2028end\u2029": "line\\u2028end\\u2029",
    "\u202eevil\u2066": "\\u202eevil\\u2066",
    "zero\u200bwidth\ufeff": "zero\\u200bwidth\\ufeff",
    "filler\u3164": "filler\\u3164",
    "tag\U000e0041": "tag\\U000e0041",
    "byte\udcff": "byte\\udcff",
}


@pytest.mark.parametrize(("text", "expected"), INVISIBLE.items(), ids=map(ascii, INVISIBLE))
def test_spells_what_cannot_be_seen(text: str, expected: str) -> None:
    assert show(text) == expected


def test_masks_before_it_escapes() -> None:
    assert show("https://user:hunt\x1ber2@host") == "https://***@host"
