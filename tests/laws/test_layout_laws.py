"""Laws of layouts, over generated repositories: who asks for what stays, nothing else changes, once is enough."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st
from packaging.markers import Marker
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements

from rrr_optimize.formats.requirements_lines import LineKind, read_requirements
from rrr_optimize.model import Lane
from rrr_optimize.requirements.layouts import Layout, LayoutOptions, plan_layout
from rrr_optimize.source import SourceText
from tests.opening import open_folder

if TYPE_CHECKING:
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts import LayoutPlan

Files = dict[str, str]

NAMES = ("numpy", "pandas", "Py_YAML", "py-yaml", "pytest", "torch", "ccxt", "redis")
EXTRAS = ("", "", "", "[a]", "[b,a]")
SPECIFIERS = ("", "==1.5", "==1.5", "==1.5", ">=1", "<2", ">=1.2,!=1.3", "==1.6", "~=1.4")
MARKERS = ("", "", "", '; python_version < "3.11"', '; sys_platform == "win32"', "; os_name=='nt'")
COMMENTS = ("", "", "", "  # why", "  # because")
REQUIREMENTS = st.builds(
    "".join, st.tuples(*(st.sampled_from(part) for part in (NAMES, EXTRAS, SPECIFIERS, MARKERS, COMMENTS)))
)
LINES = st.lists(
    REQUIREMENTS | REQUIREMENTS | st.sampled_from(["", "# heading", "# --- part ---", "-e .", "./lib", "--pre"]),
    max_size=9,
)
ENDS = st.sampled_from(["\n", "\n", "\r\n"])
OPTIONS = st.builds(
    LayoutOptions,
    st.sampled_from(Layout),
    threshold=st.sampled_from([0.25, 0.5, 0.75, 1.0]),
    max_added=st.sampled_from([None, None, 0, 2, 9]),
)


@st.composite
def repositories(draw: st.DrawFn) -> Files:
    """Return requirements files of a few projects, some of which include each other or a root file that is there."""
    files: Files = {}
    for root in draw(st.sets(st.sampled_from(["requirements.txt", "requirements-dev.txt", "constraints.txt"]))):
        lines = draw(LINES.map(lambda lines: [line for line in lines if not line.startswith(("-", "."))]))
        files[root] = write(lines, "\n", is_ended=True)
    for project in draw(st.sets(st.sampled_from(["a", "b", "deep/c", "deep/d"]), min_size=2)):
        up = "../" * (project.count("/") + 1)
        references = ["-r base.txt", *(f"-r {up}{root}" for root in files if "/" not in root)]
        references += [f"-c {up}{root}" for root in files if "/" not in root]
        for name in ("requirements.txt", "requirements-dev.txt", "base.txt"):
            if name == "requirements.txt" or draw(st.booleans()):
                own = [] if name == "base.txt" else draw(st.lists(st.sampled_from(references), max_size=2, unique=True))
                files[f"{project}/{name}"] = write([*own, *draw(LINES)], draw(ENDS), is_ended=draw(st.booleans()))
        files.setdefault(f"{project}/base.txt", "")
    return files


def write(lines: list[str], end: str, *, is_ended: bool) -> str:
    return end.join(lines) + (end if is_ended and lines else "")


def read(folder: Path, files: Files) -> Repository:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return open_folder(folder)


def lay_out(files: Files, options: LayoutOptions) -> tuple[LayoutPlan, Files]:
    """Return the plan, after a second one was seen to be empty, and all files as they would be."""
    with tempfile.TemporaryDirectory() as folder:
        repository = read(Path(folder), files)
        plan = plan_layout(repository, options)
        accepted = [group for group in plan.plan.groups if group.lane is not Lane.REFUSED]
        after = repository.overlay(accepted)
        changed = {each.path: (each.after or b"").decode("utf-8") for each in after.snapshot.changes}
        again = plan_layout(after, options)
        assert [group.title for group in again.plan.groups if group.lane is not Lane.REFUSED] == []
        assert all(proof.holds for group in accepted for proof in group.proofs)
    return plan, {**files, **changed}


def flatten(folder: Path, path: str, session: PipSession) -> frozenset[tuple[str, frozenset[str], str]]:
    """Return what pip itself reads as asked for: names, extras and markers."""
    found = set()
    for parsed in parse_requirements(str(folder / path), session):
        requirement = install_req_from_parsed_requirement(parsed) if parsed.requirement[:1] not in ".-" else None
        if requirement is not None and requirement.req is not None and not parsed.constraint:
            marker = str(Marker(str(requirement.markers))) if requirement.markers else ""
            found.add((requirement.req.name.lower().replace("_", "-"), frozenset(requirement.extras), marker))
    return frozenset(found)


@given(repositories(), OPTIONS)
def test_pip_itself_reads_what_it_read_before(files: Files, options: LayoutOptions) -> None:
    plan, after = lay_out(files, options)
    added = {cost.path: cost.added for cost in plan.costs}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other, PipSession() as session:
        read(Path(one), files)
        read(Path(other), after)
        for path in files:
            if path != "constraints.txt":
                old, new = flatten(Path(one), path, session), flatten(Path(other), path, session)
                assert old <= new
                names = {name for name, _, _ in new} - {name for name, _, _ in old}
                assert names <= {word.partition(" ")[0].partition("[")[0] for word in added.get(path, ())}


@given(repositories(), OPTIONS)
def test_outside_the_planned_lines_nothing_changes(files: Files, options: LayoutOptions) -> None:
    _, after = lay_out(files, options)
    for path, text in files.items():
        old = [line.rstrip("\r") for line in text.split("\n")]
        kept = [line.rstrip("\r") for line in after[path].split("\n") if not line.startswith(("-r ", "-c "))]
        if "/" in path:
            assert is_part(kept, old)
        ends = {end for end in ("\r\n", "\n") if end in text}
        if len(ends) == 1 or "\r\n" not in text:
            assert ("\r\n" in after[path]) == ("\r\n" in text)
        assert after[path].endswith("\n") == text.endswith("\n") or not text.strip() or not after[path].strip()


def is_part(kept: list[str], old: list[str]) -> bool:
    """Return whether each line stands among the old ones in this order, but for blank lines and specifiers."""
    rest = iter([line for line in old if line.strip()])
    return all(any(line in {each, bare(each)} for each in rest) for line in kept if line.strip())


def bare(line: str) -> str:
    (read_line,) = read_requirements(SourceText("x", line)).lines
    place = read_line.requirement.specifier_span if read_line.requirement else None
    return line[: place.start] + line[place.end :] if place else line


@given(repositories(), OPTIONS, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(files: Files, options: LayoutOptions, random: object) -> None:
    shuffled = {}
    for path, text in files.items():
        lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
        random.shuffle(lines)  # type: ignore[attr-defined]
        shuffled[path] = "".join(f"{line}\n" for line in lines)
    ordered = {
        path: "".join(f"{line}\n" for line in text.replace("\r\n", "\n").split("\n") if line.strip())
        for path, text in files.items()
    }
    (_, one), (_, other) = lay_out(ordered, options), lay_out(shuffled, options)
    assert one.keys() == other.keys()
    for path in one:
        assert said_in(one[path]) == said_in(other[path])


def said_in(text: str) -> list[str]:
    lines = read_requirements(SourceText("x", text)).lines
    said = [text[line.content.start : line.content.end] for line in lines]
    return sorted(
        said for said, line in zip(said, lines, strict=True) if line.kind not in {LineKind.BLANK, LineKind.COMMENT}
    )


@given(repositories(), OPTIONS)
def test_no_file_that_includes_no_other_is_widened_beyond_the_limit(files: Files, options: LayoutOptions) -> None:
    plan, _ = lay_out(files, options)
    for cost in plan.costs:
        text = files.get(cost.path, "-r")
        if options.max_added is not None and "-r" not in text:
            assert len(cost.added) <= options.max_added
        if options.layout is Layout.CONSTRAINTS:
            assert cost.added == ()
