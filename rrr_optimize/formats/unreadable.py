"""What a reader says of a file that it cannot read: where, and why."""

from __future__ import annotations


class UnreadableError(ValueError):
    """The text is not in its format; `line` and `column` count from 1, `message` is one line."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column
        self.message = message


class TomlError(UnreadableError):
    """The text is not TOML, or is nested deeper than we follow."""


class IniError(UnreadableError):
    """The text is not what configparser reads: a key before any section, a duplicate, a line without a delimiter."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, 1, message)


class PythonError(UnreadableError):
    """The text is not Python to the interpreter that we run on, or is nested deeper than its parser follows."""


class ScriptBlockError(UnreadableError):
    """The `script` block of a Python file breaks a rule of PEP 723."""
