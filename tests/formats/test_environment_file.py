import pytest

from rrr_optimize.formats.environment_file import read_environment_file
from rrr_optimize.formats.yaml_nodes import YamlError
from rrr_optimize.source import SourceText


def read(text: str) -> tuple[list[tuple[str, str, str | None]], list[str], list[str]]:
    source = SourceText("environment.yml", text)
    found = read_environment_file(source)
    for requirement in found.conda:
        assert requirement.whole.text in source.slice(requirement.whole.span)
    for item in (*found.pip, *found.unreadable):
        assert source.slice(item.span) == item.text
    conda = [(requirement.name, requirement.version, requirement.channel) for requirement in found.conda]
    return conda, [item.text for item in found.pip], [item.text for item in found.unreadable]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "- a\n",
        "dependencies:\n",
        "dependencies: numpy\n",
        "dependencies: {numpy: 1}\n",
        "dependencies: [[numpy], {conda: [numpy]}, '']\n",
        "name: numpy\nchannels: [numpy]\n",
        "a: 1\n---\ndependencies: [numpy]\n",
        "dependencies:\n- pip:\n- pip: numpy\n",
    ],
)
def test_a_file_of_another_shape_asks_for_nothing(text: str) -> None:
    assert read(text) == ([], [], [])


def test_text_that_is_no_yaml_is_an_error_with_its_place() -> None:
    with pytest.raises(YamlError, match="line 2"):
        read("dependencies:\n  - >=3\n")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("numpy", ("numpy", "", None)),
        ("numpy=1.24", ("numpy", "=1.24", None)),
        ("numpy=1.24=py39_0", ("numpy", "=1.24=py39_0", None)),
        ("python>=3.9,<3.12", ("python", ">=3.9,<3.12", None)),
        ("python >=3.9  # why", ("python", ">=3.9", None)),
        ("conda-forge::pandas", ("pandas", "", "conda-forge")),
        ("'conda-forge/linux-64::pandas 2.*'", ("pandas", "2.*", "conda-forge/linux-64")),
        ("\"pytorch[version='>=1.2']\"", ("pytorch", "[version='>=1.2']", None)),
        ("_libgcc_mutex~=0.1", ("_libgcc_mutex", "~=0.1", None)),
    ],
)
def test_splits_a_conda_specification_without_judging_it(entry: str, expected: tuple[str, str, str | None]) -> None:
    assert read(f"dependencies:\n  - {entry}\n") == ([expected], [], [])


def test_keeps_what_is_handed_to_pip_apart() -> None:
    text = "name: lab\ndependencies:\n- pip\n- pip:\n  - -r requirements.txt\n  - 'foo==1.0'\n  - bar # b\n- ==1\n"
    assert read(text) == ([("pip", "", None)], ["-r requirements.txt", "foo==1.0", "bar"], ["==1"])


def test_tells_the_name_and_where_it_stands() -> None:
    source = SourceText("environment.yml", "name: 'lab'\n")
    name = read_environment_file(source).name
    assert name is not None
    assert (name.text, source.slice(name.span)) == ("lab", "lab")
    assert read_environment_file(SourceText("environment.yml", "name: [a]")).name is None


def test_reads_an_aliased_list_once() -> None:
    assert read("dependencies:\n- &p {pip: &l [foo]}\n- *p\n- pip: *l\n")[1] == ["foo", "foo"]
