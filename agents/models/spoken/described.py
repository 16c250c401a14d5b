"""A call that is described by a JSON object: which key holds the name, and which the arguments."""

from collections.abc import Iterable, Mapping
from typing import Any

from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import SpokenCall, UnreadableError

_NAMES = ("name", "tool", "tool_name", "function_name", "function", "action")
_ARGUMENTS = ("arguments", "parameters", "args", "input", "kwargs", "params", "tool_input", "action_input")


def call_of(value: Any) -> SpokenCall:
    """Read `{"name": …, "arguments": {…}}` and its kin; raises UnreadableError."""
    if not isinstance(value, Mapping):
        raise UnreadableError("a call is a JSON object with name and arguments")
    inner = value.get("function")
    if isinstance(inner, Mapping):
        return call_of(inner)
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str) and value[key]), None)
    if name is None:
        raise UnreadableError("the name of the tool is missing")
    given: Any = next((value[key] for key in _ARGUMENTS if key in value), {})
    return SpokenCall(bare(name), arguments_of(given))


def calls_of(value: Any) -> tuple[SpokenCall, ...]:
    """Read one such object, a list of them, or `{"tool_calls": [...]}`; raises UnreadableError."""
    if isinstance(value, Mapping) and isinstance(value.get("tool_calls"), list):
        value = value["tool_calls"]
    several: Iterable[Any] = value if isinstance(value, list) else [value]
    calls = tuple(map(call_of, several))
    if not calls:
        raise UnreadableError("the list of calls is empty")
    return calls


def arguments_of(given: Any) -> Mapping[str, Any]:
    """Give arguments as an object; they may be JSON within a text. Raises UnreadableError."""
    if isinstance(given, str):
        if not given.strip():
            return {}
        given, _ = value_at(given, 0)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise UnreadableError("the arguments must be one JSON object")
    return given


def names_and_arguments(value: Any) -> bool:
    """Say whether an object has both, and nothing that a call has not: then hardly anything else is meant."""
    if not isinstance(value, Mapping):
        return False
    if isinstance(value.get("function"), Mapping):
        return names_and_arguments(value["function"])
    names = [key for key in _NAMES if isinstance(value.get(key), str)]
    given = [key for key in _ARGUMENTS if isinstance(value.get(key), Mapping | str)]
    others = set(value) - set(names) - set(given) - {"type", "id", "index"}
    return bool(names) and bool(given) and not others


def bare(name: str) -> str:
    """Give a name without the name space that some templates put before it."""
    return name.strip().removeprefix("functions.").removeprefix("tools.")
