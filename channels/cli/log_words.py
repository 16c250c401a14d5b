"""The audit log in words: who did or decided what, by which rule, and why."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from channels.cli.task_words import place
from channels.cli.text import flat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.engine.service import AuditEntry

_SHORT = 8
_DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24,}\b")
"""Digests and ids; `--json` has them whole."""

_PLAIN = {
    "retried": "run again, asked",
    "stopped all": "everything stopped",
    "forgotten": "a task was forgotten, asked",
    "imported": "tasks were imported",
}


Detail = dict[str, Any]
"""What an entry says besides: its JSON, and as `step` the name of the step that it speaks of."""


class LogWords:
    """Says entries of the log; knows what the steps were that they speak of."""

    def __init__(
        self, entries: Sequence[AuditEntry], steps: Mapping[tuple[int | None, int], str] | None = None
    ) -> None:
        """Learn the steps from the entries themselves, and from `steps`: names by run and number."""
        self._names: dict[tuple[int | None, int], str] = {**(steps or {})}
        for entry in entries:
            detail = _detail(entry)
            if entry.kind == "call" and detail:
                self._names[(entry.run_id, detail["seq"])] = str(detail["tool"])

    def said(self, entry: AuditEntry) -> str:
        """Say one entry, in one line."""
        detail = _detail(entry)
        if detail is None:
            return f"{flat(entry.kind)} (what it said is forgotten)"
        if "seq" in detail:
            detail["step"] = self._names.get((entry.run_id, detail["seq"]), f"step {detail['seq']}")
        say = _SAID.get(entry.kind, _as_it_is)
        return flat(short(say(entry, detail)))


def doer(plan: str, version: str = "") -> str:
    """Say who does a run: "the skill csv-report, version 1", "the agent general"."""
    kind, colon, name = plan.partition(":")
    if colon and kind == "skill":
        return f"the skill {name}{f', version {version}' if version else ''}"
    return f"the agent {plan}"


def short(text: str) -> str:
    """Cut digests and ids to what tells them apart."""
    return _DIGEST.sub(r"\1", text)


def _detail(entry: AuditEntry) -> Detail | None:
    if entry.detail is None:
        return None
    found: Detail = json.loads(entry.detail)
    return found


def _as_it_is(entry: AuditEntry, detail: Detail) -> str:
    what = _PLAIN.get(entry.kind, entry.kind)
    rest = "".join(f", {name}: {value}" for name, value in detail.items())
    return f"{what} {_where(entry.actor)}{rest}"


def _where(actor: str) -> str:
    """Say where an actor stands: they are "owner:cli:1000", "cli", "run:7" or "clock"."""
    kind, _, rest = actor.partition(":")
    if kind == "run":
        return "by the run itself"
    if kind == "clock":
        return "by the daemon"
    channel = rest.partition(":")[0] if kind in ("owner", "contact") else kind
    who = " by a contact" if kind == "contact" else ""
    return f"in {place(channel)}{who}"


def _because(detail: Detail) -> str:
    return f": {detail['why']}" if "why" in detail else ""


def _files(detail: Detail) -> str:
    named = [f"{name} ({digest[:_SHORT]})" for name, digest in detail["files"]]
    return f", with {', '.join(named)}" if named else ""


def _question(detail: Detail) -> str:
    return f"question {str(detail['approval'])[:_SHORT]}"


def _verdict(detail: Detail) -> str:
    """Say why a call was made: the verdict, its reason, and the rule or that none names it."""
    because = f", because {detail['reason']}" if detail.get("reason") else ""
    rule = str(detail["rule"])
    row = rule.removeprefix("table: ")
    by = f"your rule in {rule}" if row == rule else f"no rule of yours names it; the default for {row}"
    if detail.get("approval"):
        return f"allowed by your yes to {_question(detail)}; it was asked{because} ({by})"
    return f"allowed{because} ({by})"


def _turned_back(entry: AuditEntry, detail: Detail) -> str:
    what = f"step {detail['before']}" if detail["verb"] == "undo" else f"the undo in step {detail['before']}"
    failed = f", which did not work: {detail['problem']}" if detail["problem"] else ""
    return f"undid {what} {_where(entry.actor)}{failed}"


def _submitted(entry: AuditEntry, detail: Detail) -> str:
    return f"asked {_where(entry.actor)}: {detail['goal']}{_files(detail)}"


def _asked(_: AuditEntry, detail: Detail) -> str:
    return f"asked you {_question(detail)}: {str(detail['shown']).partition(chr(10))[0]}"


def _answered(entry: AuditEntry, detail: Detail) -> str:
    said = "yes" if entry.kind == "answered approved" else "no"
    words = f", with the words: {detail['answer']}" if detail["answer"] else ""
    return f"you said {said} to {_question(detail)} {_where(entry.actor)}{words}"


_SAID: dict[str, Callable[[AuditEntry, Detail], str]] = {
    "submitted": _submitted,
    "planned": lambda _, detail: f"done by {doer(detail['agent'], str(detail.get('version', '')))}{_because(detail)}",
    "call": lambda _, detail: f"{detail['tool']}: {_verdict(detail)}",
    "call repeated": lambda _, detail: f"{detail['step']}: done again, since it was cut off",
    "outcome": lambda _, detail: f"{detail['step']}: {detail['status']}",
    "unknown": lambda _, detail: f"{detail['step']}: nobody knows whether it happened",
    "asked": _asked,
    "answered approved": _answered,
    "answered rejected": _answered,
    "expired": lambda _, detail: f"{_question(detail)} expired: nobody answered",
    "key kept": lambda entry, detail: f"the key {detail['key']} was kept {_where(entry.actor)}",
    "key dropped": lambda entry, detail: f"the key {detail['key']} was forgotten {_where(entry.actor)}",
    "rule made": lambda _, detail: f"you allowed it for ever, by rule {detail['rule']}: {detail['words']}",
    "rule revoked": lambda _, detail: f"you took back rule {detail['rule']}: {detail['words']}",
    "undone": _turned_back,
    "redone": _turned_back,
    "ended": lambda _, detail: f"ended: {detail['status']}{_files(detail)}",
    "recovered": lambda _, detail: "taken up again after it was cut off",
    "priority": lambda entry, detail: f"priority {detail['priority']}, set {_where(entry.actor)}",
}
"""How the entries of each kind are said; others as they are."""
