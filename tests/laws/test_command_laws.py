"""Whatever a file says, what is read from it stands in it."""

import re
import time

import pytest
from hypothesis import given, settings, strategies as st

from rrr_optimize.formats.command_scripts import Dialect
from rrr_optimize.formats.install_commands import find_install_commands
from rrr_optimize.formats.interpreter_texts import InterpreterFile, find_interpreter_texts
from rrr_optimize.formats.shell_pieces import Script, Syntax, cut_commands
from rrr_optimize.formats.shell_words import read_words
from rrr_optimize.source import SourceText

# Pieces of real files, put together in ways that no one intended.
PIECES = [
    *(
        "pip install ",
        "python -m pip install ",
        "uv pip sync ",
        "pip-sync ",
        "RUN ",
        "run: ",
        "- ",
        "\t",
        "  ",
        "script:\n",
    ),
    *(
        "commands = ",
        "$ ",
        "```",
        "```sh\n",
        "|\n",
        ">-\n",
        "\n",
        "\r\n",
        "\r",
        "\\\n",
        "\\",
        "'",
        '"',
        "`",
        "[",
        "]",
        "{",
        "}",
    ),
    *(
        "(",
        ")",
        "$(",
        "${",
        "${{ ",
        " }}",
        "$x",
        "#",
        " # ",
        "<<EOF\n",
        "EOF\n",
        ">=1.0",
        "<2",
        "> ",
        "2>&1",
        "&&",
        ";",
        "|",
    ),
    *(
        "x==1",
        "'x>=1'",
        '"a[b]"',
        "-r a.txt ",
        "-e .",
        "-",
        "--",
        "--index-url ",
        "cd a\n",
        "WORKDIR b\n",
        "FROM python:3.11\n",
    ),
    *(
        "working-directory: c\n",
        "if ",
        "fi\n",
        ",",
        ":",
        "\0",
        "\ufeff",
        "\u2028",
        "é",
        "%pip install z",
        "bash -c ",
        "\x0c",
    ),
    *("python-version: ", "[tox]\nenvlist = ", "py3{", "3.10", "ARG V=3.9\nFROM python:$V\n", "image: "),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)


def unquote(text: str) -> str:
    """Return a text without whatever a shell, YAML or a continuation may take out of it."""
    return re.sub(r"['\"\\\0]|\s", "", text)


@given(text=TEXTS, dialect=st.sampled_from(Dialect))
@settings(max_examples=400, deadline=None)
def test_every_word_stands_where_its_span_says(text: str, dialect: Dialect) -> None:
    source = SourceText("x", text)
    for command in find_install_commands(source, dialect):
        placed = [*command.requirements, *command.editables, *command.urls, *command.groups]
        assert all((source.slice(each.span) == each.text) is each.exact for each in placed)
        words = [(each.text, each.span) for each in placed] + [(file.path, file.span) for file in command.files]
        for word, span in words:
            assert unquote(word) in unquote(source.slice(span))
            assert command.span.start <= span.start < span.end <= command.span.end
        for span in command.lost_specifiers:
            assert command.span.start <= span.start < span.end <= command.span.end
            assert source.text[span.start] in "<>"


@given(text=TEXTS, kind=st.sampled_from(InterpreterFile))
@settings(max_examples=200, deadline=None)
def test_every_version_stands_where_its_span_says(text: str, kind: InterpreterFile) -> None:
    source = SourceText("x", text)
    for version in find_interpreter_texts(source, kind):
        assert source.slice(version.span)
        assert 0 <= version.minor[1] < 100


@given(text=TEXTS, syntax=st.sampled_from(Syntax))
@settings(max_examples=200, deadline=None)
def test_pieces_are_in_order_and_do_not_overlap(text: str, syntax: Syntax) -> None:
    script = Script(text, 7, ".", syntax)
    position = 0
    for piece in cut_commands(script):
        assert position <= piece.start < piece.end <= len(text)
        position = piece.end
        for word in read_words(script, piece).words:
            assert piece.start + 7 <= word.span.start <= word.span.end <= piece.end + 7


@given(words=st.lists(st.text(st.characters(exclude_characters="\0'"), min_size=1, max_size=8), max_size=6))
@settings(max_examples=200, deadline=None)
def test_single_quotes_keep_every_word(words: list[str]) -> None:
    text = " ".join(f"'{word}'" for word in words)
    script = Script(text, 0, ".", Syntax.SHELL)
    found = [word for piece in cut_commands(script) for word in read_words(script, piece).words]

    assert [word.text for word in found] == words
    assert [text[word.span.start : word.span.end] for word in found] == words
    assert not any(word.is_computed for word in found)


# Each was quadratic in some form of the readers, or would be with one careless repeat more.
@pytest.mark.parametrize(
    "piece",
    [
        *("[", "(", "$(", "'", '"', "\"'", "`", "\\", "\\\n", "<<a\n", "<<a", "> ", "$", "${", "${{", "${{ a", " #"),
        *(
            "a ",
            "a;",
            "- a\n",
            "run: a\n",
            "run: [",
            "cd a;",
            "{\n",
            "if ",
            "RUN --a ",
            'RUN ["',
            "pip ",
            ".whl[",
            "-ccc",
            "a[",
        ),
        *(
            "docker pip --index-url ",
            "docker python -W ",
            "python: [",
            "python: [\n",
            "python:\n",
            "ARG a",
            "py{3",
            "3.9 ",
        ),
        *("FROM $a\n", "ARG a=$a$a\n", "```\n", "`pip install a` ", "commands = a\\\n", "==.*", "\r", "<2", "image: a"),
    ],
)
def test_time_grows_with_the_text_and_no_faster(piece: str, slowdown: float) -> None:
    body = piece * (59_000 // len(piece))
    text = f"pip install x\n{body}\nRUN pip install \\\n{body}\npip install"
    source = SourceText("x", text)
    begin = time.process_time()
    for dialect in Dialect:
        find_install_commands(source, dialect)
    for kind in InterpreterFile:
        find_interpreter_texts(source, kind)
    # The slowest takes 1.4 s alone, and over 2 s beside other work; what grows with the square takes far longer.
    assert time.process_time() - begin < 6 * slowdown


@pytest.mark.parametrize("piece", ["[", "a ", '"', "\\", "$(", "${{", " #", "pip ", "<<a\n"])
def test_two_megabytes_in_one_dialect_take_about_a_second(piece: str, slowdown: float) -> None:
    source = SourceText("x", "pip install " + piece * (2_000_000 // len(piece)))
    begin = time.process_time()
    find_install_commands(source, Dialect.SHELL)
    assert time.process_time() - begin < 4 * slowdown


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("docker " + "pip --index-url " * 3_600, id="options that may hide a verb"),
        pytest.param("docker " + "python -W " * 5_900, id="options that may hide a module"),
        pytest.param("sudo bash -" + "c" * 59_000 + "! x", id="letters that may hide a script"),
        pytest.param("pip install a" + ".whl[" * 11_000, id="brackets that never close"),
        pytest.param("ARG " + "a" * 59_000, id="a name without a value"),
    ],
)
def test_a_word_is_looked_at_a_bounded_number_of_times(line: str, slowdown: float) -> None:
    source = SourceText("x", f"RUN pip install x\n{line} install\n" * 5)
    begin = time.process_time()
    for dialect in (Dialect.SHELL, Dialect.DOCKERFILE):
        find_install_commands(source, dialect)
    find_interpreter_texts(source, InterpreterFile.DOCKERFILE)
    assert time.process_time() - begin < 2 * slowdown
