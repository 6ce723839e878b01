import pytest

from rrr_optimize.formats.command_scripts import Dialect
from rrr_optimize.formats.install_commands import find_install_commands
from rrr_optimize.source import SourceText


def found(text: str, dialect: Dialect) -> list[tuple[str, str | None]]:
    """Return the words of each command and where it runs."""
    return [
        (
            " ".join([*(r.text for r in c.requirements), *(f.path for f in c.files), *(e.text for e in c.editables)]),
            c.directory,
        )
        for c in find_install_commands(SourceText("x", text), dialect)
    ]


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        pytest.param("# RUN pip install x\nCMD pip install x\nCOPY pip install x /", Dialect.DOCKERFILE, id="no RUN"),
        pytest.param("RUN echo \\\n# pip install x\n  y\n", Dialect.DOCKERFILE, id="comment between continued lines"),
        pytest.param("RUN cat <<EOF > a\nRUN pip install x\nEOF\n", Dialect.DOCKERFILE, id="here-document as data"),
        pytest.param("COPY <<EOF /a\nRUN pip install x\nEOF\n", Dialect.DOCKERFILE, id="here-document of COPY"),
        pytest.param('RUN ["echo", "pip install x"]', Dialect.DOCKERFILE, id="words of an exec form"),
        pytest.param("X := pip install x\npip install x\n  pip install x\n", Dialect.MAKEFILE, id="no recipe"),
        pytest.param("\t# pip install x\n\t@echo pip install x\n", Dialect.MAKEFILE, id="recipe that says it"),
        pytest.param("name: pip install x\n- name: pip install x\n", Dialect.CI, id="name"),
        pytest.param("description: |\n  pip install x\n", Dialect.CI, id="block of a description"),
        pytest.param("# run: pip install x\nrun: a # pip install x\n", Dialect.CI, id="comment"),
        pytest.param("pip install x\n", Dialect.CI, id="line without a key"),
        pytest.param("pip install x\n\n* pip install x\n\n> pip install x\n", Dialect.MARKDOWN, id="prose"),
        pytest.param("```python\npip install x\n# !pip install x\n```", Dialect.MARKDOWN, id="Python block"),
        pytest.param("```yaml\nrun: pip install x\n```", Dialect.MARKDOWN, id="block in another language"),
        pytest.param("```\n$ ls\npip install x\n```", Dialect.MARKDOWN, id="output"),
        pytest.param("Use `pip install` or `the pip install x`.", Dialect.MARKDOWN, id="code span that is no command"),
        pytest.param("[testenv]\ndeps = pip install x\ndescription =\n  pip install x\n", Dialect.TOX, id="other keys"),
        pytest.param("[testenv]\ncommands =\n  # pip install x\n  true && pip install x\n", Dialect.TOX, id="no shell"),
    ],
)
def test_finds_nothing_where_no_command_stands(text: str, dialect: Dialect) -> None:
    assert found(text, dialect) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("RUN pip install x", [("x", ".")], id="one line"),
        pytest.param("run pip install x && \\\n    pip install y\n", [("x", "."), ("y", ".")], id="continued"),
        pytest.param("RUN pip install \\\n # c\n\n  x \\  \r\n  y\nEXPOSE 1", [("x y", ".")], id="comment and blank"),
        pytest.param("RUN \\\n  pip install x", [("x", ".")], id="nothing on the first line"),
        pytest.param("ONBUILD RUN pip install x", [("x", ".")], id="onbuild"),
        pytest.param("RUN --mount=type=cache,target=/a --network=none \\\n pip install x", [("x", ".")], id="flags"),
        pytest.param('RUN ["pip", "install", "x>=1"]', [("x>=1", ".")], id="exec form"),
        pytest.param('RUN [ "/bin/sh", "-c", \\\n "pip install x" ]', [("x", ".")], id="exec form of a shell"),
        pytest.param("RUN [ -f a ] && pip install x", [("x", ".")], id="a test is no exec form"),
        pytest.param(
            "RUN <<EOF\npip install x\ncd a\npip install y\nEOF\nRUN pip install z",
            [("x", "."), ("y", "a"), ("z", ".")],
        ),
        pytest.param("RUN bash -e <<'EOF'\npip install x\nEOF\n", [("x", ".")], id="here-document for bash"),
        pytest.param("RUN <<EOF\npip install x\n", [], id="here-document without an end"),
        pytest.param(
            "WORKDIR /a\nWORKDIR b\nRUN cd c && pip install x\nRUN pip install y", [("x", "/a/b/c"), ("y", "/a/b")]
        ),
        pytest.param(
            "FROM a AS b\nWORKDIR /c\nFROM d\nRUN pip install x\nFROM B\nRUN pip install y", [("x", "."), ("y", "/c")]
        ),
        pytest.param("WORKDIR $A\nRUN pip install x\nWORKDIR /b\nRUN pip install y", [("x", None), ("y", "/b")]),
        pytest.param("RUN echo it's\nRUN pip install x", [("x", ".")], id="a quote ends with its line"),
    ],
)
def test_reads_dockerfiles(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text, Dialect.DOCKERFILE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n\tls\n\tpip install x\n", [("x", ".")]),
        ("a:\n\t@-$(PIP) install x \\\n\t  y \\\n z\n\tpip install w", [("x y z", "."), ("w", ".")]),
        ("a:\n\tcd b && pip install x\n\tpip install y\n", [("x", "b"), ("y", ".")]),
        ("a:\n\t+ pip install $$(cat r) x\n\tpip install y \\", [("x", "."), ("y", ".")]),
    ],
)
def test_reads_makefiles(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text, Dialect.MAKEFILE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- run: pip install x\n", [("x", ".")], id="GitHub"),
        pytest.param(
            "- run: |\n    pip install x \\\n      y\n\n    pip install z\n  a: b\n", [("x y", "."), ("z", ".")]
        ),
        pytest.param(
            "- run: >-\n    pip install x\n    y\n\n    pip install z\n", [("x y", "."), ("z", ".")], id="folded"
        ),
        pytest.param("- run: pip install x\n    y # pip install z\n", [("x y", ".")], id="plain over two lines"),
        pytest.param(
            '- run: "pip install \\"x>=1\\" y\\npip install z"', [("x>=1 y", "."), ("z", ".")], id="double quotes"
        ),
        pytest.param("- run: 'pip install ''x>=1'' y'\n", [("x>=1 y", ".")], id="single quotes"),
        pytest.param('"run": pip install x', [("x", ".")], id="quoted key"),
        pytest.param("a:\n  b\nrun: |\n pip install x\n", [("x", ".")], id="after a value on a line of its own"),
        pytest.param(
            "script:\n  - cd a\n  - pip install x\n  - |\n    cd b\n  - pip install y\n", [("x", "a"), ("y", "a/b")]
        ),
        pytest.param("script:\n- cd a\nother:\n- pip install x\n", [("x", ".")], id="each list has its shell"),
        pytest.param(
            "script: [pip install x, 'pip install y']\n", [("x", "."), ("y", ".")], id="flow list of commands"
        ),
        pytest.param('command: ["pip", "install", "x>=1"]\n', [("x>=1", ".")], id="flow list of words"),
        pytest.param('command: [sh, -c, "pip install \\"x>=1\\""]\n', [("x>=1", ".")], id="flow list of a shell"),
        pytest.param("- bash: pip install x\n- pwsh: |\n    pip install y\n", [("x", "."), ("y", ".")], id="Azure"),
        pytest.param("- run:\n    name: a\n    command: |\n      pip install x\n", [("x", ".")], id="CircleCI"),
        pytest.param("{{ template }}\n- run: pip install x\n", [("x", ".")], id="text that YAML refuses"),
        pytest.param(
            "- run: pip install x\n  working-directory: a\n- working-directory: ./b/  # c\n"
            "  run: cd d; pip install y\n- run: pip install z\n",
            [("x", "a"), ("y", "b/d"), ("z", ".")],
            id="working directory before and after",
        ),
        pytest.param("- run: pip install x\n  working-directory: ${{ a }}\n", [("x", None)], id="computed directory"),
        pytest.param(
            "defaults:\n  run:\n    working-directory: a\njobs:\n  b:\n    defaults:\n      run:\n"
            "        working-directory: c\n"
            "    steps:\n    - run: pip install x\n  d:\n    steps:\n"
            "    - run: pip install y\n    - run: pip install z\n"
            "      working-directory: e\n",
            [("x", "c"), ("y", "a"), ("z", "e")],
            id="defaults of the job and of the workflow",
        ),
    ],
)
def test_reads_ci_files(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text, Dialect.CI) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("```\npip install x\n```\n", [("x", ".")], id="block"),
        pytest.param("~~~sh\n# first\npip install x \\\n  y\n~~~", [("x y", ".")], id="tildes, comment, continuation"),
        pytest.param(
            "1. a\n\n   ```console\n   $ pip install x \\\n       y\n   pip install z\n   ```\n", [("x y", ".")]
        ),
        pytest.param(
            "```bash\n(venv) me@host:~/a$ pip install x\nPS> pip install y\nPS C:\\> pip install z\n```",
            [("x", "."), ("y", "."), ("z", ".")],
        ),
        pytest.param(
            "```python\n!pip install x\n%pip install y\nimport z\n```", [("x", "."), ("y", ".")], id="notebook"
        ),
        pytest.param("Run `pip install x`, then `$ pip install 'y>=1'`.", [("x", "."), ("y>=1", ".")], id="code spans"),
        pytest.param("text\n\n    $ pip install x\n    pip install y\n", [("x", "."), ("y", ".")], id="indented"),
        pytest.param(
            "```\ncd a\npip install x\n```\n```\npip install y\n```", [("x", "a"), ("y", None)], id="cd before"
        ),
        pytest.param("```\npip install x", [("x", ".")], id="block without an end"),
        pytest.param(
            "````\n```\npip install x\n```\n````\n`pip install y`", [("x", "."), ("y", ".")], id="longer fence"
        ),
    ],
)
def test_reads_markdown(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text, Dialect.MARKDOWN) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[testenv]\ncommands = pip install x>=1\n", [("x>=1", ".")]),
        (
            "[testenv]\ncommands =\n  - pip install 'x ; y' \\\n    z\n  lint: pip install w\n",
            [("x ; y z", "."), ("w", ".")],
        ),
        (
            "[a]\ncommands_pre=\n {envpython} -m pip install x\nchangedir = {toxinidir}/b\n[c]\ncommands=pip install y",
            [("x", "b"), ("y", ".")],
        ),
        ("[a]\nchangedir = {toxworkdir}\ncommands = pip install x\n", [("x", None)]),
    ],
)
def test_reads_tox(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text, Dialect.TOX) == expected
