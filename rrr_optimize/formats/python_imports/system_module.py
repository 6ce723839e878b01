"""What a statement does with `sys.path`, and whether it does anything at all."""

from __future__ import annotations

import ast

_ADDING = frozenset({"insert", "append", "extend", "remove"})


def acts(statement: ast.stmt) -> bool:
    """Return whether a statement does something besides importing, defining, and changing the search path."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=inner))) if is_sys(inner, "path"):
            return False
        case ast.Expr(value=value):
            return not isinstance(value, ast.Constant)
        case ast.Assert() | ast.Raise() | ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith():
            return True
    return False


def is_sys(node: ast.AST, name: str) -> bool:
    """Return whether an expression is `sys.NAME`."""
    match node:
        case ast.Attribute(value=ast.Name(id="sys"), attr=attribute):
            return attribute == name
    return False


def only_changes_path(statement: ast.stmt, nodes: list[ast.AST]) -> bool:
    """Tell whether a statement with `sys.path` in it asks nothing of it but whether an entry is there."""
    if isinstance(statement, ast.Assign) and any(is_sys(target, "path") for target in statement.targets):
        return True
    allowed: set[int] = set()
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _ADDING:
                allowed.add(id(inner))
            case ast.Compare(left=asked, ops=[ast.In() | ast.NotIn()], comparators=[inner]) if _adds(statement, asked):
                allowed.add(id(inner))
            case ast.AugAssign(target=inner):
                allowed.add(id(inner))
    return all(id(node) in allowed for node in nodes if is_sys(node, "path"))


def _adds(statement: ast.AST, asked: ast.expr) -> bool:
    """Tell whether all that a statement adds to a list is what it asks for: `if x not in sys.path: sys.path.append(x)`.

    What it adds otherwise depends on what others have added.
    """
    calls = (node for node in ast.walk(statement) if isinstance(node, ast.Call) and node.args)
    added = [call.args[-1] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in _ADDING]
    return bool(added) and all(ast.dump(each) == ast.dump(asked) for each in added)


def reads_renamed_path(module: ast.Module) -> bool:
    """Tell whether a module reads the search path by another name: `from sys import path`, `import sys as s`."""
    systems: set[str] = set()
    paths: set[str] = set()
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                systems |= {each.asname for each in names if each.name == "sys" and each.asname}
            case ast.ImportFrom(module="sys", names=names):
                paths |= {each.asname or each.name for each in names if each.name == "path"}
    reading: set[int] = set()
    allowed: set[int] = set()
    for node in ast.walk(module) if systems or paths else ():
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _ADDING:
                allowed.add(id(inner))
            case ast.If(test=ast.Compare(left=asked, ops=[ast.In() | ast.NotIn()], comparators=[inner])):
                if _adds(node, asked):
                    allowed.add(id(inner))
            case ast.Attribute(value=ast.Name(id=name), attr="path", ctx=ast.Load()) if name in systems:
                reading.add(id(node))
            case ast.Name(id=name, ctx=ast.Load()) if name in paths:
                reading.add(id(node))
    return not reading <= allowed
