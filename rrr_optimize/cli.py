"""The command line: names, options and help. Every body imports its command's module, so that help stays quick."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from rrr_optimize import __version__, cli_options as opt, cli_writing
from rrr_optimize.cli_options import configuration, working_directory
from rrr_optimize.errors import OutputError, RrrOptimizeError
from rrr_optimize.safe_text import show

app = typer.Typer(
    name="rrr-optimize",
    help="Audit Python monorepos and refactor them with proof: plan, check, write all or nothing, take back.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_INTERRUPTED = 130
_OUR_BUG = 2
_CANNOT_WRITE = 2
_STDOUT = 1


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"rrr-optimize {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


@app.command()
def audit(
    path: opt.Folder = None,
    output_format: opt.Format = "text",
    output: opt.Output = None,
    project: opt.Projects = None,
    since: opt.Since = None,
    select: opt.Select = None,
    extend_select: opt.ExtendSelect = None,
    ignore: opt.Ignore = None,
    config: opt.Config = None,
    baseline: opt.Baseline = None,
    write_baseline: opt.WriteBaseline = False,
    fail_on: opt.FailOn = None,
    color: opt.Color = "auto",
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = 0,
) -> None:
    """Find what contradicts itself in a repository. Reads only; changes and runs nothing."""
    from rrr_optimize.commands.audit import AuditOptions, run_audit

    options = AuditOptions(
        path=path,
        output_format=output_format,
        output=output,
        projects=tuple(project or ()),
        since=since,
        select=_split(select),
        extend_select=_split(extend_select),
        ignore=_split(ignore),
        config=configuration(config),
        baseline=baseline,
        write_baseline=write_baseline,
        fail_on=fail_on,
        color=color,
        quiet=quiet,
        verbose=verbose,
    )
    raise typer.Exit(run_audit(options, working_directory(), os.environ))


app.command()(cli_writing.unify)
app.command("fix-imports")(cli_writing.fix_imports)
app.command()(cli_writing.compose)
app.command()(cli_writing.report)


@app.command()
def rule(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A rule's code or name; without it, all.")
    ] = None,
) -> None:
    """Explain one rule, or list them all."""
    from rrr_optimize.commands.rule import describe_rule, list_rules
    from rrr_optimize.commands.streams import write_stdout

    write_stdout(describe_rule(code) if code else list_rules())


@app.command()
def undo(
    path: Annotated[str | None, typer.Argument(metavar="[PATH]", help="The root; else the repository here.")] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="List what can be undone, the newest first; undo nothing.")
    ] = False,
) -> None:
    """Take the last write back, byte for byte; also one that was interrupted."""
    from rrr_optimize.commands.streams import write_stdout
    from rrr_optimize.commands.undo import list_undoable, run_undo

    write_stdout((list_undoable if list_ else run_undo)(path, working_directory()))


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit code; a failure is told in a line, with a hint, never as a trace."""
    try:
        app(arguments, prog_name="rrr-optimize")
    except SystemExit as stop:
        return _code_of(stop)
    except OutputError as error:
        _abandon_stdout()
        _tell(error.message, error.hint)
        return error.exit_code
    except RrrOptimizeError as error:
        _tell(error.message, error.hint)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort: a crash must never look like a finding
        _tell_bug(error)
        return _OUR_BUG
    return 0


def _split(values: list[str] | None) -> tuple[str, ...]:
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def _code_of(stop: SystemExit) -> int:
    """Return the exit code that typer chose, unless it is 1 for a reader that went away: that would be a finding."""
    if isinstance(stop.__context__, BrokenPipeError):
        _abandon_stdout()
        return _CANNOT_WRITE
    if stop.code == _INTERRUPTED:
        _tell("interrupted")
    return stop.code if isinstance(stop.code, int) else _OUR_BUG


def _abandon_stdout() -> None:
    """Send what is left in its buffer nowhere: Python would try again at the end, complain, and change the code."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDOUT)


def _tell(message: str, hint: str = "") -> None:
    lines = [f"rrr-optimize: {message}", *([f"hint: {hint}"] if hint else [])]
    _tell_lines("\n".join(lines).split("\n"))


def _tell_bug(error: Exception) -> None:
    import traceback

    _tell(
        f"this is a bug in rrr-optimize {__version__}: {type(error).__name__}: {error}",
        "nothing was changed; please report it with the lines below",
    )
    _tell_lines("".join(traceback.format_exception(error)).splitlines())


def _tell_lines(lines: list[str]) -> None:
    # Without a stderr (`2>&-`) there is nobody to tell; the exit code is the same.
    with suppress(AttributeError, OSError):
        for line in lines:
            sys.stderr.write(f"{show(line)}\n")
