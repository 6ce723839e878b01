"""Compare what a replayed program reaches before some edits and after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.tools.replaying import LIBRARY, NOTHING

if TYPE_CHECKING:
    from rrr_optimize.tools.replay import Import, Reached, Replayed


def count_imports(replayed: Replayed) -> int:
    """Return how many imports were looked up before the edits."""
    return sum(len(before) for before, _ in replayed.reached.values())


def find_difference(replayed: Replayed) -> str:
    """Return what an import reaches that it did not reach before, in words; nothing where all is as it was.

    What was found nowhere may be found. Only an import of the standard library that the edits took out may be missing.
    """
    for path, texts in replayed.texts[1].items():
        if texts is None and replayed.texts[0][path] is not None:
            return f"{path} does not parse any more"
    for assumed, (before, after) in replayed.reached.items():
        if found := _compare(before, after, replayed):
            return found if assumed == "usual" else f"{found} ({assumed})"
    return ""


def _compare(before: Reached, after: Reached, replayed: Replayed) -> str:
    is_mended = False
    for key, origins in before.items():
        if key in after and after[key] != origins:
            if origins != (NOTHING,):
                return _describe(key, before, after)
            is_mended = True
        elif key not in after and not _was_taken_out(key, origins, replayed):
            return _describe(key, before, after)
    loaded = {key[0] for key in before}
    # What is found now may import in turn.
    added = [key for key in after if key not in before and not (is_mended and key[0] not in loaded)]
    return _describe(added[0], before, after) if added else ""


def _was_taken_out(key: Import, origins: tuple[str, ...], replayed: Replayed) -> bool:
    path, _, text, *_ = key
    first, second = (side.get(path) or {} for side in replayed.texts)
    return origins == (LIBRARY,) and second.get(text, 0) < first.get(text, 0)


def _describe(key: Import, before: Reached, after: Reached) -> str:
    path, _, text, _, name, _ = key
    was, now = (" then ".join(side.get(key, ("nothing, for it is not run",))) for side in (before, after))
    asked = text if text.endswith(name) or name == text.split()[1] else f"{text}, {name} of it,"
    return f"{asked} in {path} reaches {was}, and {now} after the edit"
