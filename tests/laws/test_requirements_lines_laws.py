"""Laws of the requirements reader, with pip's own parser as the oracle."""

from __future__ import annotations

import contextlib
import io
import shlex
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings, strategies as st
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from pip._internal.exceptions import PipError
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import (
    OptionParsingError,
    ParsedLine,
    get_line_parser,
    handle_requirement_line,
    preprocess,
)
from pip._internal.vcs.versioncontrol import is_url

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.requirement_options import OptionsError, split_words
from rrr_optimize.formats.requirements_lines import (
    LineKind,
    QuirkKind,
    RequirementLine,
    RequirementsFile,
    read_requirements,
)
from rrr_optimize.model import Edit
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = ("refused",)
OPTIONS = ("options",)
HASH = "sha256:" + "0a" * 32

PIECES = [
    *["aa", "Bb.c", "d_d", "e-e", "aa[x]", "aa[x, Y]", "aa [x]", "aa[]", "é", "1x", "aa_", "a-"],
    *[
        "==1.0",
        ">=1",
        "<2.0",
        "~=1.4",
        "~=1",
        "===1.0",
        "!=1.*",
        "=1.0",
        "=>1",
        "== 1.0",
        "(>=1.0)",
        "==1.0.post1",
        "==v1",
    ],
    *[
        ",",
        " ",
        "  ",
        "\t",
        ";",
        "; ",
        " ; ",
        "@",
        " @ ",
        "#",
        " #",
        " # note",
        "\\",
        "'",
        '"',
        "[",
        "]",
        "-",
        "--",
        "=",
        "/",
    ],
    *[
        "python_version",
        ' ; python_version < "3"',
        ";os_name=='nt'",
        " and ",
        "; extra == 'x'",
        ";'",
        "${NO_SUCH_NAME}",
    ],
    *[
        "-r ",
        "-r",
        "-c ",
        "-e ",
        "--requirement=",
        "--require",
        "--editable ",
        "-r=",
        " -e ",
        " -r other.txt",
        "--constraint =",
    ],
    *[
        "./lib",
        "./lib[x]",
        "lib",
        "lib/",
        "other.txt",
        "./no/lib",
        "a.zip",
        "a-1.0-py3-none-any.whl",
        "b.whl",
        "'./lib'",
    ],
    *[
        "https://host/a.zip",
        "git+https://host/a.git",
        "#egg=aa",
        "#egg=aa[x]",
        "&egg=",
        "file:./lib",
        "git://host/a",
        "http://[",
    ],
    *[
        f" --hash={HASH}",
        " --hash=md5:00",
        " --hash ",
        " --has=sha256:1",
        " --config-settings a=b",
        " -C 'a=b c'",
        " --no",
    ],
    *[
        "--index-url https://host/simple",
        "-i",
        "--pre",
        " --pre",
        "--no-index",
        "--trusted-host h",
        "--no-binary :all:",
        "-x",
    ],
]
BLANKS = ["\xa0", "\u3000", "\u200b", "\ufeff", "\x1f", "\f", "\v", "\x85", "\u2028", "\x1c"]
LINE_ENDS = ["\n", "\n", "\n", "\r\n", "\r", "\\\n", " \\\n", "\\\r\n", "\n\n", "\\\n# note\n", " # note \\\n", *BLANKS]

pieces = st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.sampled_from(BLANKS), st.text(max_size=3))
plain_lines = st.sampled_from(
    [
        "aa",
        "aa==1.0",
        "Aa.b[x,y] >= 1.0, <2 # note",
        "# note",
        "",
        'aa>=1 ; python_version < "3.9"',
        f"aa==1.0 \\\n    --hash={HASH} \\\n    --hash={HASH}",
        "-r other.txt",
        "-c other.txt",
        "-e ./lib",
        "-e git+https://host/a.git#egg=aa",
        "aa @ https://host/a.zip ; os_name == 'nt'",
        "--index-url https://host/simple",
    ]
)
lines = st.one_of(plain_lines, st.lists(pieces, max_size=6).map("".join))
files = st.lists(st.tuples(lines, st.sampled_from(LINE_ENDS)).map("".join), max_size=5).map("".join)


@pytest.fixture(scope="module", autouse=True)
def folder() -> Iterator[Path]:
    """Stand in a folder with the one project that the generated files speak of."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "lib").mkdir()
        (root / "lib" / "pyproject.toml").write_text('[project]\nname = "lib"\nversion = "1"\n', encoding="utf-8")
        with contextlib.chdir(root):
            yield root


def read(text: str) -> RequirementsFile:
    return read_requirements(SourceText("requirements.txt", text))


def as_pip_reads(text: str) -> list[tuple[object, ...]]:
    """Return, for each line that pip does not skip, what it makes of it."""
    parse = get_line_parser(None)
    return [_as_pip_reads_line(parse, number, line) for number, line in preprocess(text)]


def _as_pip_reads_line(parse: object, number: int, line: str) -> tuple[object, ...]:
    assert callable(parse)
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            arguments, options = parse(line)
            parsed = ParsedLine("requirements.txt", number, arguments, options, constraint=False)
            if parsed.requirement is None:
                for kind in ("requirements", "constraints"):
                    if names := getattr(options, kind):
                        return (kind, names[0])
                return OPTIONS
            found = install_req_from_parsed_requirement(handle_requirement_line(parsed))
        except (OptionParsingError, PipError, ValueError, AssertionError):
            return REFUSED
    hashes = () if found.editable else tuple(sorted((k, tuple(v)) for k, v in found.hash_options.items()))
    link = found.link if found.req is None or found.link is not None else None
    name = found.req.name if found.req and not (link and link.is_wheel and not found.req.url) else None
    specifier = str(found.req.specifier) if found.req and name else ""
    marker = str(found.markers) if found.markers else None
    extras = frozenset(extra.lower() for extra in found.extras)
    return (name, extras, specifier, _address(link.url) if link else None, marker, found.editable, hashes)


def _address(url: str) -> str:
    """Return a URL; of a folder or file only that there is one, because pip makes it absolute."""
    return "file" if urlsplit(url).scheme == "file" else url


def _as_pip_completes(url: str, *, editable: bool) -> str:
    system = url.partition(":")[0].lower()
    return f"{system}+{url}" if editable and system in ("bzr", "git", "hg", "svn") else url


def as_we_read(line: RequirementLine) -> tuple[object, ...]:
    if line.kind in (LineKind.INCLUDE, LineKind.CONSTRAINT):
        return ("requirements" if line.kind is LineKind.INCLUDE else "constraints", line.target)
    if line.kind is LineKind.OPTION or (line.kind is LineKind.INVALID and line.error == "pip passes over this line"):
        return OPTIONS
    named = line.requirement
    if line.kind is LineKind.INVALID and not named:
        return REFUSED
    hashes: dict[str, list[str]] = {}
    editable = line.kind is LineKind.EDITABLE
    for option, value in line.options:
        if option == "--hash" and not editable:
            hashes.setdefault(value.partition(":")[0], []).append(value.partition(":")[2])
    url = named.url if named else line.target
    marker = named.marker if named else line.marker
    if url is not None:
        url = _address(_as_pip_completes(url, editable=editable)) if named or is_url(url) else "file"
    return (
        named.name if named else None,
        frozenset(extra.lower() for extra in (named.extras if named else line.extras)),
        str(SpecifierSet(named.specifier if named else "")),
        url,
        str(Marker(marker)) if marker else None,
        editable,
        tuple(sorted((k, tuple(v)) for k, v in hashes.items())),
    )


def explain(line: RequirementLine, ours: tuple[object, ...], pips: tuple[object, ...]) -> str:
    """Return why a difference is meant, or an empty string."""
    kinds = {quirk.kind for quirk in line.quirks}
    if pips == REFUSED and line.target is not None and line.requirement is None:
        return "a path that is not there"
    if pips == REFUSED and QuirkKind.EGG_EXTRAS in kinds:
        return "extras in an egg fragment"
    if pips == REFUSED and any(option == "--use-feature" for option, _ in line.options):
        return "a feature of another pip"
    if ours == REFUSED and line.variables:
        return "an environment variable"
    return ""


def differences(text: str) -> list[tuple[str, tuple[object, ...], tuple[object, ...], str]]:
    """Return every line that we and pip read differently, and the reason where the difference is meant."""
    with warnings.catch_warnings():
        # Python warns of `\d` in a marker's string; the reader must keep silent about it by itself.
        read(text)
        warnings.simplefilter("ignore")
        return list(_differences(text))


def _differences(text: str) -> Iterator[tuple[str, tuple[object, ...], tuple[object, ...], str]]:
    read_lines = [line for line in read(text).lines if line.kind not in (LineKind.BLANK, LineKind.COMMENT)]
    pips = as_pip_reads(text)
    assert len(read_lines) == len(pips)
    for line, theirs in zip(read_lines, pips, strict=True):
        ours = as_we_read(line)
        if ours != theirs:
            yield text[line.span.start : line.span.end], ours, theirs, explain(line, ours, theirs)


@pytest.mark.parametrize(
    "text",
    [
        "google - auth\n",
        "- aa\n--\n-\n",
        "aa -e ./lib\n",
        "-r other.txt aa\n-r other.txt -e ./lib\n-c a.txt -r b.txt\n",
        "aa # note \\\nbb\n",
        "aa==1.0 \\\n# note \\\nbb\n",
        "\\aa\\\\\n==1.0\\",
        "aa\t--hash=sha256:00\n",
        "-e 'aa @ git+https://host/a.git ; os_name == \"nt\"'\n",
        "-e git://host/a#egg=aa&subdirectory=b\n-e hg://host/a#egg=aa\n-e FILE:./lib\n-e file:./lib#egg=aa[x]\n",
        "aa @ https://host/a.zip;os_name=='nt'\nhttps://host/a.zip;os_name=='nt'\nhttps://host/a.zip ; os_name=='nt'\n",
        "aa==1.0.zip\naa@b.zip\n./aa@b.zip\na-1.whl\nfile:b.whl\n",
        "aa @ https://host/a[x]\naa @ https://host/a[!]\n[x]\n./lib [x]\n./lib[x]/\nlib/\na.zip[x]//\n/\n./\n",
        "-rother.txt\n-r=other.txt\n--r x\n--requirement=\n-r ''\n-r 'a b'\\ c\n",
        "aa==1.0\u2028bb # x\u2028cc\x0cdd\x85ee\x1cff\x0bgg\rhh\r\nii\xa0\n\xa0jj\n",
        "aa; '\\d' in os_name\n",
        "\bfile:./lib\nFILE:./lib\nhttp://[\naa @ http://[\n-e http://[\n//[\n",
    ],
)
def test_reads_these_texts_as_pip_does(text: str) -> None:
    assert [found for found in differences(text) if not found[-1]] == []


@settings(max_examples=150, deadline=None)
@given(files)
def test_reads_any_file_as_pip_does(text: str) -> None:
    assert [found for found in differences(text) if not found[-1]] == []


@settings(max_examples=300, deadline=None)
@given(st.one_of(files, st.text()))
def test_lines_tile_the_text_whatever_it_holds(text: str) -> None:
    file = read(text)
    assert "".join(text[line.span.start : line.span.end] for line in file.lines) == text
    for line in file.lines:
        inner = [line.content, line.comment, line.target_span, line.error_span, *line.option_spans]
        inner += [quirk.span for quirk in line.quirks]
        for span in inner:
            assert span is None or line.span.start <= span.start <= span.end <= line.span.end
        assert (line.kind is LineKind.INVALID) == (line.error is not None) == (line.error_span is not None)
        assert "\n" not in (line.error or "") + line.hint


@settings(max_examples=200, deadline=None)
@given(files)
def test_spans_cover_exactly_what_they_name(text: str) -> None:
    for line in read(text).lines:
        if line.target_span:
            assert text[line.target_span.start : line.target_span.end] == line.target
        if (named := line.requirement) and named.name_span:
            assert text[named.name_span.start : named.name_span.end] == named.name
        if named and named.specifier_span:
            assert text[named.specifier_span.start : named.specifier_span.end] == named.specifier


@settings(max_examples=200, deadline=None)
@given(files)
def test_a_new_specifier_changes_nothing_else(text: str) -> None:
    before = read(text)
    for index, line in enumerate(before.lines):
        named = line.requirement
        if line.kind is not LineKind.REQUIREMENT or named is None or named.specifier_span is None:
            continue
        after = read(apply_edits(text, [Edit("requirements.txt", named.specifier_span, ">=7.5")]))
        changed = after.lines[index].requirement
        assert changed is not None
        assert (changed.name, changed.extras, changed.marker) == (named.name, named.extras, named.marker)
        assert changed.specifier == ">=7.5"
        assert after.lines[index].options == line.options
        assert [as_we_read(line) for line in after.lines[:index] + after.lines[index + 1 :]] == [
            as_we_read(line) for line in before.lines[:index] + before.lines[index + 1 :]
        ]


@given(st.lists(st.sampled_from(["aa", " ", "\t", "'", '"', "\\", "-r", "é", "\xa0", "a b", "''"])).map("".join))
def test_splits_words_as_a_shell_does(text: str) -> None:
    try:
        expected = shlex.split(text)
    except ValueError:
        with pytest.raises(OptionsError):
            split_words(text)
        return
    assert [word.value for word in split_words(text)] == expected


_names = st.sampled_from(["aa", "B.c-d_e", "a--b", "1x"])
_versions = st.lists(st.integers(0, 99), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
_clauses = st.builds(
    "{}{}{}".format, st.sampled_from(["==", ">=", "<=", "!=", "<", ">"]), st.sampled_from(["", " "]), _versions
)


@given(_names, st.lists(_names, max_size=2), st.sampled_from(["", " "]), st.lists(_clauses, max_size=2))
def test_the_quick_way_reads_what_packaging_reads(name: str, extras: list[str], blank: str, clauses: list[str]) -> None:
    text = name + (f"[{', '.join(extras)}]" if extras else "") + (blank + ", ".join(clauses) if clauses else "")
    expected = Requirement(text)
    [line] = read(text).lines
    assert line.requirement is not None
    assert line.requirement.name == expected.name
    assert set(line.requirement.extras) == expected.extras
    assert SpecifierSet(line.requirement.specifier) == expected.specifier


@given(files)
def test_bytes_come_back_when_nothing_is_edited(text: str) -> None:
    source = SourceText("requirements.txt", text)
    file = read_requirements(source)
    assert "".join(source.slice(line.span) for line in file.lines).encode() == source.encode()
