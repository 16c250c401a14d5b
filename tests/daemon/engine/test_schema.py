"""Arguments against a tool's schema: one line that helps, or nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.engine.schema import mistake

SHELL: dict[str, Any] = {
    "type": "object",
    "properties": {
        "command": {"type": "string", "minLength": 1, "maxLength": 10},
        "seconds": {"type": "integer", "minimum": 1, "maximum": 60},
        "mode": {"type": "string", "enum": ["a", "b"]},
        "args": {"type": "array", "items": {"type": "string"}},
        "deep": {"type": "object", "properties": {"x": {"type": "number"}}, "additionalProperties": False},
        "maybe": {"type": ["string", "null"]},
    },
    "required": ["command"],
    "additionalProperties": False,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"command": "ls"}, None),
        ({"command": "ls", "maybe": None, "args": ["a"], "deep": {"x": 1}, "mode": "a", "seconds": 60}, None),
        (
            {"filepath": "test.py"},
            "arguments has no 'filepath'; it takes command, seconds, mode, args, deep, maybe. Did you mean 'command'?",
        ),
        ({"comand": "ls"}, "arguments has no 'comand'"),
        ({}, "arguments lacks 'command'"),
        ([], "arguments must be object, not array"),
        ("ls", "arguments must be object, not string"),
        (None, "arguments must be object, not null"),
        ({"x" * 5000: 1}, f"arguments has no '{'x' * 60}'; it takes command"),
        ({"command": "a\ud800"}, "command has half a character in it"),
        ({"command": "a", "args": ["\udc00"]}, "args[0] has half a character in it"),
        ({"command": "a", "deep": {"\ud800": 1}}, "deep has no '\\ud800'; it takes x"),
        ({"command": ""}, "command must be at least 1 characters"),
        ({"command": "x" * 11}, "command must be at most 10 characters"),
        ({"command": "ls", "seconds": 0}, "seconds must be at least 1"),
        ({"command": "ls", "seconds": 61}, "seconds must be at most 60"),
        ({"command": "ls", "seconds": "5"}, "seconds must be integer, not string"),
        ({"command": "ls", "seconds": True}, "seconds must be integer, not boolean"),
        ({"command": "ls", "seconds": 1.5}, "seconds must be integer, not number"),
        ({"command": "ls", "mode": "c"}, "mode must be one of a, b"),
        ({"command": "ls", "args": ["a", 1]}, "args[1] must be string, not integer"),
        ({"command": "ls", "deep": {"y": 1}}, "deep has no 'y'"),
        ({"command": "ls", "maybe": 3}, "maybe must be string or null, not integer"),
    ],
)
def test_a_mistake_is_said_in_one_line_that_names_the_way_out(arguments: object, said: str | None) -> None:
    found = mistake(SHELL, arguments)
    if said is None:
        assert found is None
    else:
        assert found is not None
        assert found.startswith(said)


@given(JSON)
def test_whatever_a_model_writes_is_answered_and_never_raises(arguments: object) -> None:
    found = mistake(SHELL, arguments)
    assert found is None or "\n" not in found
    if found is None:
        assert isinstance(arguments, dict)
        assert isinstance(arguments["command"], str)


def test_what_a_schema_leaves_open_is_bounded_too() -> None:
    deep: Any = "x"
    for _ in range(600):
        deep = [deep]
    assert mistake({"type": "object"}, {"a": deep}) == f"{'arguments[0]' + '[0]' * 49} goes more than 50 levels deep"
    assert mistake({}, {"a\nb": {"\ud800": 1}}) == "arguments has a name with half a character in it"
    assert (
        mistake({}, {"a\nb": ["\ud800"]})
        == "arguments[0] has half a character in it (a surrogate without its other half)"
    )
