"""The commands that change files: the same options for each, and its own on top."""

from __future__ import annotations

import os

import typer

from rrr_optimize import cli_options as opt


def unify(
    path: opt.Folder = None,
    write: opt.Write = False,
    check: opt.Check = False,
    policy: opt.Policy = None,
    layout: opt.Layout = None,
    max_added: opt.MaxAdded = None,
    unsafe: opt.Unsafe = False,
    interactive: opt.Interactive = False,
    project: opt.Projects = None,
    since: opt.Since = None,
    plan_out: opt.PlanOut = None,
    apply: opt.Apply = None,
    verify: opt.Verify = None,
    allow_dirty: opt.AllowDirty = False,
    allow_no_vcs: opt.AllowNoVcs = False,
    config: opt.Config = None,
    output_format: opt.PlanFormat = "text",
    output: opt.Output = None,
    color: opt.Color = "auto",
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = 0,
) -> None:
    """Make requirements agree and say each version in one place. Shows a plan; --write applies it."""
    from rrr_optimize.commands.opening import Target
    from rrr_optimize.commands.unify import Choices, run_unify
    from rrr_optimize.commands.writing import WritingOptions

    options = WritingOptions(
        target=Target(path, tuple(project or ()), since, opt.configuration(config)),
        output_format=output_format,
        output=output,
        write=write,
        check=check,
        unsafe=unsafe,
        interactive=interactive,
        plan_out=plan_out,
        apply=apply,
        allow_dirty=allow_dirty,
        allow_no_vcs=allow_no_vcs,
        verify=tuple(verify or ()),
        color=color,
        quiet=quiet,
        verbose=verbose,
    )
    raise typer.Exit(run_unify(options, Choices(policy, layout, max_added), opt.working_directory(), os.environ))


def fix_imports(
    paths: opt.Paths = None,
    write: opt.Write = False,
    check: opt.Check = False,
    cwd: opt.StartedIn = None,
    root: opt.NamedRoot = None,
    site_packages: opt.SitePackages = None,
    stdin_filename: opt.StdinFilename = None,
    prove_run: opt.ProveRun = False,
    python: opt.ReplayPython = None,
    unsafe: opt.Unsafe = False,
    interactive: opt.Interactive = False,
    project: opt.Projects = None,
    since: opt.Since = None,
    plan_out: opt.PlanOut = None,
    apply: opt.Apply = None,
    verify: opt.Verify = None,
    allow_dirty: opt.AllowDirty = False,
    allow_no_vcs: opt.AllowNoVcs = False,
    hook: opt.Hook = False,
    config: opt.Config = None,
    output_format: opt.PlanFormat = "text",
    output: opt.Output = None,
    color: opt.Color = "auto",
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = 0,
) -> None:
    """Take out changes of sys.path that change nothing. Shows a plan; --write applies it."""
    from rrr_optimize.commands.fix_imports import Decisions, run_fix_imports
    from rrr_optimize.commands.fix_stdin import run_fix_stdin
    from rrr_optimize.commands.opening import Target
    from rrr_optimize.commands.writing import WritingOptions

    options = WritingOptions(
        target=Target(None, tuple(project or ()), since, opt.configuration(config), tuple(paths or ())),
        output_format=output_format,
        output=output,
        write=write,
        check=check,
        unsafe=unsafe,
        interactive=interactive,
        plan_out=plan_out,
        apply=apply,
        allow_dirty=allow_dirty,
        allow_no_vcs=allow_no_vcs,
        hook=hook,
        verify=tuple(verify or ()),
        color=color,
        quiet=quiet,
        verbose=verbose,
    )
    decisions = Decisions(tuple(cwd or ()), tuple(root or ()), site_packages, prove_run, python)
    if "-" in (paths or ()):
        raise typer.Exit(run_fix_stdin(stdin_filename, options, decisions, opt.working_directory(), os.environ))
    raise typer.Exit(run_fix_imports(options, decisions, opt.working_directory(), os.environ))


def compose(
    paths: opt.Places = None,
    write: opt.Write = False,
    check: opt.Check = False,
    only: opt.Only = None,
    networks: opt.Networks = None,
    allow_pair: opt.AllowPair = None,
    unsafe: opt.Unsafe = False,
    interactive: opt.Interactive = False,
    project: opt.Projects = None,
    since: opt.Since = None,
    plan_out: opt.PlanOut = None,
    apply: opt.Apply = None,
    verify: opt.Verify = None,
    allow_dirty: opt.AllowDirty = False,
    allow_no_vcs: opt.AllowNoVcs = False,
    config: opt.Config = None,
    output_format: opt.PlanFormat = "text",
    output: opt.Output = None,
    color: opt.Color = "auto",
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = 0,
) -> None:
    """Find the fewest networks with the same reachability. Shows a plan; --write applies it."""
    from rrr_optimize.commands.compose import NetworkOptions, run_compose
    from rrr_optimize.commands.opening import Target
    from rrr_optimize.commands.writing import WritingOptions

    options = WritingOptions(
        target=Target(None, tuple(project or ()), since, opt.configuration(config)),
        output_format=output_format,
        output=output,
        write=write,
        check=check,
        unsafe=unsafe,
        interactive=interactive,
        plan_out=plan_out,
        apply=apply,
        allow_dirty=allow_dirty,
        allow_no_vcs=allow_no_vcs,
        verify=tuple(verify or ()),
        color=color,
        quiet=quiet,
        verbose=verbose,
    )
    chosen = NetworkOptions(tuple(paths or ()), tuple(only or ()), networks, tuple(allow_pair or ()))
    raise typer.Exit(run_compose(options, chosen, opt.working_directory(), os.environ))


def report(
    path: opt.Folder = None,
    write: opt.Write = False,
    check: opt.Check = False,
    unsafe: opt.Unsafe = False,
    interactive: opt.Interactive = False,
    plan_out: opt.PlanOut = None,
    apply: opt.Apply = None,
    allow_dirty: opt.AllowDirty = False,
    allow_no_vcs: opt.AllowNoVcs = False,
    config: opt.Config = None,
    output_format: opt.PlanFormat = "text",
    output: opt.Output = None,
    color: opt.Color = "auto",
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = 0,
) -> None:
    """Make the documents about all runs anew. Shows a plan; --write applies it."""
    from rrr_optimize.commands.opening import Target
    from rrr_optimize.commands.report import run_report
    from rrr_optimize.commands.writing import WritingOptions

    options = WritingOptions(
        target=Target(path, config=opt.configuration(config)),
        output_format=output_format,
        output=output,
        write=write,
        check=check,
        unsafe=unsafe,
        interactive=interactive,
        plan_out=plan_out,
        apply=apply,
        allow_dirty=allow_dirty,
        allow_no_vcs=allow_no_vcs,
        color=color,
        quiet=quiet,
        verbose=verbose,
    )
    raise typer.Exit(run_report(options, opt.working_directory(), os.environ))
