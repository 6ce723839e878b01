"""Whether an edited file is what LibCST makes of it, and whether it has every comment that should be left."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.python_concrete import delete_concretely
from rrr_optimize.formats.python_flow import blocks_of
from rrr_optimize.formats.python_removal import NotRemovableError
from rrr_optimize.formats.python_tokens import UntoldError, only_code, only_comments, read_tokens
from rrr_optimize.formats.removal_passages import find_passages, find_top_passages
from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Collection

    from rrr_optimize.formats.python_removal import Removal
    from rrr_optimize.formats.python_tokens import Token
    from rrr_optimize.formats.python_tree import PythonTree
    from rrr_optimize.formats.removal_passages import Passage


def find_disagreement(tree: PythonTree, removal: Removal) -> str:
    """Return what LibCST leaves otherwise than the edits of a removal, or which comment they lose; "" if nothing.

    LibCST deletes the same nodes, and the code that it prints has to have the same tokens; it attaches comments and
    blank lines to statements by rules of its own, so those are compared with what stood there: every comment stays
    that is neither on the lines of what goes nor among the comments of the removal. Only passages that change are
    given to LibCST: the rest is the same byte for byte. Raises NotRemovableError where LibCST does not follow.
    """
    passages = find_passages(tree, removal.spots, removal.gone)
    if not _hold_all(passages, removal.edits):
        # One cut may go through the end of a block.
        passages = find_top_passages(tree, removal.spots)
    if not _hold_all(passages, removal.edits):
        return "an edit reaches out of the statements that change"
    return next(filter(None, (_compare(tree, passage, removal) for passage in passages)), "")


def _hold_all(passages: Collection[Passage], edits: Collection[Edit]) -> bool:
    return all(any(_holds(passage, edit) for passage in passages) for edit in edits)


def _holds(passage: Passage, edit: Edit) -> bool:
    return passage.span.start <= edit.span.start and edit.span.end <= passage.span.end


def _compare(tree: PythonTree, passage: Passage, removal: Removal) -> str:
    text, offset = passage.head + tree.source.slice(passage.span), passage.span.start - len(passage.head)
    edits = [
        Edit(edit.path, Span(edit.span.start - offset, edit.span.end - offset), edit.replacement)
        for edit in removal.edits
        if _holds(passage, edit)
    ]
    try:
        before, after = read_tokens(text), read_tokens(apply_edits(text, edits))
        begins_file = passage.span.start == 0 or bool(passage.head)
        concrete = read_tokens(delete_concretely(text, before, passage.code, removal.gone, begins_file=begins_file))
    except UntoldError as error:
        raise NotRemovableError(str(error)) from None
    above = passage.line - 1 - passage.head.count("\n")
    rows = {row - above for row in _own_rows(passage, removal.gone) | removal.comments}
    return _other_code(after, concrete) or _lost_comment(before, after, rows)


def _own_rows(passage: Passage, gone: Collection[int]) -> set[int]:
    """Return the rows on which statements stand that go, and none that stays."""
    own: set[int] = set()
    shared: set[int] = set()
    pending = list(passage.statements)
    while pending:
        statement = pending.pop()
        rows = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
        blocks = [each for _, block in blocks_of(statement) for each in block]
        if id(statement) in gone:
            own.update(rows)
        elif blocks:
            pending += blocks
        else:
            shared.update(rows)
    return own - shared


def _other_code(ours: list[Token], theirs: list[Token]) -> str:
    for (_, here), (_, there) in zip_longest(only_code(ours), only_code(theirs), fillvalue=(0, "nothing")):
        if here != there:
            return f"LibCST leaves {there.strip() or 'a line end'} where the edit leaves {here.strip() or 'a line end'}"
    return ""


def _lost_comment(before: list[Token], after: list[Token], rows: Collection[int]) -> str:
    stay = Counter(token.string for token in only_comments(before) if token.row not in rows)
    left = Counter(token.string for token in only_comments(after))
    new = left - Counter(token.string for token in only_comments(before))
    if lost := stay - left:
        return f"the comment {next(iter(lost))} would go"
    return f"the comment {next(iter(new))} is new" if new else ""
