"""Thoughts that a provider sealed and wants to see again as they were (Anthropic, "Extended thinking")."""

from typing import Any


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
