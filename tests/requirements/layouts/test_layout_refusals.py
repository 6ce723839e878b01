"""What keeps a file from referencing a root file: each is told, with the reason and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.model import Lane
from rrr_optimize.requirements.layouts import Layout, LayoutOptions

if TYPE_CHECKING:
    from tests.requirements.layouts.conftest import LaidOut, LayOut

SHARED = "x==1\ny==1\n"
FILES = {f"{name}/requirements.txt": SHARED for name in "abc"}
WITHOUT_A = {"b/requirements.txt": "-r ../requirements.txt\n", "c/requirements.txt": "-r ../requirements.txt\n"}
COMPOSE = "services:\n  a:\n    build:\n      context: {context}\n      dockerfile: {dockerfile}\n"
INSTALL = "FROM python:3.12\nWORKDIR /app\nCOPY {source} .\nRUN pip install -r requirements.txt\n"


def reason_for_a(run: LaidOut) -> str:
    """Return why `a` stays, after making sure that it does and that the others do not."""
    changed = {path: text for path, text in run.changed.items() if path != "requirements.txt"}
    assert changed == WITHOUT_A
    (group,) = run.plan.plan.in_lane(Lane.REFUSED)
    assert group.id.startswith("unify/layout/a/requirements.txt/")
    assert group.hint
    assert group.location
    assert not group.edits
    return group.why


@pytest.mark.parametrize(
    ("more", "told"),
    [
        pytest.param(
            {"a/Dockerfile": INSTALL.format(source="requirements.txt")},
            "a/Dockerfile:4 installs it in an image that is built from a, which does not hold requirements.txt",
            id="an image built beside the file",
        ),
        pytest.param(
            {"Dockerfile": INSTALL.format(source="a/requirements.txt")},
            "Dockerfile:4 installs it in an image that does not have requirements.txt as /requirements.txt",
            id="an image that does not copy the root file",
        ),
        pytest.param(
            {
                "docker/Dockerfile": INSTALL.format(source="requirements.txt"),
                "compose.yml": COMPOSE.format(context="./a", dockerfile="../docker/Dockerfile"),
            },
            "docker/Dockerfile:4 installs it in an image that is built from a, which does not hold requirements.txt",
            id="a context that Compose names",
        ),
        pytest.param(
            {
                "Dockerfile": INSTALL.format(source="${WHICH}/"),
                "compose.yml": COMPOSE.format(context=".", dockerfile="Dockerfile") + "      args: {WHICH: a}\n",
            },
            "Dockerfile:4 installs it in an image that does not have requirements.txt as /requirements.txt",
            id="an argument that Compose gives",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM python:3.12\nCOPY . /repo\nRUN pip install -r /repo/a/requirements.txt\n",
                ".dockerignore": "# what the image does not need\n*.txt\n!a/*.txt\n",
            },
            "Dockerfile:3 installs it in an image that does not have requirements.txt as /repo/requirements.txt",
            id="a root file that .dockerignore keeps out",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM python:3.12\n"
                "RUN --mount=type=bind,source=a/requirements.txt,target=/tmp/r.txt pip install -r /tmp/r.txt\n"
            },
            "Dockerfile:2 installs it in an image that does not have requirements.txt as /requirements.txt",
            id="a mount of one file",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM scratch AS files\nCOPY a/requirements.txt /x/\n"
                "FROM python:3.12\nCOPY --from=files /x /y\nRUN pip install -r /y/requirements.txt\n"
            },
            "Dockerfile:5 installs it in an image that does not have requirements.txt as /requirements.txt",
            id="a file that comes through another stage",
        ),
        pytest.param(
            {"a/pyproject.toml": '[tool.setuptools.dynamic]\ndependencies = {file = "requirements.txt"}\n'},
            "setuptools reads it line by line (a/pyproject.toml:2), which does not follow -r",
            id="dynamic metadata",
        ),
        pytest.param(
            {"a/setup.cfg": "[metadata]\nname = a\n[options]\ninstall_requires = file: requirements.txt\n"},
            "setuptools reads it line by line (a/setup.cfg:4), which does not follow -r",
            id="a file directive",
        ),
        pytest.param(
            {"a/setup.py": "from setuptools import setup\n\nNAME = 'requirements.txt'\nsetup(**read(NAME))\n"},
            "a/setup.py reads it (a/setup.py:3), which does not follow -r",
            id="a setup.py",
        ),
        pytest.param(
            {"tool.py": "lines = open('a/requirements.txt').readlines()\n"},
            "tool.py reads it (tool.py:1), which does not follow -r",
            id="a script that reads it",
        ),
        pytest.param(
            {"a/pyproject.toml": '[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["requirements.txt"]\n'},
            "a plugin of Hatch reads it line by line (a/pyproject.toml:2), which does not follow -r",
            id="a plugin of Hatch",
        ),
        pytest.param(
            {"WORKSPACE": 'pip_parse(name = "a", requirements_lock = "//a:requirements.txt")\n'},
            "a build tool reads it line by line (WORKSPACE:1), which does not follow -r",
            id="Bazel",
        ),
        pytest.param(
            {"a/BUILD": 'python_requirements(source="requirements.txt")\n'},
            "a build tool reads it line by line (a/BUILD:1), which does not follow -r",
            id="Pants",
        ),
        pytest.param(
            {"a/host.json": '{"version": "2.0"}\n'},
            "a is an Azure Functions app (a/host.json:1), which is installed without the folders above it",
            id="Azure Functions",
        ),
        pytest.param(
            {"a/app.yaml": "runtime: python312\n"},
            "a is an App Engine service (a/app.yaml:1), which is installed without the folders above it",
            id="App Engine",
        ),
        pytest.param(
            {
                "template.yaml": "Resources:\n  A:\n    Type: AWS::Serverless::Function\n"
                "    Properties:\n      CodeUri: a/\n"
            },
            "a is the code of a Lambda function (template.yaml:5), which is installed without the folders above it",
            id="SAM",
        ),
        pytest.param(
            {"a/.chalice/config.json": "{}\n"},
            "a is a Chalice app (a/.chalice/config.json:1), which is installed without the folders above it",
            id="Chalice",
        ),
        pytest.param(
            {"a/requirements.txt": f"{SHARED}functions-framework==3.5.0\n"},
            "a is a Cloud Function (a/requirements.txt:3), which is installed without the folders above it",
            id="Cloud Functions",
        ),
        pytest.param(
            {"a/requirements.txt": f"{SHARED}z==1 --hash=sha256:{'0' * 64}\n"},
            "a/requirements.txt:3 has a hash, and one hash demands hashes of everything",
            id="a hash",
        ),
        pytest.param(
            {"a/requirements.txt": f"{SHARED}google - auth==2\n"},
            "pip does not read a/requirements.txt:3: pip reads only google and passes over the rest",
            id="a line that pip does not read",
        ),
        pytest.param(
            {"a/requirements.txt": "x==1\ry==1\r"},
            "a/requirements.txt:1 ends in a way that pip and other tools read differently",
            id="line ends that tools read differently",
        ),
    ],
)
def test_is_told(more: dict[str, str], told: str, lay_out: LayOut) -> None:
    assert reason_for_a(lay_out({**FILES, **more})) == told


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(
            {"Dockerfile": "FROM python:3.12\nCOPY . /repo\nRUN pip install -r /repo/a/requirements.txt\n"},
            id="an image that holds the whole repository",
        ),
        pytest.param(
            {
                "Dockerfile": "FROM python:3.12\nWORKDIR /repo\nCOPY requirements*.txt ./\n"
                "COPY a/requirements.txt a/\nRUN pip install -r a/requirements.txt\n"
            },
            id="an image that holds both where they belong",
        ),
        pytest.param({"a/Dockerfile": "FROM python:3.12\nCOPY . .\n"}, id="an image that installs nothing"),
        pytest.param({"a/Dockerfile": "FROM x\nRUN pip install -r /elsewhere/requirements.txt\n"}, id="another file"),
        pytest.param({"tool.py": "print('pip install -r a/requirements.txt')\n"}, id="a script that names it"),
        pytest.param({"noxfile.py": "session.install('-r', open('a/requirements.txt'))\n"}, id="a noxfile"),
        pytest.param({"tox.ini": "[testenv]\ndeps = -r a/requirements.txt\n"}, id="tox"),
        pytest.param({"a/app.yaml": "name: something else\n"}, id="a file that is called like that of a platform"),
        pytest.param({"a/sub/app.yaml": "runtime: python312\n"}, id="a service in a folder below"),
        pytest.param({"host.json": '{"version": "2.0"}\n'}, id="the root as a function"),
    ],
)
def test_is_no_hindrance(more: dict[str, str], lay_out: LayOut) -> None:
    run = lay_out({**FILES, **more})
    assert run.changed["a/requirements.txt"] == "-r ../requirements.txt\n"
    assert run.refused == {}


def test_an_image_may_hold_one_root_file_and_lack_another(lay_out: LayOut) -> None:
    text = f"{SHARED}pytest==8.0.0\nruff==0.1.9\n"
    dockerfile = (
        "FROM python:3.12\nWORKDIR /repo\nCOPY requirements.txt ./\nCOPY a/requirements.txt a/\n"
        "RUN pip install -r a/requirements.txt\n"
    )
    run = lay_out({**dict.fromkeys(FILES, text), "Dockerfile": dockerfile})
    assert run.changed["a/requirements.txt"] == "-r ../requirements.txt\n\npytest==8.0.0\nruff==0.1.9\n"
    assert list(run.refused) == ["a/requirements.txt: does not reference requirements-dev.txt"]


def test_what_an_installed_file_includes_is_looked_at_too(lay_out: LayOut) -> None:
    run = lay_out(
        {
            "a/base-requirements.txt": SHARED,
            "a/requirements.txt": "-r base-requirements.txt\n",
            "a/Dockerfile": "FROM python:3.12\nCOPY *.txt ./\nRUN pip install -r requirements.txt\n",
            "b/requirements.txt": SHARED,
            "c/requirements.txt": SHARED,
        }
    )
    assert list(run.refused) == ["a/base-requirements.txt: does not reference requirements.txt"]


def test_a_platform_installs_one_file_and_what_that_includes(lay_out: LayOut) -> None:
    files = {
        "a/base-requirements.txt": SHARED,
        "a/requirements.txt": "-r base-requirements.txt\n",
        "a/requirements-test.txt": f"{SHARED}functions-framework==3.5.0\n",
        "a/app.yaml": "runtime: python312\n",
        "b/requirements.txt": SHARED,
    }
    run = lay_out(files)
    assert run.changed["a/requirements-test.txt"] == "-r ../requirements.txt\n\nfunctions-framework==3.5.0\n"
    assert list(run.refused) == ["a/base-requirements.txt: stays as it is"]


def test_a_link_from_elsewhere(lay_out: LayOut) -> None:
    run = lay_out({**FILES, "d/e/notes": ""}, links={"d/e/requirements.txt": "../../a/requirements.txt"})
    assert reason_for_a(run) == "d/e/requirements.txt is a link to it, from where a -r would lead elsewhere"


@pytest.mark.parametrize(("more", "is_widened"), [("z==1\n", False), ("", True)])
def test_a_locked_file_is_never_widened(more: str, is_widened: bool, lay_out: LayOut) -> None:  # noqa: FBT001
    lock = "# autogenerated by uv via the following command:\n#    uv pip compile requirements.in\nx==1\ny==1\n"
    files = {
        "a/requirements.in": f"{SHARED}{more}",
        "a/requirements.txt": lock,
        "b/requirements.txt": f"{SHARED}z==1\n",
        "c/requirements.txt": f"{SHARED}z==1\n",
    }
    run = lay_out(files, LayoutOptions(max_added=9))
    if is_widened:
        assert run.refused == {
            "a/requirements.in: stays as it is": "a/requirements.txt is compiled from it and would get 1 package more"
        }
    else:
        assert run.changed["a/requirements.in"] == "-r ../requirements.txt\n"


def test_a_locked_file_references_the_layers_that_give_it_nothing_new(lay_out: LayOut) -> None:
    lock = "# autogenerated by uv via the following command:\n#    uv pip compile requirements.in\nx==1\npytest==8\n"
    shared = "x==1\ny==1\npytest==8\n"
    files = {
        "a/requirements.in": "x==1\npytest==8\n",
        "a/requirements.txt": lock,
        "b/requirements.txt": shared,
        "c/requirements.txt": shared,
    }
    run = lay_out(files, LayoutOptions(max_added=9))
    assert run.changed["a/requirements.in"] == "-r ../requirements-dev.txt\n\nx==1\n"
    title = "a/requirements.in: references only what gives it nothing new"
    assert run.refused == {title: "a/requirements.txt is compiled from it and would get 1 package more"}


def test_a_root_file_that_a_lock_is_made_from_does_not_grow(lay_out: LayOut) -> None:
    lock = "# autogenerated by uv via the following command:\n#    uv pip compile requirements.txt\nx==1\n"
    run = lay_out({**FILES, "requirements.txt": "x==1\n", "requirements.lock.txt": lock})
    assert run.changed["a/requirements.txt"] == "-r ../requirements.txt\n\ny==1\n"
    assert run.refused == {
        "requirements.txt: stays as it is": "requirements.lock.txt is compiled from it and would get 1 package more"
    }


def test_a_root_file_that_a_tool_made_is_no_layer(lay_out: LayOut) -> None:
    run = lay_out({**FILES, "requirements.txt": "# autogenerated by pip-compile\nx==1\n"})
    assert run.changed == {}
    assert run.refused == {"requirements.txt: stays as it is": "pip-compile makes it, so that no line can be put there"}


def test_a_root_file_that_setuptools_reads_keeps_its_lines(lay_out: LayOut) -> None:
    project = '[project]\nname = "root"\n[tool.setuptools.dynamic]\ndependencies = {file = "requirements.txt"}\n'
    run = lay_out({**FILES, "pyproject.toml": project, "requirements.txt": "x==1\n"})
    assert run.changed["a/requirements.txt"] == "-r ../requirements.txt\n\ny==1\n"
    assert "requirements.txt" not in run.changed
    assert list(run.refused) == ["requirements.txt: stays as it is"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("-e ./lib", "requirements.txt names ./lib, which pip looks for in the working directory"),
        ("./lib", "requirements.txt names ./lib, which pip looks for in the working directory"),
        ("--find-links x", "requirements.txt has --find-links, which would hold for this file too"),
    ],
)
def test_a_root_file_that_holds_only_where_it_is(line: str, told: str, lay_out: LayOut) -> None:
    run = lay_out({**FILES, "requirements.txt": f"{line}\n{SHARED}"})
    assert run.changed == {}
    assert set(run.refused.values()) == {told}


def test_two_projects_that_offer_the_same_package(lay_out: LayOut) -> None:
    files = {
        "common/pyproject.toml": '[project]\nname = "common"\n',
        "common/src/__init__.py": "",
        "a/src/__init__.py": "",
        "requirements.txt": f"common\n{SHARED}",
    }
    told = "requirements.txt brings the project in common, which offers src as this project does"
    assert reason_for_a(lay_out({**FILES, **files})) == told


def test_a_project_of_the_repository_stays_with_each(lay_out: LayOut) -> None:
    files = {f"{name}/requirements.txt": "common==1\nx==1\n" for name in "ab"}
    run = lay_out({**files, "common/pyproject.toml": '[project]\nname = "common"\n'})
    assert run.changed["a/requirements.txt"] == "-r ../requirements.txt\n\ncommon==1\n"
    assert [(left.package, left.reason) for left in run.plan.left] == [("common", "it is the project in common")]


def test_a_file_that_the_root_file_includes_cannot_include_it(lay_out: LayOut) -> None:
    run = lay_out({**FILES, "requirements.txt": f"-r a/requirements.txt\n{SHARED}"})
    assert reason_for_a(run) == "requirements.txt includes it, so it cannot include requirements.txt"


def test_a_root_file_whose_encoding_lacks_a_character_stays(lay_out: LayOut) -> None:
    files = {f"{name}/requirements.txt": "x==1  # µ → ∞\ny==1\n" for name in "ab"}
    run = lay_out({**files, "requirements.txt": b"# -*- coding: latin-1 -*-\n# \xe4\ny==1\n"})
    assert run.changed == dict.fromkeys(files, "-r ../requirements.txt\n\nx==1  # µ → ∞\n")
    assert list(run.refused) == ["requirements.txt: stays as it is"]


def test_a_hindered_file_keeps_its_versions_in_the_other_layout(lay_out: LayOut) -> None:
    run = lay_out({**FILES, "a/Procfile": "web: serve\n"}, LayoutOptions(Layout.CONSTRAINTS))
    assert sorted(run.changed) == ["b/requirements.txt", "c/requirements.txt", "constraints.txt"]
    assert list(run.refused) == ["a/requirements.txt: stays as it is"]


def test_a_line_that_the_encoding_hangs_on_stays(lay_out: LayOut) -> None:
    run = lay_out({**FILES, "a/requirements.txt": "# coding: latin-1 ä\nx==1\n\ny==1  # ö\n".encode("latin-1")})
    told = "the result would be read in another encoding"
    assert any(told in why or "utf-8" in why for why in run.refused.values())
    assert "a/requirements.txt" not in run.changed


def test_a_constraints_file_that_cannot_be_edited_takes_nothing(lay_out: LayOut) -> None:
    files = {f"{name}/requirements.txt": "x==1\n" for name in "ab"}
    run = lay_out({**files, "constraints.txt": "x>=\\\n0\n"}, LayoutOptions(Layout.CONSTRAINTS))
    assert run.changed == {}
    assert run.refused == {"constraints.txt: stays as it is": "a continuation runs through its specifier"}
