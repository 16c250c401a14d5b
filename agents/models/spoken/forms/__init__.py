"""The forms in which models write calls, one file each.

A strong form has `MARKS`, the texts with which it begins, and `at(text, position, schemas)`, which reads what stands at
a mark: Found, or None where it is not this form after all. Order matters where marks are the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agents.models.spoken.forms import (
    action,
    deepseek,
    function_tag,
    functionary,
    functools,
    harmony,
    invoke,
    kimi,
    mistral,
    pipe_call,
    python_tag,
    tool_call,
    tool_code,
    tool_tag,
)
from agents.models.spoken.reading import Found


@dataclass(frozen=True, slots=True)
class Form:
    """The marks of a form, and what reads it at one of them."""

    marks: tuple[str, ...]
    at: Callable[[str, int, Mapping[str, Mapping[str, Any]]], Found | None]


STRONG = tuple(
    Form(form.MARKS, form.at)
    for form in (
        tool_call,
        pipe_call,
        function_tag,
        invoke,
        tool_tag,
        mistral,
        deepseek,
        harmony,
        kimi,
        python_tag,
        functools,
        functionary,
        action,
        tool_code,
    )
)
