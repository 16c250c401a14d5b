"""Checking a call's arguments against the tool's JSON Schema (the part of it that tools use)."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

_LONGEST_NAME = 60
_LONGEST_PLACE = 200
"""Characters of a made-up name, and of the way to a value, that are said back."""

_DEEPEST = 50

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict, Mapping),
    "null": (type(None),),
}


def mistake(schema: Mapping[str, Any], value: object, where: str = "arguments", depth: int = 0) -> str | None:
    """Say in one line what is wrong with `value`, or None.

    Knows type, enum, required, properties, additionalProperties, items, minimum, maximum, minLength, maxLength (JSON
    Schema 2020-12); whatever else stands in a schema is for the model to read.
    """
    wrong = _value_mistake(schema, value, where, depth)
    if wrong is not None:
        return wrong
    if isinstance(value, Mapping):
        return _object_mistake(schema, value, where, depth)
    if isinstance(value, (list, tuple)):
        items = schema.get("items", {})
        found = (mistake(items, item, f"{where}[{i}]"[-_LONGEST_PLACE:], depth + 1) for i, item in enumerate(value))
        return next((text for text in found if text), None)
    return _bound_mistake(schema, value, where)


def _value_mistake(schema: Mapping[str, Any], value: object, where: str, depth: int) -> str | None:
    if depth > _DEEPEST:
        return f"{where} goes more than {_DEEPEST} levels deep"
    wanted = schema.get("type")
    if wanted is not None and not _is(value, wanted):
        return f"{where} must be {_spoken(wanted)}, not {_name(value)}"
    if isinstance(value, str) and not _whole(value):
        return f"{where} has half a character in it (a surrogate without its other half)"
    if "enum" in schema and value not in schema["enum"]:
        return f"{where} must be one of {', '.join(map(str, schema['enum']))}"
    return None


def _object_mistake(schema: Mapping[str, Any], value: Mapping[str, Any], where: str, depth: int) -> str | None:
    known: Mapping[str, Any] = schema.get("properties", {})
    missing = [name for name in schema.get("required", ()) if name not in value]
    unknown = [name for name in value if name not in known] if schema.get("additionalProperties") is False else []
    if unknown:
        written = str(unknown[0])[:_LONGEST_NAME]
        near = get_close_matches(written, list(known), 1) or missing
        hint = f" Did you mean {near[0]!r}?" if near else ""
        return f"{where} has no {written!r}; it takes {', '.join(known) or 'nothing'}.{hint}"
    if missing:
        return f"{where} lacks {missing[0]!r}; it takes {', '.join(known)}"
    for name, item in value.items():
        if not _whole(name):
            return f"{where} has a name with half a character in it"
        # A name that the schema does not know is the model's: it is not said back.
        found = mistake(known.get(name, {}), item, name if name in known else where, depth + 1)
        if found:
            return found
    return None


def _bound_mistake(schema: Mapping[str, Any], value: object, where: str) -> str | None:
    size = len(value) if isinstance(value, str) else value if isinstance(value, (int, float)) else None
    if size is None:
        return None
    least, most = ("minLength", "maxLength") if isinstance(value, str) else ("minimum", "maximum")
    unit = " characters" if isinstance(value, str) else ""
    if least in schema and size < schema[least]:
        return f"{where} must be at least {schema[least]}{unit}"
    if most in schema and size > schema[most]:
        return f"{where} must be at most {schema[most]}{unit}"
    return None


def _is(value: object, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES.get(name, (object,))) for name in names)


def _whole(text: str) -> bool:
    """Say whether a text can be kept and sent: JSON can write half a character, UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _spoken(wanted: str | list[str]) -> str:
    return wanted if isinstance(wanted, str) else " or ".join(wanted)


def _name(value: object) -> str:
    return next((name for name, kinds in _TYPES.items() if type(value) in kinds), type(value).__name__)
