"""The entry point: answers `--version` at once and hands everything else to the command line."""

from __future__ import annotations

import os
import sys

from rrr_optimize import __version__


def main(arguments: list[str] | None = None) -> int:
    """Run the tool with `arguments` (those of the process by default) and return the exit code.

    `--version` alone is answered from the standard library, because scripts and editors ask for it often and a
    start with the command line imported takes five times as long as Python's own.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments in (["--version"], ["-V"]):
        return _write(f"rrr-optimize {__version__}\n")
    try:
        from rrr_optimize import cli  # it imports typer, which the answer above does without

        return cli.run(arguments)
    except KeyboardInterrupt:
        # Ctrl-C before there was a command line to answer it; 130 is what a shell says of one.
        return 130


def _write(text: str) -> int:
    """Write to stdout and return the exit code: 2 where nobody takes it (closed, full, a reader that went away)."""
    try:
        # Not sys.stdout, which would fail a second time when Python flushes it at the end.
        os.write(1, text.encode())
    except OSError:
        return 2
    return 0


def without_target(search_path: list[str], package_folder: str) -> list[str]:
    """Return the module search path less its first entry, unless that is where this package comes from.

    `python -m` puts the working directory first. That is the repository under audit, and a folder of it that is
    called `yaml` or `typer` would be imported, and so run, in place of the library.
    """
    first = os.path.realpath(search_path[0]) if search_path else None
    return search_path if first == os.path.realpath(package_folder) else search_path[1:]


if __name__ == "__main__":
    if not sys.flags.safe_path:
        home = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - importing pathlib would slow every start
        sys.path[:] = without_target(sys.path, home)
    sys.exit(main())
