"""Room in the model's window: older steps become a few lines, the newest stay as they are (T9).

No model is asked for it: what was noted, decided, changed and found stands in the recorded steps, so the same steps
give the same lines, and a small model cannot lose its own task.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from agents.models.estimate import tokens_of
from agents.transcript import answer_to, fold, last_compact
from daemon.domain.step import Step, StepKind, StepStatus

_FULL = 0.85
"""Share of the window from which on it is made roomier."""
_NEWEST = 0.25
"""Share of the room for steps that the newest keep."""
_LINES = 0.2
"""Share of it that the lines about the older ones may take: the rest is free again."""
_LINE = 220
_NOTES = 4000
_ALSO_THE_NEWEST = (
    "Your last reply is shortened here as well, since it was too long to stay. Only these lines are cut, not what its "
    "calls did: do not repeat a call for that."
)
_CHANGING = ("write_file", "edit_file", "move_file", "delete_file", "make_folder", "make_pdf", "make_chart")


@dataclass(frozen=True, slots=True)
class Compact:
    """What stands in the place of the steps up to number `until`."""

    text: str
    until: int


def is_full(tokens: int, window: int) -> bool:
    """Say whether a request of so many tokens leaves too little of the window."""
    return tokens > window * _FULL


def room_for_steps(window: int, fixed: int) -> int:
    """Give the tokens that steps may take beside prompt, tools and goal, which take `fixed`."""
    return max(0, int(window * _FULL) - fixed)


def compacted(steps: Sequence[Step], room: int) -> Compact | None:
    """Shorten the steps of a run, which may take `room` tokens; None where nothing is left to shorten.

    The newest reply and what came of it are shortened last, where they alone take more than that.
    """
    before = last_compact(steps)
    first = before.input["until"] if before is not None else 0
    until = _last_to_shorten(steps, first, int(room * _NEWEST))
    if until is not None:
        return Compact(_written([step for step in steps if step.seq <= until], int(room * _LINES)), until)
    newest = _newest_reply(steps)
    if newest <= first or room <= 0 or _size(steps, newest) <= room:
        return None
    until = max(step.seq for step in steps if step.kind in (StepKind.MODEL, StepKind.TOOL))
    shortened = [step for step in steps if step.seq <= until]
    return Compact(f"{_written(shortened, int(room * _LINES), newest)}\n\n{_ALSO_THE_NEWEST}", until)


def _newest_reply(steps: Sequence[Step]) -> int:
    """Give the number of the newest reply; 0 where there is none."""
    replies = [step.seq for step in steps if step.kind is StepKind.MODEL and step.status is StepStatus.DONE]
    return replies[-1] if replies else 0


def _last_to_shorten(steps: Sequence[Step], first: int, keep: int) -> int | None:
    """Give the number of the last step that is shortened: what follows begins with a reply and takes at most `keep`."""
    starts = [step.seq for step in steps if step.kind is StepKind.MODEL and step.status is StepStatus.DONE]
    fitting = None
    for start in reversed(starts):
        if start <= first + 1:
            break
        if fitting is not None and _size(steps, start) > keep:
            break
        fitting = start
    return None if fitting is None else fitting - 1


def _size(steps: Sequence[Step], start: int) -> int:
    newest = fold("", "", [step for step in steps if step.seq >= start]).messages
    return sum(tokens_of(json.dumps(dict(message), ensure_ascii=False)) for message in newest[2:])


def _written(steps: Sequence[Step], room: int, unread: int | None = None) -> str:
    """Write the sections; the oldest lines about steps go first where they are too many, the newest one stays.

    What the owner said after step `unread` the model has not read yet: that is written whole.
    """
    sections = [
        ("The owner said meanwhile", _steered(steps, unread)),
        ("Notes", _notes(steps)),
        ("Files that were changed", _changed(steps)),
    ]
    head = "\n\n".join(f"{title}:\n" + "\n".join(lines) for title, lines in sections if lines)
    lines = [line for step in steps for line in _lines_of(step)]
    left, kept = room - tokens_of(head), list[str]()
    for line in reversed(lines):
        left -= tokens_of(line) + 1
        if left < 0 and kept:
            break
        kept.insert(0, line)
    missing = [f"… {len(lines) - len(kept)} earlier lines are left out."] if len(kept) < len(lines) else []
    return "\n\n".join(part for part in (head, "Done so far:\n" + "\n".join(missing + kept)) if part)


def _steered(steps: Sequence[Step], unread: int | None) -> list[str]:
    said = [(step.seq, step.input["text"]) for step in steps if step.kind is StepKind.STEER]
    return [text if unread is not None and seq > unread else _line(text) for seq, text in said]


def _notes(steps: Sequence[Step]) -> list[str]:
    """Give the notebook: notes with a key as they were written last."""
    notes: dict[str, str] = {}
    for step in _tools(steps, ("note",)):
        given = step.input["arguments"]
        key = str(given.get("key") or f"#{step.seq}")
        notes.pop(key, None)
        notes[key] = str(given.get("text", ""))
    lines = [f"- {text}" if key.startswith("#") else f"- {key}: {text}" for key, text in notes.items()]
    while sum(map(len, lines)) > _NOTES and len(lines) > 1:
        lines.pop(0)
    return [line[:_NOTES] for line in lines]


def _changed(steps: Sequence[Step]) -> list[str]:
    paths: dict[str, None] = {}
    for step in _tools(steps, _CHANGING):
        given = step.input["arguments"]
        for name in ("path", "to"):
            if isinstance(given.get(name), str):
                paths[str(PurePosixPath(given[name]))] = None
    return [f"- {path}" for path in list(paths)[-60:]]


def _tools(steps: Sequence[Step], names: Sequence[str]) -> list[Step]:
    return [
        step for step in steps if step.kind is StepKind.TOOL and step.name in names and step.status is StepStatus.DONE
    ]


def _lines_of(step: Step) -> list[str]:
    if step.kind is StepKind.MODEL and step.status is StepStatus.DONE:
        said, told = step.output["text"].strip(), answer_to(step)
        lines = [f"{step.seq}. you said: {_line(said)}"] if said else []
        return [*lines, f"{step.seq}. you were told: {_line(told)}"] if told else lines
    if step.kind is StepKind.TOOL and step.ended_at is not None and step.name != "note":
        return [f"{step.seq}. {step.name} {_line(_arguments(step), _LINE // 2)} → {_line(step.output['text'])}"]
    return []


def _arguments(step: Step) -> str:
    given: dict[str, Any] = step.input["arguments"]
    return json.dumps(given, ensure_ascii=False)


def _line(text: str, most: int = _LINE) -> str:
    text = " ".join(text[: 4 * most].split())
    return text if len(text) <= most else f"{text[: most * 3 // 4]} … {text[-most // 4 :]}"
