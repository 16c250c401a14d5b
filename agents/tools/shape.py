"""What an object lacks to be a tool."""

import inspect
import json
import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_TYPES = {"string", "integer", "number", "boolean", "array", "object", "null"}
_DEEPEST = 8


def lacking(value: Any) -> str | None:
    """Say in one line why `value` cannot be used as the port `Tool`, or None."""
    if inspect.isfunction(value):
        return f"the function {value.__name__} is no tool yet; put @tool(Effect.…) before it"
    if isinstance(value, type):
        return f"{value.__name__} is a class; name an object of it"
    wrong = _words(value) or _methods(value) or _schema(getattr(value, "schema", None))
    return f"{getattr(value, 'name', type(value).__name__)}: {wrong}" if wrong else None


def _words(value: Any) -> str | None:
    name, description, aliases = (getattr(value, key, None) for key in ("name", "description", "aliases"))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return "its `name` must be a word of letters, digits, _ and - (at most 64)"
    if not isinstance(description, str) or not description.strip():
        return "it has no `description`, which is what the model reads"
    if not isinstance(aliases, tuple) or not all(isinstance(alias, str) for alias in aliases):
        return "`aliases` must be a tuple of names"
    content = getattr(value, "content", None)
    if not isinstance(content, tuple) or not all(isinstance(name, str) for name in content):
        return "`content` must be a tuple of names of arguments; () where there are none"
    return None


def _methods(value: Any) -> str | None:
    for method in ("effect", "price", "targets", "invoke", "check"):
        if not callable(getattr(value, method, None)):
            return f"it has no method `{method}`"
    for method in ("invoke", "check"):
        if not inspect.iscoroutinefunction(getattr(value, method)):
            return f"`{method}` must be async"
    return None


def _schema(schema: object) -> str | None:
    """Say what a schema of arguments lacks: it must name each of them with its type."""
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return "its schema must be an object's (type: object)"
    try:
        json.dumps(dict(schema))
    except (TypeError, ValueError) as problem:
        return f"its schema is no JSON: {problem}"
    properties = schema.get("properties")
    if not isinstance(properties, Mapping):
        return "its schema must name its properties; {} where there are none"
    unknown = set(schema.get("required", ())) - set(properties)
    if unknown:
        return f"its schema requires {', '.join(sorted(map(str, unknown)))}, which it does not describe"
    return next((wrong for name, part in properties.items() if (wrong := _typed(name, part, 0))), None)


def _typed(name: str, part: object, depth: int) -> str | None:
    if not isinstance(part, Mapping) or depth > _DEEPEST:
        return f"its schema says nothing about {name!r}"
    types = part.get("type")
    named = {types} if isinstance(types, str) else set(types) if isinstance(types, list) else set()
    if not named <= _TYPES or not (named or isinstance(part.get("enum"), list)):
        return f"its schema gives {name!r} no type that JSON Schema has"
    if "items" in part:
        return _typed(f"{name}[]", part["items"], depth + 1)
    return None
