"""Fill in the variables of a Compose file (Compose specification, "Interpolation")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rrr_optimize.formats.compose_template import TemplateError, fill_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.compose.problems import Problems
    from rrr_optimize.formats.yaml_values import Value


def fill_variables(value: Value, variables: Mapping[str, str], problems: Problems) -> Value:
    """Return a value with its variables filled in; what has none is the same object."""
    if isinstance(value.data, str):
        return _fill_text(value, variables, problems) if "$" in value.data else value
    if isinstance(value.data, dict):
        made = {key: fill_variables(item, variables, problems) for key, item in value.data.items()}
        is_same = all(made[key] is item for key, item in value.data.items())
        return value if is_same else value.with_data(made)
    if isinstance(value.data, list):
        items = [fill_variables(item, variables, problems) for item in value.data]
        return value if all(a is b for a, b in zip(items, value.data, strict=True)) else value.with_data(items)
    return value


def _fill_text(value: Value, variables: Mapping[str, str], problems: Problems) -> Value:
    try:
        filled = fill_template(value.text, variables)
    except TemplateError as error:
        problems.add("template", value.place, str(error), "template")
        return value
    return replace(value, data=filled.text, unset=filled.unset)
