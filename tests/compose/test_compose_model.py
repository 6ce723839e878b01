"""The model of a project is the one that Docker Compose makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.compose.files import ComposeFiles
from rrr_optimize.facts.compose.loading import load_project
from tests.compose.conftest import HOME, comparable, simplify
from tests.compose.texts import Texts

if TYPE_CHECKING:
    from tests.compose.conftest import Oracle
    from tests.conftest import Repository

ONE_FILE = {
    "short-forms": """
services:
  web:
    image: nginx
    command: echo "a b" $$HOME
    ports: ["80", "127.0.0.1:8000-8001:9000-9001/udp", "3000-3001:80", {target: 4, published: 5}, 443:443]
    volumes: [".:/a:ro,z", "data:/d/", "/x", "~/h:/h", "./b:/b:rshared", "C:\\\\x:/c"]
    extra_hosts: ["a:1.2.3.4", "b=host-gateway", "c:::1"]
    healthcheck: {test: curl x, interval: 90s, timeout: 1h, start_period: 1500ms}
    expose: [80, "90-91/tcp", "80"]
    tmpfs: /run
    dns: 1.1.1.1
    depends_on: [db]
    links: [db:x]
    secrets: [s]
    configs: [{source: c, target: /c}]
    devices: [/dev/a, "/dev/b:/dev/c:r"]
    ulimits: {nofile: 5, nproc: {soft: 1, hard: 2}}
    sysctls: [net.x=1]
    labels: [a=b, c]
    environment: [A=1, B, C=]
    gpus: all
  db: {build: ./x, network_mode: host}
volumes: {data: }
secrets: {s: {file: ./s}}
configs: {c: {content: "hi"}}
""",
    "commands-and-operators": """
services:
  a: {image: x, command: "/start.sh && ping localhost > /dev/null"}
  b: {image: x, command: "bash -c 'a; b | c' ; d"}
  c: {image: x, entrypoint: "run 2>/dev/null", command: 'x "a;b" c\\\\;d'}
  d: {image: x, command: "x `a;b` y; z"}
  e: {image: x, command: "serve --port=1 2>&1 | tee log"}
  f: {image: x, command: 'sh -c "sed s/\\r$$// a > b"'}
  g: {image: x, command: 'a\\ b "\\n" `c\\n` "" 2x>d'}
""",
    "modes-and-homes": """
services:
  web:
    image: nginx
    configs: [{source: c, mode: 0755}, {source: c, target: /b, mode: "440"}, {source: c, target: /d, mode: 440}]
    secrets: [{source: s, mode: "0400"}]
    volumes: ["~/x/:/x", "~:/y", "~/a/../b:/z", "/d/:/w"]
    build: ~/b/
configs: {c: {file: ~/c/./d}}
secrets: {s: {file: ./s}}
""",
    "external-with-a-name": """
services: {a: {image: x, networks: [n], volumes: ["v:/v"], build: {context: ., secrets: [s]}}}
networks: {n: {external: {name: other}}}
volumes: {v: {external: {name: elsewhere}}}
secrets: {s: {file: ./s}}
""",
    "long-forms": """
name: Some-Name
services:
  web:
    build: {context: ./web, args: [A=1, B], additional_contexts: {base: ../base, other: "docker-image://x"}}
    extra_hosts: {a: 1.2.3.4}
    environment: {A: 1.0, B: , C: true, D: 0x10, E: 017, F: "yes", G: yes, H: 1e3}
    labels: {a: 1, b: }
    networks: {n: {aliases: [q, q], ipv4_address: 10.0.0.4}}
    volumes: [{type: bind, source: ./x, target: /x}, {type: volume, source: v, target: /v}]
    mem_limit: 1.5g
    cpus: 0.5
    shm_size: 64m
    deploy: {replicas: 2, resources: {limits: {cpus: '0.50', memory: 8G}}, labels: [a=b]}
  job: {image: x, network_mode: "service:web", pid: "service:web", profiles: [p]}
  copy: {image: x, volumes_from: ["job:ro"]}
networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}]}}, other: }
volumes: {v: {external: true}}
""",
    "anchors-and-merge-keys": """
x-base: &base
  restart: always
  environment: &env {A: a, B: b}
x-more: &more {restart: "no", init: true}
services:
  one: {<<: *base, image: x}
  two:
    <<: [*more, *base]
    image: x
    environment: {<<: *env, B: c}
""",
    "variables": """
services:
  web:
    image: x:${TAG:-${OTHER:-1}}
    command: ["$NAME", "${NAME}-$$x", "${EMPTY-x}", "${EMPTY:-x}", "${NAME:+set}", "${NONE:+set}"]
    environment: {A: "${FROM_FILE}", B: "${QUOTED}", C: "${LATER}"}
    ports: ["${PORT:-80}:80"]
""",
    "extends-in-one-file": """
services:
  base: {image: x, environment: {A: 1, B: 2}, ports: ["1:1"], command: a}
  web: {extends: base, environment: {B: 3}, ports: ["2:2"], command: b}
  third: {extends: {service: web}, image: y}
""",
    "default-network": """
services:
  a: {image: x, networks: {}}
  b: {image: x, networks: [default, n]}
  c: {image: x, network_mode: none}
networks: {n: {name: other}, default: {driver: bridge}}
""",
}
SEVERAL_FILES = {
    "variables-of-a-file-and-of-the-project": (
        {
            "compose.yml": "services: {a: {image: x, env_file: [a.env], environment: [C, D]}}",
            ".env": "A=1\nC=${A}3\nD=${C}4\n",
            "a.env": "A=2\nB=${A}5\nE=${B}6\n",
        },
        ["compose.yml"],
    ),
    "override": (
        {
            "a.yml": """
services:
  web:
    image: x
    command: [a, b]
    entrypoint: e
    ports: ["80:80", "81:81"]
    volumes: ["./a:/a", "./b:/b"]
    environment: [A=1, B=2]
    networks: [one]
    depends_on: [db]
    logging: {driver: json-file, options: {max-size: 1m}}
    healthcheck: {test: [CMD, x], interval: 1s}
    build: ./a
    dns: [1.1.1.1]
    ulimits: {nproc: {soft: 1, hard: 2}}
    deploy: {resources: {limits: {memory: 1G}}}
  db: {image: y}
networks: {one: {ipam: {config: [{subnet: 10.0.0.0/24}]}}, two: }
""",
            "b.yml": """
services:
  web:
    command: c
    ports: ["80:80", "82:82"]
    volumes: ["./c:/b:ro"]
    environment: {B: 3, C: 4}
    networks: {two: {aliases: [w]}}
    depends_on: {db: {condition: service_healthy, restart: true}}
    logging: {driver: syslog, options: {tag: x}}
    healthcheck: {test: y}
    build: {args: {A: 1}}
    dns: 8.8.8.8
    ulimits: {nproc: 5}
    deploy: {resources: {limits: {cpus: "1"}}}
  db: {environment: {}}
networks: {one: {ipam: {config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1}]}}}
""",
        },
        ["a.yml", "b.yml"],
    ),
    "reset-and-override": (
        {
            "a.yml": "services: {web: {image: x, ports: ['80:80'], environment: {A: 1, B: 2}, command: [a], dns: [a]}}",
            "b.yml": "services: {web: {ports: !override ['81:81'], environment: {A: !reset null}, dns: !reset []}}",
        },
        ["a.yml", "b.yml"],
    ),
    "extends-another-file": (
        {
            "compose.yml": "services: {web: {extends: {file: sub/base.yml, service: base}, image: y}}",
            "sub/base.yml": "services: {base: {build: ., volumes: ['./v:/v'], env_file: e.env}, other: {image: z}}",
            "sub/e.env": "A=1\n# B=2\nexport C='x y' # c\nD=\"a\\nb\"\n",
        },
        ["compose.yml"],
    ),
    "include": (
        {
            "compose.yml": "include:\n- sub/compose.yml\n"
            "- {path: [s/a.yml, s/b.yml], project_directory: ., env_file: s/x.env}\n"
            "services: {web: {image: x, depends_on: [db, q]}}",
            "sub/compose.yml": "services: {db: {image: 'y:${V}', volumes: ['./d:/d']}}\nnetworks: {n: }",
            "sub/.env": "V=7\n",
            "s/a.yml": "services: {q: {image: 'q:${W}', build: ./q}}",
            "s/b.yml": "services: {q: {command: x}}",
            "s/x.env": "W=${V:-9}\n",
        },
        ["compose.yml"],
    ),
    "files-in-another-folder": (
        {"deploy/a.yml": "services: {web: {build: ., image: x}}", "b.yml": "services: {web: {volumes: ['./x:/x']}}"},
        ["deploy/a.yml", "b.yml"],
    ),
    "documents": ({"c.yml": "services: {a: {image: x}}\n---\nservices: {a: {command: y}, b: {image: z}}"}, ["c.yml"]),
    "passed-on": (
        {
            "c.yml": "services: {a: {image: x, environment: [V, NONE], build: {context: ., args: [V, NONE]}}}",
            ".env": "V=1\nCOMPOSE_PROJECT_NAME=mine\n",
        },
        ["c.yml"],
    ),
}


@pytest.mark.parametrize("text", ONE_FILE.values(), ids=ONE_FILE)
def test_one_file_means_what_compose_says(text: str, repository: Repository, oracle: Oracle) -> None:
    env = 'FROM_FILE=from file # comment\nQUOTED="a $FROM_FILE"\nEMPTY=\nNAME=name\nLATER=${QUOTED}!\n'
    check({"compose.yml": text, ".env": env}, ["compose.yml"], repository, oracle)


@pytest.mark.parametrize(("files", "given"), SEVERAL_FILES.values(), ids=SEVERAL_FILES)
def test_files_together_mean_what_compose_says(
    files: dict[str, str], given: list[str], repository: Repository, oracle: Oracle
) -> None:
    check(files, given, repository, oracle)


def check(files: dict[str, str], given: list[str], repository: Repository, oracle: Oracle) -> None:
    root = repository(files)
    answer = oracle(root, given)
    assert answer.error == ""
    directory = (root / given[0]).parent
    loaded = load_project(ComposeFiles(Texts()), [str(root / name) for name in given], str(directory), {"HOME": HOME})
    assert loaded.problems == ()
    assert loaded.model is not None
    assert comparable(loaded.model) == simplify(answer.model)


def test_a_variable_that_nothing_sets_stays_a_variable(repository: Repository) -> None:
    root = repository({"compose.yml": "services: {web: {image: 'x:${TAG}', ports: ['${PORT}:80']}}"})
    loaded = load_project(ComposeFiles(Texts()), [str(root / "compose.yml")], str(root))
    assert loaded.model is not None
    image = loaded.model.get("services", "web", "image")
    assert image is not None
    assert (image.text, image.unset) == ("x:${TAG}", ("TAG",))
    ports = loaded.model.get("services", "web", "ports")
    assert ports is not None
    assert [(port.mapping["published"].text, port.mapping["target"].data) for port in ports.items] == [("${PORT}", 80)]


REFUSED = {
    "kinds": (
        {"a.yml": "services: {a: {image: x, ports: ['1:1']}}", "b.yml": "services: {a: {ports: {a: 1}}}"},
        "merge",
    ),
    "include-cycle": ({"a.yml": "include: [b.yml]", "b.yml": "include: [a.yml]\nservices: {a: {image: x}}"}, "cycle"),
    "extends-cycle": ({"a.yml": "services: {a: {extends: b}, b: {extends: a}}"}, "cycle"),
    "extends-missing": ({"a.yml": "services: {a: {extends: b}}"}, "missing-service"),
    "include-missing": ({"a.yml": "include: [b/c.yml]\nservices: {a: {image: x}}"}, "missing-file"),
    "template": ({"a.yml": "services: {a: {image: 'x:${1}'}}"}, "template"),
    "port": ({"a.yml": "services: {a: {image: x, ports: ['a:b']}}"}, "short-form"),
}


@pytest.mark.parametrize(("files", "kind"), REFUSED.values(), ids=REFUSED)
def test_what_compose_refuses_is_a_problem_and_the_rest_goes_on(
    files: dict[str, str], kind: str, repository: Repository, oracle: Oracle
) -> None:
    root = repository(files)
    given = [name for name in ("a.yml", "b.yml") if name in files and "include" not in files["a.yml"]] or ["a.yml"]
    assert oracle(root, given).error
    loaded = load_project(ComposeFiles(Texts()), [str(root / name) for name in given], str(root))
    assert kind in {problem.kind for problem in loaded.problems}
    assert loaded.model is not None
