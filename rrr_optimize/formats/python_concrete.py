"""Delete statements in the lossless tree of LibCST: a second way to the result of an edit, with nothing in common."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_depth import measure_depth
from rrr_optimize.formats.python_removal import NotRemovableError

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Collection

    from rrr_optimize.formats.python_tokens import Token

DEEPEST = 150
"""How deep code may be nested for LibCST to be asked about it.

It follows nesting with the stack, of which a block takes 25 kB, a bracket 8 and a term 1.2, and prints by recursion,
for which Python leaves room for 320 levels in the units of `measure_depth`. This is half of what it can do.
"""
_BLANK_LINES = re.compile(r"\A(?:[ \t\f]*(?:\r\n|\r|\n))*")
_STACK = 16 * 1024 * 1024


def delete_concretely(
    text: str,
    tokens: Collection[Token],
    statements: Collection[ast.stmt],
    gone: Collection[int],
    *,
    begins_file: bool = True,
) -> str:
    """Return the code that LibCST prints for some statements without the nodes whose ids are in `gone`.

    `text` is the code of the statements with the comments around them, and `tokens` is what it consists of. Raises
    NotRemovableError where LibCST does not follow: code that it does not read or does not give back as it is, and code
    that is nested too deep.
    """
    if measure_depth(statements, tokens) > DEEPEST:
        raise NotRemovableError("the code around it is nested deeper than LibCST follows safely")
    # A form feed between statements is a page break; at the start of what LibCST reads it would be lost.
    code = text if begins_file else _BLANK_LINES.sub("", text, count=1)
    return _run_with_room(lambda: _delete(code, list(statements), gone))


def _run_with_room(work: Callable[[], str]) -> str:
    """Run a function on a stack of known size, whatever the system gives the main thread."""
    answers: list[str | Exception] = []

    def answer() -> None:
        try:
            answers.append(work())
        except Exception as error:  # noqa: BLE001  # raised again below, in the thread that asked
            answers.append(error)

    before = threading.stack_size(_STACK)
    try:
        thread = threading.Thread(target=answer)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if isinstance(answers[0], Exception):
        raise answers[0]
    return answers[0]


def _delete(text: str, statements: list[ast.stmt], gone: Collection[int]) -> str:
    import libcst

    from rrr_optimize.formats.concrete_deletion import Deletion

    try:
        module = libcst.parse_module(text)
        if module.code != text:
            raise NotRemovableError("LibCST does not give the code around it back as it is")
        return module.with_changes(body=Deletion(gone).lines(module.body, statements)).code
    except libcst.ParserSyntaxError as error:
        raise NotRemovableError(f"LibCST does not read the code around it: {error.message}") from None
    except RecursionError:
        raise NotRemovableError("the code around it is nested deeper than LibCST follows") from None
