"""Calls that models write as text, in every form and cut anywhere; and what only talks about a call is none."""

import random
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from agents.models.spoken import Listener, Reading, read
from tests.agents.models.spoken.tables import FORMS, MALFORMED, NEAR_MISSES, Said

TOOLS: dict[str, dict[str, Any]] = {
    "shell": {"properties": {"command": {"type": "string"}, "seconds": {"type": "integer"}}},
    "write_file": {"properties": {"path": {"type": "string"}, "content": {"type": "string"}}},
    "calculate_rsi": {"properties": {"prices": {"type": "array"}, "period": {"type": "integer"}}},
    "list_files": {"properties": {"path": {"type": "string"}}},
    "note": {"properties": {"text": {"type": "string"}, "done": {"type": "boolean"}, "n": {"type": "integer"}}},
    "finish": {"properties": {"result": {"type": "string"}}},
}
EVERY = [(form, said) for form, table in FORMS.items() for said in table]


def calls(reading: Reading) -> list[tuple[str, dict[str, Any]]]:
    return [(call.name, dict(call.arguments)) for call in reading.calls]


@pytest.mark.parametrize(("form", "said"), EVERY, ids=[f"{form}-{n}" for n, (form, _) in enumerate(EVERY)])
def test_every_form_is_read(form: str, said: Said) -> None:
    text, meant, left = said
    found = read(text, TOOLS)
    assert calls(found) == meant, form
    assert found.text == left
    assert found.problems == ()


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_call_is_not_made_and_the_model_is_told(text: str) -> None:
    found = read(text, TOOLS)
    assert found.calls == ()
    assert len(found.problems) == 1


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_only_talks_about_a_call_is_none(text: str) -> None:
    assert read(text, TOOLS).calls == ()


def pieces(text: str, chance: random.Random) -> Iterator[str]:
    at = 0
    while at < len(text):
        length = chance.choice((1, 1, 2, 3, 7, 40))
        yield text[at : at + length]
        at += length


@pytest.mark.parametrize("text", [*(said[0] for _, said in EVERY), *MALFORMED, *NEAR_MISSES])
def test_cut_anywhere_it_is_the_same_and_no_part_of_a_call_is_shown(text: str) -> None:
    whole = read(text, TOOLS)
    for seed in range(8):
        listener = Listener(TOOLS)
        shown = "".join(listener.feed(piece) for piece in pieces(text, random.Random(seed)))
        assert listener.end() == whole
        if whole.calls and "</think>" not in text:
            assert shown.strip() == whole.text[: len(shown.strip())]


@pytest.mark.parametrize(
    "mark",
    [
        "<tool_call>",
        "<function=",
        "<tool_call>{",
        '{"a":',
        "[",
        "```",
        "<think>",
        "shell(",
        ">>>",
        "<|channel|>",
        "[TOOL_CALLS]",
        "<invoke name=",
        "<tool_call>shell\n<arg_key>",
        '"\\',
        "shell(a=1)\n",
        "<|tool_call_begin|>",
    ],
)
def test_the_time_grows_no_faster_than_the_text(mark: str) -> None:
    def steps(count: int) -> int:
        """Count the events of the interpreter's tracer: the same on every machine, however busy."""
        number = 0

        def trace(*_: Any) -> Any:
            nonlocal number
            number += 1
            return trace

        text = mark * count
        sys.settrace(trace)
        try:
            read(text, TOOLS)
        finally:
            sys.settrace(None)
        return number

    assert steps(400) <= 8 * steps(100) + 10_000


def test_hostile_texts_come_to_an_end() -> None:
    for text in (
        "{" * 200_000,
        "[" * 200_000,
        "<tool_call>" * 20_000,
        "```\n" * 50_000,
        "\\" * 100_000,
        "shell(" * 20_000,
    ):
        assert read(text, TOOLS).calls == ()


def test_the_tables_have_forms_enough() -> None:
    assert len(FORMS) >= 14
    assert len({said[0] for _, said in EVERY}) == len(EVERY)
