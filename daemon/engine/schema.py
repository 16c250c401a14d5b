"""Checking a call's arguments against the tool's JSON Schema (the part of it that tools use)."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict, Mapping),
    "null": (type(None),),
}


def mistake(schema: Mapping[str, Any], value: object, where: str = "arguments") -> str | None:
    """Say in one line what is wrong with `value`, or None.

    Knows type, enum, required, properties, additionalProperties, items, minimum, maximum, minLength, maxLength (JSON
    Schema 2020-12); whatever else stands in a schema is for the model to read.
    """
    wanted = schema.get("type")
    if wanted is not None and not _is(value, wanted):
        return f"{where} must be {_spoken(wanted)}, not {_name(value)}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{where} must be one of {', '.join(map(str, schema['enum']))}"
    if isinstance(value, Mapping):
        return _object_mistake(schema, value, where)
    if isinstance(value, (list, tuple)) and "items" in schema:
        found = (mistake(schema["items"], item, f"{where}[{i}]") for i, item in enumerate(value))
        return next((text for text in found if text), None)
    return _bound_mistake(schema, value, where)


def _object_mistake(schema: Mapping[str, Any], value: Mapping[str, Any], where: str) -> str | None:
    known: Mapping[str, Any] = schema.get("properties", {})
    missing = [name for name in schema.get("required", ()) if name not in value]
    unknown = [name for name in value if name not in known] if schema.get("additionalProperties") is False else []
    if unknown:
        near = get_close_matches(str(unknown[0]), list(known), 1) or missing
        hint = f" Did you mean {near[0]!r}?" if near else ""
        return f"{where} has no {unknown[0]!r}; it takes {', '.join(known) or 'nothing'}.{hint}"
    if missing:
        return f"{where} lacks {missing[0]!r}; it takes {', '.join(known)}"
    for name, item in value.items():
        found = mistake(known[name], item, name) if name in known else None
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


def _spoken(wanted: str | list[str]) -> str:
    return wanted if isinstance(wanted, str) else " or ".join(wanted)


def _name(value: object) -> str:
    return next((name for name, kinds in _TYPES.items() if type(value) in kinds), type(value).__name__)
