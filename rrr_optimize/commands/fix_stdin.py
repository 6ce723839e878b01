"""`rrr-optimize fix-imports -`: one file comes in, and goes out without what does nothing; nothing is written."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from rrr_optimize.commands.asking import admit_by_lane
from rrr_optimize.commands.fix_imports import decide, find_replayer, plan_proved, require_sense
from rrr_optimize.commands.opening import open_repository
from rrr_optimize.commands.streams import write_bytes
from rrr_optimize.consent import accept_groups
from rrr_optimize.errors import NoRepositoryError, UsageError
from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Span
from rrr_optimize.source import SourceText, UndecodableError
from rrr_optimize.workspace.root import find_root, path_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rrr_optimize.commands.fix_imports import Decisions
    from rrr_optimize.commands.writing import WritingOptions
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.tools.replay import Replayer
    from rrr_optimize.workspace.root import Root


def run_fix_stdin(
    name: str | None, options: WritingOptions, decisions: Decisions, cwd: Path, environ: Mapping[str, str]
) -> int:
    """Write what stdin holds to stdout, as the file `name` would become; return the exit code.

    That is 0, or with `check` 1 where something would change; nothing is printed then. The file need not exist. Raises
    RrrOptimizeError for everything that keeps the text from being judged; then nothing is printed either.
    """
    if not name:
        raise UsageError("- reads one file from stdin, and its name is not told", "say it with --stdin-filename")
    _require_plain(options)
    root, path = _find(name, cwd)
    data = sys.stdin.buffer.read()
    target = replace(decide(options.target, decisions, root, cwd), path=str(root.path), paths=())
    repository = open_repository(target, {}, cwd, environ).repository
    try:
        source = SourceText.decode(path, data)
    except UndecodableError as error:
        raise UsageError(f"stdin is no text: {error}", "it has to hold one Python file") from None
    fixed = _fix(_lay_over(repository, source), path, options, find_replayer(decisions, cwd))
    if options.check:
        return int(fixed != data)
    write_bytes(fixed)
    return 0


def _require_plain(options: WritingOptions) -> None:
    said = (
        ("--write", options.write),
        ("--interactive", options.interactive),
        ("--plan-out", options.plan_out),
        ("--apply", options.apply),
        ("--verify", options.verify),
        ("--output", options.output),
        ("--hook", options.hook),
        ("--project", options.target.projects),
        ("--since", options.target.since),
        ("--format json", options.output_format != "text"),
    )
    if vain := [name for name, is_on in said if is_on]:
        raise UsageError(f"- prints the text of one file, so {vain[0]} says nothing", f"leave {vain[0]} out")


def _find(name: str, cwd: Path) -> tuple[Root, str]:
    """Return the repository around a file that need not exist, and its path from the root."""
    try:
        place = (cwd / name).resolve()
        start = next(folder for folder in place.parents if folder.is_dir())
    except (OSError, RuntimeError, ValueError):
        raise UsageError(f"--stdin-filename {name!r} is no name of a file") from None
    try:
        root = find_root(None, start)
    except NoRepositoryError as error:
        raise NoRepositoryError(error.message, "--stdin-filename names a file inside a repository") from None
    return root, path_below(root, place, name)


def _lay_over(repository: Repository, source: SourceText) -> Repository:
    """Return the repository with the text in place of what the file holds, and found by every search."""
    path, below = source.path, repository.find_holding
    old = repository.snapshot.text(path)
    if old is None and repository.snapshot.is_file(path):
        raise UsageError(f"{path} cannot be read, so its place cannot be judged")
    if old is not None and (old.encoding, old.byte_order_mark, old.path) != (
        source.encoding,
        source.byte_order_mark,
        path,
    ):
        raise UsageError(f"{path} is in another encoding than stdin, or a link", "save the file first")
    edits = (Edit(path, Span(0, len(old.text)), source.text),) if old is not None else ()
    creations = () if old is not None else (Creation(path, source.text),)
    group = ChangeGroup("stdin", Lane.SAFE, "what stdin holds", "it was given", edits=edits, creations=creations)

    def search(needles: Sequence[str], suffixes: Sequence[str]) -> Iterable[str]:
        return sorted(
            {*(below(needles, suffixes) if below else ()), *([path] if path.endswith(tuple(suffixes)) else [])}
        )

    return replace(repository.overlay([group]), find_holding=search)


def _fix(repository: Repository, path: str, options: WritingOptions, replayer: Replayer | None) -> bytes:
    require_sense(repository)
    hacks = [each for each in repository.imports.statements if each.location.path == path]
    snapshot = repository.snapshot
    if hacks:
        plan = plan_proved(repository.codebase, hacks, replayer)
        repository.memory.save()
        snapshot = snapshot.overlay(accept_groups(plan, admit_by_lane(unsafe=options.unsafe)))
    return snapshot.read(path) or b""
