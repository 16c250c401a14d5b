"""JSON as rows: objects by their keys, anything else by paths, without recursion."""

import json
import re
from collections.abc import Iterator
from typing import Any

from skills.report.script import Unusable

_NOT_A_TEXT = re.compile(r"-?\d[\d.eE+-]*|true|false|null|[\[{\"].*|", re.DOTALL)
_PLAIN_KEY = re.compile(r"[\w-]+")


def read_records(text: str, name: str) -> Any:
    """Read JSON, or JSON lines as a list; raises Unusable with the place of what is wrong."""
    if not text.strip():
        return []
    try:
        return json.loads(text)
    except RecursionError:
        raise Unusable(f"“{name}” is nested too deeply to be compared.", "Compare a part of it.") from None
    except json.JSONDecodeError as problem:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and problem.msg == "Extra data":
            return _lines(lines, name)
        where = f"line {problem.lineno}, column {problem.colno}"
        raise Unusable(f"“{name}” is no JSON: {problem.msg} at {where}.", "Correct it, and attach it again.") from None
    except ValueError as problem:  # a number of more digits than Python takes
        raise Unusable(f"“{name}” cannot be read as JSON: {problem}.", "Correct it, and attach it again.") from None


def _lines(lines: list[str], name: str) -> list[Any]:
    found: list[Any] = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError):
            raise Unusable(
                f"“{name}” is neither JSON nor JSON lines: line {number} with text cannot be read.",
                "Correct it, and attach it again.",
            ) from None
    return found


def document_rows(value: Any, nested: bool = True) -> Iterator[tuple[str, str]]:
    """Give (path, value as text) of everything in a value; where not `nested`, lists are one value each."""
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        path, here = stack.pop()
        if isinstance(here, dict) and here:
            parts = [(_joined(path, key), inner) for key, inner in here.items()]
        elif isinstance(here, list) and here and nested:
            parts = [(f"{path}[{place}]", inner) for place, inner in enumerate(here)]
        else:
            yield path or ".", _text(here)
            continue
        stack.extend(reversed(parts))


def _joined(path: str, key: str) -> str:
    plain = key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    return f"{path}.{plain}" if path else plain


def _text(value: Any) -> str:
    """Give a value as text, texts that look like something else in quotes: "5" and 5 are not the same."""
    if isinstance(value, str) and not _NOT_A_TEXT.fullmatch(value):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    except RecursionError:
        return "(nested too deeply)"
