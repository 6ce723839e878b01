import pytest

from rrr_optimize.formats.command_scripts import Dialect
from rrr_optimize.formats.install_commands import InstallCommand, find_install_commands
from rrr_optimize.source import SourceText


def find(text: str, dialect: Dialect = Dialect.SHELL) -> list[InstallCommand]:
    return list(find_install_commands(SourceText("x", text), dialect))


def words(text: str, dialect: Dialect = Dialect.SHELL) -> list[str]:
    """Return all that the commands of a text name, in order and each with a mark for what it is."""
    said = []
    for command in find(text, dialect):
        said += [requirement.text for requirement in command.requirements]
        said += [f"{'-r' if file.role.value == 'requirement' else '-c'} {file.path}" for file in command.files]
        said += [f"project {project.text}" for project in command.editables]
        said += [f"url {url.text}" for url in command.urls]
        said += [f"group {group.text}" for group in command.groups]
        said += [f"{command.dynamic} dynamic"] if command.dynamic else []
    return said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "install\n",
        "pip install\n",
        "pip install --upgrade\n",
        "pip installed x\n",
        "pip install <package>\n",
        "pip download x; pip wheel x; pip uninstall x; pip freeze\n",
        "uv add x; uv tool install x; uv sync; uv pip compile install.in\n",
        "pipx install x; pipenv install x; poetry install x; conda install x; npm install x\n",
        "python2.7 -m pip install x; pip2 install x\n",
        "python -m build install x\n",
        "python setup.py install x; python -m\n",
        "echo pip install x; echo 'run: pip install x'; printf \"\npip install x\n\"\n",
        "# pip install x\ntrue # pip install y\n",
        "apt-get install -y python3-pip\n",
        "which pip install x\n",
        "cat <<'EOF' > notes\npip install x\nEOF\n",
        "cat <<-EOF\n\tpip install x\n\tEOF\n",
        "git commit -m 'pip install x'\n",
        "MESSAGE='pip install x'\n",
        "bash -c\nbash script.sh 'pip install x'\nsudo bash a b c 'pip install x'\n",
        "python -I -u\npython -c 'pip install x' # install\n",
        f"{'a' * 300}/pip install x\n",
    ],
)
def test_finds_nothing_where_nothing_is_installed(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    "command",
    [
        "pip install x",
        "pip3 install x",
        "pip3.11 install x",
        ".venv/bin/pip install x",
        r".venv\Scripts\pip.exe install x",
        "$PIP install x",
        "$(PIP) install x",
        "${VENV}/bin/pip install x",
        '"$VENV/bin/pip" install x',
        "pip --no-cache-dir --python /usr/bin/python3 -q install x",
        "python -m pip install x",
        "python3.11 -m pip install x",
        "python3 -I -W ignore -X dev -m pip install x",
        "py -3.11 -m pip install x",
        "python -mpip install x",
        "{envpython} -m pip install x",
        "$(PYTHON) -m pip install x",
        "uv pip install x",
        "uv --quiet pip install x",
        "python -m uv pip install x",
        "PIP_NO_CACHE_DIR=1 A='b c' pip install x",
        "sudo -H -u me pip install x",
        "env A=1 pip install x",
        "poetry run pip install x",
        "uv run pip install x",
        "conda run -n base pip install x",
        "docker compose exec web pip install x",
        "if ! pip install x",
        "then pip install x",
        "bash -lc 'pip install x'",
        'docker run image sh -c "pip install x"',
        "bash -c \"bash -c 'pip install x'\"",
        'sudo bash -exc "true \\"a b\\"; pip install \\"x\\""',
    ],
)
def test_knows_the_many_ways_to_start_pip(command: str) -> None:
    assert words(command) == ["x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("pip install \"black[d]==23.1\" 'x>=1,<2'", ["black[d]==23.1", "x>=1,<2"], id="quotes"),
        pytest.param("pip install a\\[b\\]==1 c'[d]'", ["a[b]==1", "c[d]"], id="escapes and half quotes"),
        pytest.param("pip install 'x; python_version<\"3.9\"' y", ['x; python_version<"3.9"', "y"], id="marker"),
        pytest.param("pip install django==4.* a[b]==1.*", ["django==4.*", "a[b]==1.*"], id="star of a version"),
        pytest.param("pip install x \\\n  y \\\r\n  z\nw", ["x", "y", "z"], id="continued lines"),
        pytest.param("pip install x # y", ["x"], id="comment"),
        pytest.param("pip install x#y", ["x#y"], id="no comment inside a word"),
        pytest.param("pip install x&&true;pip install y|tee z", ["x", "y"], id="operators end it"),
        pytest.param("pip install x &>/dev/null && pip install y 2>&1", ["x", "y"], id="redirections are no words"),
        pytest.param("(pip install x) || { pip install y; }", ["x", "y"], id="parentheses and braces"),
        pytest.param("pip install -- -x y", ["y", "1 dynamic"], id="end of options"),
        pytest.param("pip install $X a ${Y}==1 `c` $(d e)", ["a", "4 dynamic"], id="variables"),
        pytest.param("pip install dist/*.whl a{1,2} {posargs} x-?", ["4 dynamic"], id="patterns"),
        pytest.param("pip install ${{ matrix.x || 'y z' }} ==1", ["2 dynamic"], id="expression"),
        pytest.param("pip install [options] [package name] ... %X%", ["5 dynamic"], id="placeholders"),
        pytest.param("pip install a 'b @ https://h/b.whl'", ["a", "b @ https://h/b.whl"], id="named url"),
        pytest.param("pip install git+https://h/p.git@v1#egg=p", ["url git+https://h/p.git@v1#egg=p"], id="url"),
        pytest.param("pip install https://h/a%20b.whl", ["url https://h/a%20b.whl"], id="percent of a URL"),
        pytest.param("pip install .", ["project ."], id="this project"),
        pytest.param("pip install -e .[dev] -e=./a --editable ../b", ["project .[dev]", "project ./a", "project ../b"]),
        pytest.param(
            "pip install ./lib[x] lib/ a.whl b-1.tar.gz",
            [f"project {x}" for x in ("./lib[x]", "lib/", "a.whl", "b-1.tar.gz")],
        ),
        pytest.param(r"pip install .\dist\a.whl", [r"project .\dist\a.whl"], id="windows path"),
        pytest.param("pip install -r a.txt -rb.txt --requirement=c.txt", ["-r a.txt", "-r b.txt", "-r c.txt"]),
        pytest.param("pip install -Ur a.txt -qqc b.txt --constraint c.txt", ["-r a.txt", "-c b.txt", "-c c.txt"]),
        pytest.param('pip install -r $X -r "$Y/z.txt" -e ${Z}', ["3 dynamic"], id="computed files"),
        pytest.param("pip install --group dev --group=a/pyproject.toml:b", ["group dev", "group a/pyproject.toml:b"]),
        pytest.param("uv pip install -r pyproject.toml --extra a", ["-r pyproject.toml"], id="uv"),
        pytest.param("uv pip sync a.txt b.txt --python x", ["-r a.txt", "-r b.txt"], id="uv sync"),
        pytest.param("pip-sync -q a.txt; python -m piptools sync b.txt", ["-r a.txt", "-r b.txt"], id="pip-sync"),
        pytest.param(
            "pip install -i https://h --extra-index-url https://h -t dir --target=d --platform p --python 3.9 -f x a",
            ["a"],
            id="values of options",
        ),
        pytest.param("pip install --index-url=$X --trusted-host $Y --pre --no-deps -U a", ["a"], id="flags"),
        pytest.param("pip install a -r", ["a"], id="an option without its value"),
    ],
)
def test_sorts_the_words_of_a_command(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "requirements", "lost"),
    [
        ("pip install x > log", ["x"], []),
        ("pip install x >log 2>&1 >>log <in", ["x"], []),
        ("pip install x>log", ["x"], []),
        ("pip install x 2>1", ["x"], []),
        ("pip install 'x>=1'", ["x>=1"], []),
        ("pip install x>=1.0", ["x"], [">=1.0"]),
        ("pip install x>=1.0,<2 y z<3", ["x", "y", "z"], [">=1.0,<2", "<3"]),
        ("pip install x[a]>1 y", ["x[a]", "y"], [">1"]),
        ("x>=1; pip install y", ["y"], []),
    ],
)
def test_tells_a_specifier_that_the_shell_takes_for_a_redirection(
    text: str, requirements: list[str], lost: list[str]
) -> None:
    source = SourceText("x", text)
    (command,) = find_install_commands(source, Dialect.SHELL)

    assert [requirement.text for requirement in command.requirements] == requirements
    assert [source.slice(span) for span in command.lost_specifiers] == lost
    ends = {requirement.span.end for requirement in command.requirements}
    assert all(span.start in ends for span in command.lost_specifiers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install x", ["."]),
        ("cd a && pip install x; cd b; pip install y; cd ..; pip install z", ["a", "a/b", "a"]),
        ("cd /a/; pip install x", ["/a"]),
        ("(cd a; pip install x); pip install y", ["a", "."]),
        ("pushd a\npip install x\npopd\npip install y\npopd\npip install z", ["a", ".", None]),
        ("cd $A; pip install x; cd /b; pip install y", [None, "/b"]),
        ("cd; pip install x", [None]),
        ("cd -; pip install x", [None]),
        ("cd ~/a; pip install x", [None]),
        ("cd a b; pip install x", [None]),
        ("if a; then\n cd b\n pip install x\nfi\npip install y", ["b", None]),
        ("for a in b; do\n pip install x\ndone\npip install y", [".", "."]),
        ("f() {\n cd a\n}\npip install x", [None]),
        ("case a in\n b) pip install x;;\nesac", ["."]),
        ("git clone https://h/o/p; cd p; pip install x", [None]),
        ("git status; cd p; pip install x", ["p"]),
        ("cd a; bash -c 'cd b; pip install x'; pip install y", ["a/b", "a"]),
        ("cd a\n" * 300 + "pip install x", [None]),
        ("true || { cd a; cd .. ; }; pip install x", ["."]),
    ],
)
def test_follows_the_directory(text: str, expected: list[str | None]) -> None:
    assert [command.directory for command in find(text)] == expected


def test_spans_leave_out_quotes_and_options() -> None:
    source = SourceText("x", "pip install 'a==1' \"b\" c'd' -rx.txt --constraint='y z.txt' -r'u'v -e '.[f]'\n")
    (command,) = find_install_commands(source, Dialect.SHELL)

    assert source.slice(command.span) == source.text.rstrip().removesuffix("'")
    assert [source.slice(requirement.span) for requirement in command.requirements] == ["a==1", "b", "c'd'"]
    assert [source.slice(file.span) for file in command.files] == ["x.txt", "y z.txt", "-r'u'v"]
    assert [source.slice(project.span) for project in command.editables] == [".[f]"]


def test_an_endless_command_is_cut_and_says_so() -> None:
    (command,) = find("pip install " + "a " * 100_000)
    assert len(command.requirements) < 40_000
    assert command.dynamic == 1
