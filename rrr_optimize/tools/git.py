"""Ask git about a work tree, in a way that no configuration of that work tree can turn into running a program.

Git runs programs that a repository's own configuration names: a file system monitor, hooks, filters, external diffs,
pagers, transports, credential helpers. A repository that somebody sends as an archive brings such a configuration
along. Every call here names the git directory and the work tree itself, switches those programs off, forbids every
transport, and takes over none of the GIT_ variables that a hook passes on.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rrr_optimize.errors import GitFailedError, UsageError
from rrr_optimize.tools.git_status import changed_paths, unclean_paths
from rrr_optimize.workspace.repository import FolderListing
from rrr_optimize.workspace.root import has_linked_worktrees

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

_SETTINGS = (
    # Empty, since before git 2.36 any word here was the name of a program.
    "core.fsmonitor=",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.alternateRefsCommand=",
    "credential.helper=",
    "protocol.allow=never",
    "safe.directory=*",
    "submodule.recurse=false",
)
_VARIABLES = {
    # Stronger than the protocol.NAME.allow of a configuration, unlike protocol.allow: no transport is allowed.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_GITLINK = "160000"
_FEW = 500  # untracked files that are named one by one


@dataclass(frozen=True, slots=True)
class Git:
    """The git program; implements `workspace.repository.FileLister`.

    `top` is always the folder that holds `.git`. `time_limit` is in seconds for one call. Without `untracked`, only
    files that git tracks are listed. Every method raises GitFailedError when the program is missing, takes too long, or
    fails.
    """

    program: str = "git"
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    time_limit: float = 30.0
    untracked: bool = True

    def list_files(self, top: Path, below: str = "") -> FolderListing:
        """Return the tracked files that exist and the untracked ones that are not ignored, relative to `below`.

        One process. Submodules and untracked clones are listed as repositories and not entered.
        """
        where = ("--", f":(top,literal){below}/") if below else ()
        others = ("--others", "--exclude-standard") if self.untracked else ()
        options = ("-z", "-t", "--stage", "--deleted", "--full-name")
        return _sort_out(self._ask(top, "ls-files", *options, *others, *where), len(below) + 1 if below else 0)

    def ignores(self, top: Path, folder: str) -> bool:
        """Return whether the ignore rules exclude `folder`, whatever is tracked in it."""
        # The answer is the exit status: 0 for yes, 1 for no.
        return self._run(top, "check-ignore", "--quiet", "--no-index", "--", f"./{folder}", fine=(0, 1)).returncode == 0

    def list_worktrees(self, top: Path) -> tuple[Path, ...]:
        """Return the tops of all work trees of this repository; without linked ones, just `top`, and git is not run."""
        if not has_linked_worktrees(top):
            return (top,)
        records = self._ask(top, "worktree", "list", "--porcelain", "-z").split("\0")
        return tuple(Path(record.removeprefix("worktree ")) for record in records if record.startswith("worktree "))

    def grep_files(
        self,
        top: Path,
        needles: Sequence[str],
        patterns: Sequence[str] = (),
        listed: Collection[str] | None = None,
    ) -> frozenset[str]:
        """Return the files, relative to `top`, that hold one of the fixed strings, of those that `list_files` lists.

        `patterns` are git pathspecs such as "*.py"; `listed` are the files that they mean, where they are known, so
        that git need not walk the tree for untracked ones. Symbolic links and other repositories are passed over.
        """
        found = self._grep(top, needles, patterns)
        if not self.untracked:
            return found
        if listed is not None:
            tracked = frozenset(_fields(self._run(top, "ls-files", "-z", "--cached", "--", *patterns).stdout))
            others = [f":(top,literal){path}" for path in listed if path not in tracked]
            if not others:
                return found
            patterns = others if len(others) <= _FEW else patterns
        # Asked for untracked files, git passes over a tracked one that an ignore rule names: hence both.
        return found | self._grep(top, needles, patterns, "--untracked")

    def _grep(self, top: Path, needles: Sequence[str], patterns: Sequence[str], *which: str) -> frozenset[str]:
        wanted = [argument for needle in needles for argument in ("-e", needle)]
        options = ("-z", "-l", "-F", "--no-recurse-submodules", "--no-textconv", "--no-color", "--full-name")
        # The exit status is 1 when no file holds them.
        done = self._run(top, "grep", *options, *which, *wanted, "--", *patterns, fine=(0, 1))
        return frozenset(_fields(done.stdout))

    def changed_since(self, top: Path, revision: str) -> frozenset[str]:
        """Return the files of the work tree, relative to `top`, that differ from a commit, untracked ones included.

        No changed file is missing. A file that is the same but for conversions by git (line ends, filters) may be
        included once its time stamps have changed, because those conversions are not run. Raises UsageError when
        `revision` names no commit.
        """
        commit = self._commit(top, revision)
        changes = self._diff(top, "diff-index", commit)
        untracked = _fields(self._run(top, "ls-files", "-z", "--others", "--exclude-standard").stdout)
        return frozenset(untracked) | frozenset(changed_paths(top, changes))

    def find_unclean(self, top: Path, paths: Sequence[str], *, staged_is_clean: bool = False) -> dict[str, str]:
        """Return those of the paths, relative to `top`, that are not as in the last commit, each with the reason.

        With `staged_is_clean` what is in the index counts as committed. A path that neither exists nor is in the index
        is clean. Like `changed_since` it may take a file for changed whose time stamps alone are.
        """
        index = _fields(self._run(top, "ls-files", "-z", "-v", "--stage", "--full-name").stdout)
        work_tree = self._diff(top, "diff-files")
        staged: list[str] | None = []
        if not staged_is_clean:
            # Without a commit there is no HEAD, and everything in the index is new.
            head = self._run(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", fine=(0, 1, 128))
            staged = self._diff(top, "diff-index", "--cached", "HEAD") if head.returncode == 0 else None
        return unclean_paths(top, paths, index, work_tree, staged)

    def recorded_commit(self, top: Path, revision: str, path: str) -> str | None:
        """Return the commit of a submodule at `path`, relative to `top`, that a revision records, or None.

        Raises UsageError when `revision` names no commit.
        """
        entry = f"{self._commit(top, revision)}:{path}"
        done = self._run(top, "rev-parse", "--verify", "--quiet", entry, fine=(0, 1, 128))
        commit = done.stdout.decode("ascii", "replace").strip()
        return commit if done.returncode == 0 and _COMMIT.fullmatch(commit) else None

    def _diff(self, top: Path, command: str, *what: str) -> list[str]:
        """Return the fields of a raw diff in which no filter, driver or conversion has run."""
        options = ("--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=all", "--no-relative")
        quiet = ("--no-ext-diff", "--no-textconv")
        settings = tuple(self._filters_off(top))
        return _fields(self._run(top, command, *options, *quiet, *what, "--", settings=settings).stdout)

    def _commit(self, top: Path, revision: str) -> str:
        # A revision that begins with a dash would be an option.
        if revision and not revision.startswith("-") and "\0" not in revision:
            done = self._run(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", fine=(0, 1, 128))
            commit = done.stdout.decode("ascii", "replace").strip()
            if done.returncode == 0 and _COMMIT.fullmatch(commit):
                return commit
        raise UsageError(
            f"--since: {revision!r} is not a commit of this repository",
            "Name a commit, a tag or a branch; in CI the checkout must have fetched it (fetch-depth: 0).",
        )

    def _filters_off(self, top: Path) -> Iterator[str]:
        """Yield settings that switch off every filter that the configuration defines.

        To compare a file whose time stamps say too little, git would pass it through its clean filter.
        """
        done = self._run(top, "config", "--name-only", "-z", "--get-regexp", r"^filter\.", fine=(0, 1))
        for driver in {name.rpartition(".")[0] for name in _fields(done.stdout)}:
            if "=" in driver:
                raise GitFailedError("the git configuration defines a filter with an equals sign in its name")
            yield from (f"{driver}.clean=", f"{driver}.smudge=", f"{driver}.process=", f"{driver}.required=false")

    def _ask(self, top: Path, *arguments: str) -> str:
        return os.fsdecode(self._run(top, *arguments).stdout)

    def ask(self, top: Path, *arguments: str, text: bytes = b"") -> bytes:
        """Return what a git command that only reads answers, given `text` on its standard input."""
        return self._run(top, *arguments, text=text).stdout

    def _run(
        self,
        top: Path,
        *arguments: str,
        fine: tuple[int, ...] = (0,),
        settings: tuple[str, ...] = (),
        text: bytes = b"",
    ) -> subprocess.CompletedProcess[bytes]:
        switches = [switch for setting in (*_SETTINGS, *settings) for switch in ("-c", setting)]
        command = [self.program, "--no-pager", "-C", os.fspath(top), *switches, *arguments]
        try:
            done = subprocess.run(
                command,
                env=self._environment_for(top),
                input=text,
                capture_output=True,
                timeout=self.time_limit,
                check=False,
            )
        except FileNotFoundError:
            raise GitFailedError("git is not installed") from None
        except subprocess.TimeoutExpired:
            raise GitFailedError(f"git {arguments[0]} took more than {self.time_limit:g} seconds") from None
        except (OSError, ValueError) as error:
            raise GitFailedError(f"git could not be run: {error}") from None
        if done.returncode not in fine:
            raise GitFailedError(_complaint(arguments[0], done))
        return done

    def _environment_for(self, top: Path) -> dict[str, str]:
        kept = {name: value for name, value in self.environment.items() if not name.upper().startswith("GIT_")}
        # Both named: then a core.worktree in the configuration and the owner of the folder play no part.
        return {**kept, **_VARIABLES, "GIT_DIR": os.fspath(top / ".git"), "GIT_WORK_TREE": os.fspath(top)}


def _sort_out(answer: str, cut: int) -> FolderListing:
    # Each record is "? PATH", "R MODE OBJECT STAGE\tPATH" for a deleted file, or the same with another letter:
    # "S" for one that a sparse checkout leaves out. An unmerged file has a record for each of its stages.
    there: dict[str, str] = {}
    absent = set()
    for record in answer.split("\0"):
        tag, rest = record[:1], record[2:]
        if tag == "?":
            there[rest] = ""
        elif tag:
            described, _, path = rest.partition("\t")
            there[path] = described[:6]
            if tag in "RS":
                absent.add(path)
    files, repositories = [], []
    for path, mode in there.items():
        if mode == _GITLINK or path.endswith("/"):
            repositories.append(path[cut:].rstrip("/"))
        elif path not in absent:
            files.append(path[cut:])
    return FolderListing(tuple(files), tuple(repositories), len(absent))


def _fields(output: bytes) -> list[str]:
    return os.fsdecode(output).split("\0")[:-1]


def _complaint(command: str, done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"git {command} failed: {lines[-1] if lines else f'exit status {done.returncode}'}"
