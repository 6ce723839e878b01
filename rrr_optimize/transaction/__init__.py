"""The only code that changes the files of a root: all or nothing, and undone on demand."""

from rrr_optimize.transaction.apply import write
from rrr_optimize.transaction.request import Permissions, Request, Undone, Written
from rrr_optimize.transaction.undo import list_transactions, require_no_interrupted, undo_last

__all__ = [
    "Permissions",
    "Request",
    "Undone",
    "Written",
    "list_transactions",
    "require_no_interrupted",
    "undo_last",
    "write",
]
