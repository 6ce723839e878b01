"""INI files say what configparser says of them."""

from __future__ import annotations

import configparser

from hypothesis import given, strategies as st

from rrr_optimize.formats.ini_lines import IniFile, read_ini
from rrr_optimize.formats.unreadable import IniError
from rrr_optimize.source import SourceText

LINES = st.sampled_from(
    [
        *("[s]", "[t]", "[DEFAULT]", "[a]b]", "[]", "  [u]", "[s] # c"),
        *("a = 1", "A: 2", "b=", "c : = x", "  d = 4", "é\t=\tü # c", "= 1", "words", "%(a)s = %(b)s"),
        *(
            "  x>=1",
            "\ty ; z",
            "    # c",
            "# c",
            ";c",
            "",
            "  ",
            "\x0c",
            "\x0c z",
            "\u2028",
            "\xa0e = 1",
            "[s",
            "k\x1c=v",
        ),
    ]
)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
TEXTS = st.one_of(
    st.builds(lambda lines, end: "[r]" + end + end.join(lines), st.lists(LINES, max_size=8), LINE_ENDS),
    st.text(st.sampled_from("ab=:[]#; \t\r\n\x0c\u2028é"), max_size=30),
)
Sections = dict[str, dict[str, str]]


def parse(text: str, *, fold_case: bool) -> Sections | None:
    parser = configparser.RawConfigParser()
    if not fold_case:
        parser.optionxform = str  # type: ignore[assignment, method-assign] # as configparser's documentation says
    try:
        parser.read_string(text.replace("\r\n", "\n").replace("\r", "\n"))
    except configparser.Error:
        return None
    return {name: dict(parser.items(name)) for name in parser.sections()}


def flatten(ini: IniFile) -> Sections:
    """Return the values as configparser gives them, the defaults in every section."""
    default = ini.sections["DEFAULT"].options if "DEFAULT" in ini.sections else {}
    return {
        name: {key: option.text for key in {*default, *section.options} if (option := ini.option(name, key))}
        for name, section in ini.sections.items()
        if name != "DEFAULT"
    }


@given(TEXTS, st.booleans())
def test_the_values_are_those_of_configparser(text: str, fold_case: bool) -> None:  # noqa: FBT001 - drawn, not passed
    source = SourceText("tox.ini", text)
    try:
        ini = read_ini(source, fold_case=fold_case)
    except IniError:
        assert parse(text, fold_case=fold_case) is None
        return
    assert flatten(ini) == parse(text, fold_case=fold_case)
    for section in ini.sections.values():
        options = section.options.values()
        for placed in [section.name, *(option.key for option in options), *(line for o in options for line in o.lines)]:
            assert source.slice(placed.span) == placed.text
