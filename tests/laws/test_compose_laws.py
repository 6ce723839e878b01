"""Laws of the readers of Compose's small texts: nothing but their own errors, and what merging keeps."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given, settings, strategies as st

from rrr_optimize.facts.compose.merging import merge
from rrr_optimize.facts.compose.problems import Problems
from rrr_optimize.formats.compose_short_forms import ShortFormError, read_device, read_ports, read_volume
from rrr_optimize.formats.compose_template import TemplateError, fill_template
from rrr_optimize.formats.dotenv_file import read_dotenv
from rrr_optimize.formats.measures import read_size
from rrr_optimize.formats.yaml_nodes import YamlError
from rrr_optimize.formats.yaml_values import Place, Value, read_values
from rrr_optimize.model import Span
from rrr_optimize.source import SourceText
from tests.plain_data import plain

TEXTS = st.text(st.sampled_from("ab1$${}:-?+/.,[]#='\"\\\n *&<!"), max_size=30)
PLACE = Place(SourceText("x", ""), Span(0, 0))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from("abc"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


def make(data: Any) -> Value:
    if isinstance(data, dict):
        return Value({key: make(item) for key, item in data.items()}, PLACE)
    return Value([make(item) for item in data] if isinstance(data, list) else data, PLACE)


@given(TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read, error in ((read_ports, ShortFormError), (read_volume, ShortFormError), (read_device, ShortFormError)):
        with contextlib.suppress(error):
            read(text)
    read_dotenv(text)
    read_size(text)
    with contextlib.suppress(YamlError):
        read_values(SourceText("x.yml", text))


@given(TEXTS)
def test_a_text_is_filled_in_once_and_for_all_where_all_is_known(text: str) -> None:
    try:
        filled = fill_template(text, {"a": "x", "b": "y"})
    except TemplateError:
        return
    assert set(filled.unset).isdisjoint({"a", "b"})
    if "$" not in text:
        assert filled.text == text


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from("abc"), PLAIN, max_size=3))
def test_nothing_laid_over_changes_nothing(model: dict[str, Any]) -> None:
    problems = Problems()
    assert plain(merge(make(model), make({}), problems)) == model
    assert plain(merge(make({}), make(model), problems)) == model
    assert problems.all == ()


@settings(max_examples=50)
@given(*[st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), max_size=3)] * 3)
def test_mappings_merge_in_any_grouping(a: dict[str, int], b: dict[str, int], c: dict[str, int]) -> None:
    problems = Problems()
    first, second, third = (make({"services": {"web": {"labels": each}}}) for each in (a, b, c))
    left = merge(merge(first, second, problems), third, problems)
    right = merge(first, merge(second, third, problems), problems)
    assert plain(left) == plain(right) == {"services": {"web": {"labels": {**a, **b, **c}}}}
