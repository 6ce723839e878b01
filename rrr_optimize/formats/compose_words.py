"""Split a command of a Compose file that is written as one text into its words, as Compose does."""

from __future__ import annotations

_OPERATORS = ";&|<>"
_ESCAPED = {"t": "\t", "n": "\n"}


def split_command(text: str) -> list[str]:
    """Return the words of a command; all of it as one word where a quote is never closed.

    Compose starts no shell: it leaves out what comes after the first operator of one. Unlike in a shell, a backslash
    means the next character alone in double quotes, too.
    """
    words: list[str] = []
    word, is_word, quote, is_escaped = "", False, "", False
    for character in text:
        if is_escaped:
            meant = f"\\{character}" if quote in {"`", ")"} else _ESCAPED.get(character, character)
            word, is_word, is_escaped = word + meant, True, False
        elif character == "\\" and quote != "'":
            is_escaped = True
        elif quote:
            is_closing = character == quote
            quote = "" if is_closing else quote
            # Backquotes and the brackets of `$(` stay.
            word += "" if is_closing and character in "\"'" else character
        elif character in "\"'":
            quote, is_word = character, True
        elif character.isspace():
            words += [word] if is_word else []
            word, is_word = "", False
        elif character in _OPERATORS:
            # The digit of `2>` is the operator's.
            is_word = is_word and not (character == ">" and word.isdecimal())
            break
        else:
            quote = "`" if character == "`" else ")" if character == "(" and word.endswith("$") else ""
            word, is_word = word + character, True
    if quote or is_escaped:
        return [text]
    return [*words, word] if is_word else words
