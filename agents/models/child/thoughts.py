"""Thoughts that a provider sealed and wants to see again as they were.

Anthropic, "Extended thinking"; OpenRouter, "Reasoning Tokens", "Preserving Reasoning Blocks".
"""

from typing import Any

_GROWING = {"reasoning.text": "text", "reasoning.summary": "summary"}
"""The field in which the words of a detail come, a piece at a time; other details come whole."""


def add_piece(thoughts: list[dict[str, Any]], piece: dict[str, Any]) -> None:
    """Take one piece: a thought comes in many, its seal as the last, and the seal holds for all of its text."""
    last = thoughts[-1] if thoughts else {}
    if not _goes_on(last, piece):
        thoughts.append(piece)
        return
    last["thinking"] = (last.get("thinking") or "") + (piece.get("thinking") or "")
    if piece.get("signature"):
        last["signature"] = piece["signature"]


def _goes_on(last: dict[str, Any], piece: dict[str, Any]) -> bool:
    return last.get("type") == piece.get("type") == "thinking" and not last.get("signature")


def add_detail(details: list[dict[str, Any]], piece: dict[str, Any]) -> None:
    """Take one piece of OpenRouter's `reasoning_details`: their order and all their fields count."""
    field, last = _GROWING.get(piece.get("type", "")), details[-1] if details else {}
    same = all(last.get(name) == piece.get(name) for name in ("type", "index"))
    if field is None or not same or last.get("signature"):
        details.append(piece)
        return
    words = (last.get(field) or "") + (piece.get(field) or "")
    last |= {name: value for name, value in piece.items() if value is not None} | {field: words}
