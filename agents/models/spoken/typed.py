"""Arguments that were written as text, as the tool's schema wants them."""

import json
from collections.abc import Mapping
from typing import Any

from agents.models.spoken.loose import value_at
from agents.models.spoken.reading import UnreadableError


def typed(written: Mapping[str, str], schema: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give values for texts; without a schema numbers and the like are recognised by their look."""
    properties = (schema or {}).get("properties", {})
    return {name: _typed(text, properties.get(name)) for name, text in written.items()}


def _typed(text: str, wanted: Mapping[str, Any] | None) -> Any:
    kinds = _kinds(wanted)
    if "string" in kinds:
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = _loose(text)
    if kinds and not any(_is(value, kind) for kind in kinds):
        return text
    return value


def _kinds(wanted: Mapping[str, Any] | None) -> set[str]:
    if wanted is None:
        return set()
    kind = wanted.get("type")
    kinds = set(kind) if isinstance(kind, list) else {kind} if kind else set()
    for choice in wanted.get("anyOf", ()):
        kinds |= _kinds(choice)
    return kinds or ({"string"} if "enum" in wanted else set())


def _is(value: Any, kind: str) -> bool:
    if kind in ("integer", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    kinds: dict[str, type] = {"boolean": bool, "array": list, "object": dict, "null": type(None), "string": str}
    return isinstance(value, kinds.get(kind, object))


def _loose(text: str) -> Any:
    stripped = text.strip()
    if stripped[:1] in ("{", "[") or stripped in ("True", "False", "None"):
        try:
            value, end = value_at(stripped, 0, closed=True)
        except UnreadableError:
            return text
        return value if not stripped[end:].strip() else text
    return text
