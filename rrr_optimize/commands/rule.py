"""`rrr-optimize rule`: the rules, from their own modules."""

from __future__ import annotations

import difflib

from rrr_optimize.engine import explain_rule
from rrr_optimize.errors import UsageError
from rrr_optimize.rules import RULES, get_rule


def list_rules() -> str:
    """Return one line for each rule: code, name, severity, summary."""
    width = max(len(rule.name) for rule in RULES)
    return "".join(f"{rule.code}  {rule.name:<{width}}  {rule.severity.label:<7}  {rule.summary}\n" for rule in RULES)


def describe_rule(key: str) -> str:
    """Return a rule's page: what is wrong, an example, what to do. Raises UsageError where there is no such rule."""
    try:
        rule = get_rule(key)
    except KeyError:
        known = [name for rule in RULES for name in (rule.code, rule.name)]
        close = difflib.get_close_matches(key, known, 1) or difflib.get_close_matches(key.upper(), known, 1)
        hint = f"did you mean {close[0]}?" if close else "`rrr-optimize rule` lists them all"
        raise UsageError(f"there is no rule {key!r}", hint) from None
    return f"{rule.code} {rule.name} ({rule.severity.label})\n\n{explain_rule(rule)}\n"
