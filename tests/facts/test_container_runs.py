"""How services of Compose projects start programs; what cannot be led back to one file comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.container_runs import read_container_runs

if TYPE_CHECKING:
    from tests.conftest import Facts

FILES = {
    "svc/src/main.py": "",
    "svc/src/__init__.py": "",
    "svc/src/jobs/__main__.py": "",
    "svc/tests/test_x.py": "",
    "svc/run.py": "",
    "lib/shared/__init__.py": "",
    "other/run.py": "",
}
MOUNTED = "    image: python\n    working_dir: /app\n    volumes: ['./svc:/app']\n"


def tell(facts: Facts, files: dict[str, str]) -> list[str]:
    repository = facts({**FILES, **files})
    return [
        f"{each.location} {each.starter.value} {each.path} in {each.directory}"
        + (f" with {':'.join(each.pythonpath)}" if each.pythonpath else "")
        for each in read_container_runs(repository.compose.projects, repository.snapshot)
    ]


def service(text: str, dockerfile: str = "", more: str = "") -> dict[str, str]:
    files = {"compose.yaml": f"{more}services:\n  a:\n{text}"}
    return {**files, "svc/Dockerfile": dockerfile} if dockerfile else files


@pytest.mark.parametrize(
    "files",
    [
        service("    image: python\n    command: python -m src.main\n"),
        service("    image: python\n    working_dir: /app\n    command: python -m src.main\n"),
        service(f"{MOUNTED}    command: python -m src.missing\n"),
        service(f"{MOUNTED}    command: python $FILE\n"),
        service(f"{MOUNTED}    command: echo python run.py\n"),
        service(f"{MOUNTED}    entrypoint: echo\n    command: python run.py\n"),
        service("    image: python\n    working_dir: $HERE\n    volumes: ['./svc:/app']\n    command: python run.py\n"),
        service("    image: python\n    working_dir: /app\n    volumes: ['$X:/app']\n    command: python run.py\n"),
        service("    image: python\n    working_dir: /app\n    volumes: ['data:/app']\n    command: python run.py\n"),
        service("    image: python\n    working_dir: /app\n    volumes: ['../svc:/app']\n    command: python run.py\n"),
        service("    image: python\n    working_dir: /app\n    volumes: ['/svc:/app']\n    command: python run.py\n"),
        service("    build: https://example.org/x.git\n    command: python run.py\n"),
        service("    build: ./missing\n    command: python run.py\n"),
        service("    build: ./svc\n", "FROM python\nWORKDIR /app\nCOPY run.py .\nCMD python src/main.py\n"),
        service("    build: ./svc\n", "FROM python\nWORKDIR /app\nCOPY . /elsewhere\nCMD python run.py\n"),
        service("    build: ./svc\n", "FROM python\nARG D\nWORKDIR /$D\nCOPY . .\nCMD python run.py\n"),
        service("    build: ./svc\n    command: []\n", "FROM python\nWORKDIR /app\nCOPY . .\nCMD python run.py\n"),
        service("    build: ./svc\n    entrypoint: [sh]\n", "FROM python\nWORKDIR /app\nCOPY . .\nCMD python run.py\n"),
        service("    build: ./svc\n", 'FROM python\nWORKDIR /a\nCOPY . .\nCMD python run.py\nENTRYPOINT ["true"]\n'),
        service(f"{MOUNTED}    healthcheck: {{test: [NONE]}}\n"),
        service(f"{MOUNTED}    healthcheck: {{test: [CMD, python]}}\n"),
    ],
)
def test_says_nothing_where_no_file_is_certain(facts: Facts, files: dict[str, str]) -> None:
    assert tell(facts, files) == []


IMAGE = "FROM python\nWORKDIR /app\nCOPY . .\n"
ONE = "FROM python AS one\nWORKDIR /app\nCOPY . .\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (service(f"{MOUNTED}    command: python -m src.main\n"), "compose.yaml:6 module svc/src/main.py in svc"),
        (
            service(f"{MOUNTED}    command: [python, -m, src.jobs]\n"),
            "compose.yaml:6 module svc/src/jobs/__main__.py in svc",
        ),
        (service(f"{MOUNTED}    command: python src/main.py\n"), "compose.yaml:6 script svc/src/main.py in svc"),
        (service(f"{MOUNTED}    command: python /app/src/main.py\n"), "compose.yaml:6 script svc/src/main.py in svc"),
        (
            service(f"{MOUNTED}    command: uvicorn src.main:app --port 80\n"),
            "compose.yaml:6 server svc/src/main.py in svc",
        ),
        (service(f"{MOUNTED}    command: pytest tests\n"), "compose.yaml:6 pytest svc/tests in svc"),
        (
            service(f"{MOUNTED}    command: sh -c 'cd src && python main.py'\n"),
            "compose.yaml:6 script svc/src/main.py in svc/src",
        ),
        (
            service(
                f"{MOUNTED}    command:\n      - bash\n      - -c\n      - |\n        :\n        python -m src.main\n"
            ),
            "compose.yaml:6 module svc/src/main.py in svc",
        ),
        (service(f"{MOUNTED}    command: ${{RUN:-python run.py}}\n"), "compose.yaml:6 script svc/run.py in svc"),
        (
            service(f"{MOUNTED}    entrypoint: python\n    command: [run.py]\n"),
            "compose.yaml:7 script svc/run.py in svc",
        ),
        (
            service(f"{MOUNTED}    entrypoint: [tini, --, /entrypoint]\n    command: python run.py\n"),
            "compose.yaml:7 script svc/run.py in svc",
        ),
        (
            service(f"{MOUNTED}    entrypoint: [/start.sh]\n    command: python run.py\n"),
            "compose.yaml:7 script svc/run.py in svc",
        ),
        (
            service(f"{MOUNTED}    healthcheck:\n      test: [CMD, python, run.py]\n"),
            "compose.yaml:7 script svc/run.py in svc",
        ),
        (
            service(f"{MOUNTED}    healthcheck:\n      test: python run.py || exit 1\n"),
            "compose.yaml:7 script svc/run.py in svc",
        ),
        (
            service(f"{MOUNTED}    command: python run.py\n    environment: ['PYTHONPATH=/app/src:/opt/x:$$P']\n"),
            "compose.yaml:6 script svc/run.py in svc with svc/src",
        ),
        (
            service(f"{MOUNTED}    command: env PYTHONPATH=src python run.py\n    environment: {{PYTHONPATH: /app}}\n"),
            "compose.yaml:6 script svc/run.py in svc with svc/src",
        ),
        (
            service(
                "    image: python\n    working_dir: /app\n    command: python run.py\n"
                "    volumes: ['./svc:/app', './lib:/opt/lib:ro']\n    environment: {PYTHONPATH: /opt/lib}\n"
            ),
            "compose.yaml:5 script svc/run.py in svc with lib",
        ),
        (
            service("    <<: *common\n    command: python run.py\n", more=f"x-common: &common\n{MOUNTED}"),
            "compose.yaml:8 script svc/run.py in svc",
        ),
        (
            service(
                "    image: python\n    working_dir: /app\n    volumes: ['.:/app']\n    command: python svc/run.py\n"
            ),
            "compose.yaml:6 script svc/run.py in .",
        ),
        (service("    build: ./svc\n", f"{IMAGE}CMD python run.py\n"), "compose.yaml:2 script svc/run.py in svc"),
        (service("    build: ./svc\n    command: python run.py\n", IMAGE), "compose.yaml:4 script svc/run.py in svc"),
        (
            service("    build: ./svc\n    command: null\n", f"{IMAGE}CMD python run.py\n"),
            "compose.yaml:2 script svc/run.py in svc",
        ),
        (
            service("    build: ./svc\n    command: run.py\n", f'{IMAGE}ENTRYPOINT ["python"]\nCMD ["other.py"]\n'),
            "compose.yaml:4 script svc/run.py in svc",
        ),
        (
            service("    build: ./svc\n", f"{IMAGE}HEALTHCHECK --interval=5s CMD python run.py\n"),
            "compose.yaml:2 script svc/run.py in svc",
        ),
        (
            service(
                "    build: ./svc\n",
                f"{IMAGE}ENV AT=/app\nENV PYTHONPATH=$AT/src:$PYTHONPATH\nENV PYTHONPATH=$PYTHONPATH:/app\n"
                "CMD python run.py\n",
            ),
            "compose.yaml:2 script svc/run.py in svc with svc/src:svc",
        ),
        (
            service(
                "    build: ./svc\n",
                "FROM python\nWORKDIR /app\nCOPY src ./src\nENV PYTHONPATH=/app\nCMD python -m src.main\n",
            ),
            "compose.yaml:2 module svc/src/main.py in svc with svc",
        ),
        (
            service("    build: ./svc\n", "FROM python\nWORKDIR /app\nCOPY src .\nCMD python main.py\n"),
            "compose.yaml:2 script svc/src/main.py in svc/src",
        ),
        (
            service(
                "    build: {context: ., dockerfile: svc/Dockerfile, args: {NAME: svc}}\n",
                "FROM python\nARG NAME\nWORKDIR /app\nCOPY $NAME .\nCOPY lib /app/lib\nENV PYTHONPATH=lib\n"
                "CMD python run.py\n",
            ),
            "compose.yaml:2 script svc/run.py in svc with lib",
        ),
        (
            service(
                "    build: {context: svc, target: one}\n",
                f"{ONE}CMD python run.py\nFROM one\nCMD python src/main.py\n",
            ),
            "compose.yaml:2 script svc/run.py in svc",
        ),
        (
            service("    build: ./svc\n", f"{ONE}CMD python run.py\nFROM one\nWORKDIR src\n"),
            None,
        ),
        (
            service(
                "    build: ./svc\n",
                f"{ONE}FROM python\nWORKDIR /b\nCOPY --from=one /app /b\nCMD python run.py\n",
            ),
            "compose.yaml:2 script svc/run.py in svc",
        ),
        (
            service("    build: ./svc\n    volumes: ['./other:/app']\n    command: python run.py\n", IMAGE),
            "compose.yaml:5 script other/run.py in other",
        ),
        (
            service("    build: ./svc\n    working_dir: /app/src\n", f"{IMAGE}CMD python main.py\n"),
            "compose.yaml:2 script svc/src/main.py in svc/src",
        ),
    ],
)
def test_leads_a_command_back_to_its_file(facts: Facts, files: dict[str, str], expected: str | None) -> None:
    assert tell(facts, files) == ([expected] if expected else [])


def test_paths_count_from_the_folder_of_the_compose_file(facts: Facts) -> None:
    text = service(f"{MOUNTED.replace('./svc', '../svc')}    command: python run.py\n")["compose.yaml"]
    assert tell(facts, {"deploy/compose.yaml": text}) == ["deploy/compose.yaml:6 script svc/run.py in svc"]


def test_a_service_of_two_sets_of_files_is_told_once(facts: Facts) -> None:
    files = service(f"{MOUNTED}    command: python run.py\n")
    files["README.md"] = "```\ndocker compose -f compose.yaml -f more.yaml up\n```\n"
    files["more.yaml"] = "services:\n  a:\n    labels: [x]\n"
    assert tell(facts, files) == ["compose.yaml:6 script svc/run.py in svc"]


def test_a_file_that_dockerignore_keeps_out_is_not_there(facts: Facts) -> None:
    files = service("    build: ./svc\n", f"{IMAGE}CMD python run.py\n")
    assert tell(facts, {**files, "svc/.dockerignore": "run.py\n"}) == []


def test_they_are_among_the_ways_in_which_a_file_is_entered(facts: Facts) -> None:
    files = service(f"{MOUNTED}    command: python -m src.main\n    environment: {{PYTHONPATH: /app/src}}\n")
    found = facts({**FILES, **files}).codebase.invocations
    assert [(each.path, each.directory, each.pythonpath) for each in found] == [
        ("svc/src/main.py", "svc", ("svc/src",))
    ]
