"""What a Dockerfile copies where."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.image_steps import read_image_steps


def copies(text: str, **arguments: str) -> list[tuple[str, tuple[str, ...], str, bool, str | None]]:
    steps = read_image_steps(text, arguments)
    return [
        (stage.name, copy.sources, copy.destination, copy.is_folder, copy.stage)
        for stage in steps.stages
        for copy in stage.copies
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("COPY a b\n", id="before any stage"),
        pytest.param("FROM x\nADD https://x.invalid/a /b\n", id="an address"),
        pytest.param("FROM x\nCOPY <<END /b\nwords\nEND\n", id="a here-document"),
        pytest.param("FROM x\nCOPY a\n", id="no destination"),
        pytest.param("FROM x\nRUN --mount=type=cache,target=/c true\n", id="a cache"),
        pytest.param("FROM x\nRUN cp a b\n", id="a command"),
        pytest.param("FROM x\nCOPY [1\n", id="half a list"),
        pytest.param("FROM x\nCOPY {}\n", id="no list"),
    ],
)
def test_copies_nothing(text: str) -> None:
    assert copies(text) == []


@pytest.mark.parametrize(
    ("line", "sources", "destination", "is_folder"),
    [
        ("COPY a b", ("a",), "/b", False),
        ("COPY a ./", ("a",), "/", True),
        ("COPY a .", ("a",), "/", True),
        ("COPY a c /x", ("a", "c"), "/x", True),
        ('COPY ["a b", "/x/"]', ("a b",), "/x", True),
        ("COPY --chown=1:1 --link a /x", ("a",), "/x", False),
        ("ADD a \\\n  # why\n  c /x/", ("a", "c"), "/x", True),
        ("copy 'a b' /x", ("a b",), "/x", False),
    ],
)
def test_reads_sources_and_destination(line: str, sources: tuple[str, ...], destination: str, is_folder: bool) -> None:  # noqa: FBT001
    assert copies(f"FROM x\n{line}\n") == [("0", sources, destination, is_folder, None)]


def test_a_destination_is_relative_to_the_working_directory() -> None:
    text = "FROM x AS Base\nWORKDIR /app\nWORKDIR sub\nCOPY a b\nFROM base\nCOPY c d\nFROM y\nCOPY e f\n"
    assert [copy[2] for copy in copies(text)] == ["/app/sub/b", "/app/sub/d", "/f"]


def test_a_variable_takes_what_is_given_then_its_default_then_anything() -> None:
    text = "ARG A=one\nARG B=two\nARG C\nFROM x\nENV D=four\nCOPY ${A} $B ${C} ${D:-x} /y/\n"
    assert copies(text, A="given")[0][1] == ("given", "two", "*", "four")


def test_another_stage_is_named() -> None:
    assert copies("FROM x\nCOPY --from=Build /a /b\n") == [("0", ("/a",), "/b", False, "build")]


def test_a_mount_lasts_for_its_step() -> None:
    text = "FROM x\nRUN --mount=type=bind,source=a,target=/b --mount=target=/c,from=s true\nRUN true\n"
    first, second = read_image_steps(text).stages[0].copies
    assert (first.sources, first.destination, first.stage) == (("a",), "/b", None)
    assert (second.sources, second.destination, second.stage) == ((".",), "/c", "s")
    assert first.until is not None
    assert text.index("RUN true\n") >= first.until > first.start


def test_the_arguments_of_a_long_instruction_never_raise() -> None:
    assert copies(f"FROM x\nCOPY {'a ' * 10_000}'\n")[0][2] == "/'"
