"""Strings that read like the name of a module."""

from __future__ import annotations

import re

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*+(?P<object>:[A-Za-z_][\w.]*)?")
# What follows the last dot of the name of a file.
_SUFFIXES = frozenset(
    {
        *("cfg", "conf", "csv", "db", "dll", "env", "exe", "gz", "html", "ini", "ipynb", "jpg", "js", "json", "lock"),
        *("log", "md", "parquet", "pdf", "pickle", "pkl", "png", "pt", "pth", "py", "pyc", "pyi", "sh", "so", "sql"),
        *("sqlite", "svg", "tar", "toml", "tsv", "txt", "whl", "xml", "yaml", "yml", "zip", "com", "org", "io", "net"),
    }
)
_LONGEST = 200


def module_in(text: str) -> tuple[str, bool] | None:
    """Return the module that a string names, as in `"a.b"` or `"a.b:app"`, and whether it names an object in it.

    None for what is no dotted name, or rather that of a file or host.
    """
    match = _DOTTED.fullmatch(text) if len(text) < _LONGEST else None
    if match is None:
        return None
    module = text if match["object"] is None else text[: match.start("object")]
    names_object = match["object"] is not None
    if ("." not in module and not names_object) or module.rpartition(".")[2] in _SUFFIXES:
        return None
    return module, names_object
