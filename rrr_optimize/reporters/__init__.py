"""From a report to a string, in the format asked for; a format is imported when it is wanted, rich for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.errors import UsageError
from rrr_optimize.reporters.options import ColorFlag, Options, is_terminal, use_color

if TYPE_CHECKING:
    from rrr_optimize.model import Report

__all__ = ["FORMATS", "ColorFlag", "Options", "is_terminal", "render", "use_color"]

FORMATS = ("text", "json", "markdown", "sarif", "github")


def render(report: Report, output_format: str, options: Options) -> str:
    """Return the report in one of FORMATS; JSON and SARIF are always complete, however verbose or quiet.

    Raises UsageError for any other format.
    """
    match output_format:
        case "text":
            return _text(report, options)
        case "json":
            from rrr_optimize.reporters import json_report

            return json_report.render(report)
        case "markdown":
            from rrr_optimize.reporters import markdown

            return markdown.render(report, verbose=options.verbose > 0, quiet=options.quiet)
        case "sarif":
            from rrr_optimize.reporters import sarif

            return sarif.render(report, options.explain, options.folder)
        case "github":
            from rrr_optimize.reporters import github

            return github.render(report, options.folder, quiet=options.quiet)
        case _:
            raise UsageError(f"there is no format {output_format!r}", f"the formats are {', '.join(FORMATS)}")


def _text(report: Report, options: Options) -> str:
    verbose = options.verbose > 0
    if options.terminal:
        from rrr_optimize.reporters import terminal

        return terminal.render(report, verbose=verbose, quiet=options.quiet, color=options.color, width=options.width)
    from rrr_optimize.reporters import text

    return text.render(report, verbose=verbose, quiet=options.quiet, color=options.color)
