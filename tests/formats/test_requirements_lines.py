from __future__ import annotations

import codecs

import pytest

from rrr_optimize.formats.requirements_lines import (
    LineKind,
    QuirkKind,
    RequirementLine,
    RequirementsFile,
    RequirementText,
    read_requirements,
)
from rrr_optimize.model import Span
from rrr_optimize.source import SourceText


def read(text: str) -> RequirementsFile:
    return read_requirements(SourceText("requirements.txt", text))


def read_line(text: str) -> RequirementLine:
    [line] = read(text).lines
    return line


def read_named(text: str) -> RequirementText:
    named = read_line(text).requirement
    assert named is not None
    return named


def cut(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "wrong", "hint"),
    [
        ("google-api-core=2.5.0", "=2.5.0", "did you mean google-api-core==2.5.0?"),
        ("tensorflow=>1.12.1", "=>1.12.1", "did you mean tensorflow>=1.12.1?"),
        ("aa = = 1.0", "=", "did you mean aa == 1.0?"),
        ("aa>=1<2", "<2", "did you mean aa>=1,<2?"),
        ("aa~=1", "~=1", "did you mean aa~=1.0?"),
        ("aa=1 - b", "=1", "did you mean aa==1?"),
        ("aa 1.0", "1.0", "did you mean aa==1.0?"),
        ('"aa==1.0",', '"aa==1.0"', "did you mean aa==1.0?"),
        ("pip install aa", "install", "did you mean aa?"),
        ("aa\u200b==1", "\u200b==1", "did you mean aa==1?"),
        ("aa; python_version<3.9", "3.9", 'did you mean aa; python_version<"3.9"?'),
        ("aa\t--hash=sha256:00", "--hash=sha256:00", "did you mean aa --hash=sha256:00?"),
        ("aa==1.0#note", "#note", "put a blank in front of the # that begins the comment"),
        ("aa==${AA}", "==${AA}", "it depends on the environment variable AA, which pip fills in when it installs"),
        ("-e git@host:a/b.git", "git@host:a/b.git", "did you mean git+ssh://git@host/a/b.git?"),
        ("-e aa==1", "aa==1", "a release cannot be editable: drop the -e, or name the folder of the project"),
        ("// moved to", "//", ""),
        ("aa[x", "[x", ""),
        ("-e git+https://host/a", "git+https://host/a", ""),
        ("git+https://host/a#egg=a==1", "a==1", ""),
        ("b.whl", "b.whl", ""),
        ("aa --unknown", "--unknown", ""),
        ("aa --hash", "--hash", ""),
        ("aa --hash=00", "00", ""),
        ("aa -C a", "a", ""),
        ("aa --no-binary=-a", "-a", ""),
        ("--pre=1", "--pre=1", ""),
        ("--require x", "--require", ""),
        ("-x y", "-x", ""),
        ("-r", "-r", ""),
        ("-e ''", "-e ''", ""),
        ("aa @ https://host/a[!]", "aa @ https://host/a[!]", ""),
        ("aa @ https://host/a#egg=a==1", "a==1", ""),
        ("aa --hash='x", "'x", ""),
        ("-r x\\", "\\", ""),
    ],
)
def test_shows_what_is_wrong_and_what_may_be_meant(text: str, wrong: str, hint: str) -> None:
    line = read_line(f"  {text}  # note\n")
    assert line.kind is LineKind.INVALID
    assert cut(f"  {text}  # note\n", line.error_span) == wrong
    assert line.hint == hint


def test_keeps_what_pip_installs_from_a_line_that_means_something_else() -> None:
    line = read_line("google - auth")
    assert (line.kind, line.hint) == (LineKind.INVALID, "did you mean google-auth?")
    assert line.error == "pip reads only google and passes over the rest"
    assert line.requirement is not None
    assert line.requirement.name == "google"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", None),
        ("\n", LineKind.BLANK),
        (" \\\n", LineKind.BLANK),
        ("  # note\n", LineKind.COMMENT),
        ("\\\n# note\n", LineKind.COMMENT),
        ("aa", LineKind.REQUIREMENT),
        ("a.a @ ./lib", LineKind.REQUIREMENT),
        ("https://host/a.zip#egg=aa", LineKind.REQUIREMENT),
        ("https://host/a.zip", LineKind.PATH_OR_URL),
        ("https://host/a-1.0-py3-none-any.whl", LineKind.PATH_OR_URL),
        ("a.tar.gz", LineKind.PATH_OR_URL),
        (".", LineKind.PATH_OR_URL),
        ("sub/lib", LineKind.PATH_OR_URL),
        ("${ROOT}/lib", LineKind.PATH_OR_URL),
        ("-r x", LineKind.INCLUDE),
        ("-c x", LineKind.CONSTRAINT),
        ("-e x", LineKind.EDITABLE),
        ("--pre", LineKind.OPTION),
        ("- aa", LineKind.INVALID),
        ("see docs/index for more", LineKind.INVALID),
    ],
)
def test_tells_the_kind_of_a_line(text: str, kind: LineKind | None) -> None:
    assert [line.kind for line in read(text).lines] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("text", "name", "extras", "specifier", "url", "marker"),
    [
        ("aa", "aa", (), "", None, None),
        ("Aa_B.c==1.0", "Aa_B.c", (), "==1.0", None, None),
        ("aa[X, y] >= 1.0, <2", "aa", ("X", "y"), ">= 1.0, <2", None, None),
        ("aa [ x ] ( ~=1.4 ) ;os_name=='nt'", "aa", ("x",), "~=1.4", None, "os_name=='nt'"),
        ("aa===1.0 ; ", "aa", (), "===1.0", None, None),
        ("aa @ https://host/a.zip ; os_name=='nt'", "aa", (), "", "https://host/a.zip", "os_name=='nt'"),
        ("aa[x]@file:./a", "aa", ("x",), "", "file:./a", None),
        ("git+https://host/a#egg=aa&x=1", "aa", (), "", "git+https://host/a#egg=aa&x=1", None),
        ("git+https://host/a#egg=aa[x,y]", "aa", ("x", "y"), "", "git+https://host/a#egg=aa[x,y]", None),
    ],
)
def test_reads_the_parts_as_spelled(
    text: str, name: str, extras: tuple[str, ...], specifier: str, url: str | None, marker: str | None
) -> None:
    named = read_named(text)
    assert (named.name, named.extras, named.specifier) == (name, extras, specifier)
    assert (named.url, named.marker, named.editable) == (url, marker, False)
    assert cut(text, named.span) == text.strip()
    assert cut(text, named.name_span) == name
    assert cut(text, named.specifier_span) == (None if url else specifier)


def test_an_empty_specifier_stands_where_one_would_be_written() -> None:
    assert read_named("aa[x] ; os_name=='nt'").specifier_span == Span(5, 5)
    assert read_named("aa[x, y.z]").specifier_span == Span(10, 10)


@pytest.mark.parametrize(
    ("text", "target", "span", "extras"),
    [
        ("-r other.txt", "other.txt", "other.txt", ()),
        ("-rother.txt", "other.txt", "other.txt", ()),
        ("--requirement=other.txt # note", "other.txt", "other.txt", ()),
        ("-c 'a b.txt'", "a b.txt", "a b.txt", ()),
        ("-c a\\ b.txt", "a b.txt", None, ()),
        ("-c a\\\n.txt", "a.txt", None, ()),
        ("-e ./lib[x, y]", "./lib[x,", "./lib[x,", ()),
        ("-e './lib[x, y]'", "./lib", "./lib", ("x", "y")),
        ("-e git+https://host/a#egg=aa", "git+https://host/a#egg=aa", "git+https://host/a#egg=aa", ()),
        ("./lib[x] ; os_name=='nt'", "./lib", "./lib", ("x",)),
    ],
)
def test_finds_the_target(text: str, target: str, span: str | None, extras: tuple[str, ...]) -> None:
    line = read_line(text)
    assert (line.target, cut(text, line.target_span), line.extras) == (target, span, extras)


def test_names_an_editable_by_its_egg_or_its_own_name() -> None:
    egg = read_named("-e git+https://host/a#egg=aa[x]")
    assert (egg.name, egg.extras, egg.editable) == ("aa", ("x",), True)
    direct = read_named("-e 'bb[y] @ git+https://host/b ; os_name == \"nt\"'")
    assert (direct.name, direct.extras, direct.url) == ("bb", ("y",), "git+https://host/b")
    assert (direct.marker, direct.editable) == ('os_name == "nt"', True)
    assert read_line("-e ./lib").requirement is None


def test_reads_the_hashes_of_a_continued_line() -> None:
    text = "  aa==1.0 \\\n    --hash=sha256:00 \\\n    --hash sha256:11  # note\nbb\n"
    first, second = read(text).lines
    assert first.options == (("--hash", "sha256:00"), ("--hash", "sha256:11"))
    assert [cut(text, span) for span in first.option_spans] == ["--hash=sha256:00", "--hash sha256:11"]
    assert cut(text, first.comment) == "# note"
    assert cut(text, first.content) == text[2 : text.index("  # note")]
    assert cut(text, second.span) == "bb\n"
    assert first.quirks == ()


def test_a_comment_runs_from_its_first_mark_to_the_end_of_a_joined_line() -> None:
    text = "aa # one \\\n# two\nbb \\\n# three \\\ncc"
    comments = [cut(text, line.comment) for line in read(text).lines]
    assert comments == ["# one \\\n# two", "# three \\", None]


def test_has_no_span_for_what_a_continuation_runs_through() -> None:
    named = read_named("aa\\\n>=1,\\\n<2")
    assert (named.specifier, named.specifier_span, named.span) == (">=1,<2", None, None)
    assert named.name_span == Span(0, 2)


def test_lists_the_variables_that_pip_would_fill_in() -> None:
    assert read_line("aa @ https://${USER_1}:${KEY}@host/${USER_1}/${lower}").variables == ("USER_1", "KEY")


@pytest.mark.parametrize(
    ("header", "tool"),
    [
        ("aa  # autogenerated by pip-compile", None),
        ("# written by hand, not by pip-compile", None),
        ("#\n# This file is autogenerated by pip-compile with Python 3.11", "pip-compile"),
        ("# This file was autogenerated by uv via the following command:", "uv"),
        ("# This file is @generated by PDM.", "pdm"),
        ("# These requirements were autogenerated by pipenv", "pipenv"),
        ("# This file is autogenerated by pip-compile-multi", "pip-compile-multi"),
    ],
)
def test_knows_the_tool_that_wrote_the_file(header: str, tool: str | None) -> None:
    assert read(f"{header}\naa==1.0\n# autogenerated by uv\n").compiled_by == tool


def test_says_nothing_of_a_backslash_in_the_string_of_a_marker() -> None:
    assert read_line("aa; os_name == '\\d'").kind is LineKind.REQUIREMENT
    assert read_named("-e \"aa @ git+https://host/a ; os_name == '\\d'\"").marker == "os_name == '\\d'"


def test_no_text_is_too_deep_or_too_long() -> None:
    for text in (
        "aa; " + "(" * 20000,
        "aa==" + "1" * 20000,
        "[" * 20000 + "]",
        "a" + " " * 20000 + "b",
        "-" * 20000,
        "-e 'aa @ git+x ; " + "(" * 20000 + "'",
    ):
        assert read_line(text).kind is LineKind.INVALID or len(text) > 20000


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        ("aa==1.0\r\nbb # note\r\n", None, ""),
        ("aa \\\n  --hash=sha256:00\n", None, ""),
        ("aa --hash=sha256:00 \\\n", None, ""),
        ("\\\naa\n", None, ""),
        ("# é\xa0note\n", None, ""),
        ("aa\x0cbb", QuirkKind.LINE_END, "\x0c"),
        ("# note\u2028bb", QuirkKind.LINE_END, "\u2028"),
        ("aa\rbb", QuirkKind.LINE_END, "\r"),
        ("\xa0aa", QuirkKind.BLANK, "\xa0"),
        ("aa\xa0# note", QuirkKind.BLANK, "\xa0"),
        ("aa ==\u20031", QuirkKind.BLANK, "\u2003"),
        ("aa \\\n==1.0", QuirkKind.CONTINUATION, "\\"),
        ("aa --hash=sha256:00\\\n --hash=sha256:11", QuirkKind.CONTINUATION, "\\"),
        ("-r \\\nx", QuirkKind.CONTINUATION, "\\"),
        ("aa \\", QuirkKind.TRAILING_BACKSLASH, "\\"),
        ("aa \\\n\nbb", QuirkKind.TRAILING_BACKSLASH, "\\"),
        ("aa # note \\\nbb", QuirkKind.SWALLOWED_LINE, "bb"),
        ("aa\t--hash=sha256:00", QuirkKind.TAB_BEFORE_OPTION, "\t"),
        ("-rx", QuirkKind.GLUED_VALUE, "-rx"),
        ("-r=x", QuirkKind.GLUED_VALUE, "-r=x"),
        ("-e './lib'", QuirkKind.QUOTED_VALUE, "-e './lib'"),
        ("aa --has=sha256:00", QuirkKind.SHORTENED_OPTION, "--has=sha256:00"),
        ("--pypi-url x", QuirkKind.PIP_OPTION, "--pypi-url x"),
        ("aa -C a=b", QuirkKind.PIP_OPTION, "-C a=b"),
        ("aa --pre", QuirkKind.IGNORED_OPTION, "--pre"),
        ("-r x --pre", QuirkKind.IGNORED_OPTION, "--pre"),
        ("--hash=sha256:00", QuirkKind.IGNORED_OPTION, "--hash=sha256:00"),
        ("-e ./lib ; os_name=='nt'", QuirkKind.IGNORED_TEXT, "; os_name=='nt'"),
        ("--pre aa bb", QuirkKind.IGNORED_TEXT, "aa bb"),
        ("aa --hash=md5:00", QuirkKind.WEAK_HASH, "md5:00"),
        ("aa ;", QuirkKind.EMPTY_MARKER, ";"),
        ("./lib;os_name=='nt'", QuirkKind.MARKER_SEPARATOR, ";"),
        ("https://host/a.zip ;os_name", QuirkKind.MARKER_SEPARATOR, "https://host/a.zip ;os_name"),
        ("-e git+https://host/a#egg=aa", QuirkKind.EDITABLE_URL, "git+https://host/a#egg=aa"),
        ("https://host/a#egg=aa[x]", QuirkKind.EGG_EXTRAS, "https://host/a#egg=aa[x]"),
    ],
)
def test_points_at_what_pip_and_uv_read_differently(text: str, kind: QuirkKind | None, where: str) -> None:
    quirks = [quirk for line in read(text).lines for quirk in line.quirks]
    assert [(quirk.kind, cut(text, quirk.span)) for quirk in quirks] == ([(kind, where)] if kind else [])
    assert all("\n" not in quirk.message for quirk in quirks)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# note\u2028bb", "for uv 0.13.9 the rest is still comment"),
        ("aa\u2028bb", "uv 0.13.9 does not and refuses what follows"),
        ("aa\xa0# note", "pip 26.3 begins a comment after it, uv 0.13.9 refuses the line"),
        ("\xa0aa", "pip 26.3 skips it, uv 0.13.9 refuses the line"),
        ("aa\xa0==1", "a blank for uv 0.13.9, but for pip 26.3 not everywhere"),
        ("-r x y", "pip 26.3 passes over this text, uv 0.13.9 does not"),
        ("--pre x", "pip 26.3 passes over this text, so does uv 0.13.9"),
        ("-r=x", "pip 26.3 takes the = for a part of the value, uv 0.13.9 does not"),
        ("-rx", "pip 26.3 reads -r without a blank after it, uv 0.13.9 refuses it"),
    ],
)
def test_tells_what_each_of_them_does(text: str, message: str) -> None:
    first = read(text).lines[0].quirks[0]
    assert message in first.message


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (codecs.BOM_UTF8 + b"aa", None),
        (b"# coding: latin-1\naa", None),
        (b"# coding: latin-1\n# \xe9\naa", "refuses"),
        (codecs.BOM_UTF16_LE + "aa".encode("utf-16-le"), "both read it"),
        (codecs.BOM_UTF32_LE + "aa".encode("utf-32-le"), "refuses"),
    ],
)
def test_speaks_of_an_encoding_that_uv_may_not_read(data: bytes, expected: str | None) -> None:
    file = read_requirements(SourceText.decode("requirements.txt", data))
    assert [quirk.kind for quirk in file.quirks] == ([QuirkKind.ENCODING] if expected else [])
    assert file.lines[-1].kind is LineKind.REQUIREMENT
    if expected:
        assert expected in file.quirks[0].message
