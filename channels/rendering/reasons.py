"""Why a task was done as it was: by whom, and what allowed its calls, in the owner's words."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from daemon.domain.visible import exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daemon.domain.words import Words
    from daemon.engine.service import AuditEntry

_SKILL = "skill:"
_TABLE, _OWN = "table: ", "your rule "
_ANSWERS = {"answered approved": "log.approved", "answered rejected": "log.rejected"}


def reasons(say: Words, entries: Iterable[AuditEntry]) -> list[str]:
    """Give a line for each thing that was decided, in their order; calls that one thing allowed share a line."""
    told: Counter[str] = Counter()
    for entry in entries:
        detail = None if entry.detail is None else json.loads(entry.detail)
        line = _line(say, entry.kind, detail) if detail is not None else ""
        if line:
            told[line] += 1
    return [line if count == 1 else f"{line} ({count} ×)" for line, count in told.items()]


def _line(say: Words, kind: str, detail: dict[str, Any]) -> str:
    if kind == "planned":
        name = str(detail["agent"])
        key = "log.skill" if name.startswith(_SKILL) else "log.agent"
        return say.say(key, name=exact(name.removeprefix(_SKILL)))
    if kind == "call":
        return _call(say, detail)
    if kind in _ANSWERS:
        words = exact(str(detail.get("answer") or ""))
        return say.say(_ANSWERS[kind]) + (f": {words}" if words else "")
    return ""


def _call(say: Words, detail: dict[str, Any]) -> str:
    tool, rule = exact(str(detail["tool"])), str(detail["rule"])
    if detail.get("approval"):
        return say.say("log.yes", tool=tool)
    if rule.startswith(_OWN):
        return say.say("log.own", tool=tool, number=rule.removeprefix(_OWN))
    return say.say("log.table", tool=tool) if rule.startswith(_TABLE) else say.say("log.rule", tool=tool, rule=rule)
