"""The messages of a run as a fold over its recorded steps; nothing is executed again.

The same steps always give the same bytes, and a further step only adds to the end, so that a model's cache of the
beginning holds; only a compaction puts something else in the place of older steps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.canonical import canonical
from daemon.domain.step import COMPACT, TOO_LONG, Step, StepKind, StepStatus

_SILENT = "Your answer was empty. Make a call, or say in words what the owner is to know."
_MALFORMED = "Nothing was called. {problems} Write the call again."
_BEFORE = "To save room, the steps so far are shortened here:\n\n"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What the model has seen, and how it stands.

    `open_calls` have no outcome yet; `last_words` are those of a reply without a call. `unusable` counts the replies
    at the end that held neither. `too_long` is the size of the last request in messages, where it did not fit.
    """

    messages: tuple[Mapping[str, Any], ...]
    open_calls: tuple[ToolCall, ...]
    last_words: str | None
    unusable: int = 0
    too_long: bool = False


def fold(prompt: str, goal: str, steps: Sequence[Step]) -> Transcript:
    """Read the steps of a run."""
    messages: list[Mapping[str, Any]] = [
        {"role": "system", "content": prompt},
        {"role": "user", "content": goal},
    ]
    compact = last_compact(steps)
    if compact is not None:
        messages.append({"role": "user", "content": _BEFORE + compact.output["text"]})
    shown = steps if compact is None else [step for step in steps if step.seq > compact.input["until"]]
    messages.extend(_messages(shown))
    return Transcript(tuple(messages), *_standing(steps), *_trouble(steps))


def last_compact(steps: Sequence[Step]) -> Step | None:
    """Give the newest note that stands in the place of older steps."""
    return next((step for step in reversed(steps) if _is_compact(step)), None)


def calls_of(step: Step) -> list[ToolCall]:
    """Give the calls of a reply.

    Their ids count within the run, whatever the provider called them: nine letters and digits, which all of them take.
    """
    return [
        ToolCall(f"c{step.seq:05}{position:03}", call["tool"], call["arguments"])
        for position, call in enumerate(step.output["calls"], 1)
    ]


def _messages(steps: Sequence[Step]) -> Iterator[Mapping[str, Any]]:
    open_calls: set[str] = set()
    held: list[Mapping[str, Any]] = []
    for step in steps:
        if step.kind is StepKind.MODEL and step.status is StepStatus.DONE:
            yield from held
            yield _assistant(step)
            open_calls = {call.id for call in calls_of(step)}
            held = [{"role": "user", "content": problems}] if (problems := answer_to(step)) else []
        elif step.kind is StepKind.TOOL and step.ended_at is not None:
            open_calls.discard(step.call_id)
            yield {"role": "tool", "tool_call_id": step.call_id, "content": step.output["text"]}
        elif step.kind is StepKind.STEER:
            # Between calls and their outcomes no provider takes anybody's words.
            held.append({"role": "user", "content": step.input["text"]})
        if not open_calls:
            yield from held
            held = []
    yield from held


def _assistant(step: Step) -> Mapping[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": step.output["text"]}
    calls = calls_of(step)
    if calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.tool, "arguments": canonical(dict(call.arguments))},
            }
            for call in calls
        ]
    if step.output.get("kept"):
        message["kept"] = step.output["kept"]
    return message


def answer_to(step: Step) -> str:
    """Say what is wrong with a reply; nothing where it is one that can be used."""
    problems = step.output.get("problems", ())
    if problems:
        return _MALFORMED.format(problems=" ".join(problems)) if not step.output["calls"] else " ".join(problems)
    return _SILENT if _is_empty(step) else ""


def _is_empty(step: Step) -> bool:
    return not step.output["calls"] and not step.output["text"].strip()


def _standing(steps: Sequence[Step]) -> tuple[tuple[ToolCall, ...], str | None]:
    """Give the calls without an outcome, and the last words."""
    asked: dict[str, ToolCall] = {}
    last_words: str | None = None
    for step in steps:
        if step.kind is StepKind.MODEL and step.status is StepStatus.DONE:
            asked = {call.id: call for call in calls_of(step)}
            last_words = None if asked or answer_to(step) else step.output["text"]
        elif step.kind is StepKind.TOOL and step.ended_at is not None:
            asked.pop(step.call_id, None)
        elif step.kind is StepKind.STEER:
            last_words = None
    return tuple(asked.values()), last_words


def _trouble(steps: Sequence[Step]) -> tuple[int, bool]:
    """Count the replies at the end that could not be used, and say whether the last request was too long."""
    replies = [step for step in steps if step.kind is StepKind.MODEL]
    unusable = 0
    for step in reversed(replies):
        if step.status is not StepStatus.DONE:
            continue
        if step.output["calls"] or not answer_to(step):
            break
        unusable += 1
    last = steps[-1] if steps else None
    is_long = last is not None and last.kind is StepKind.MODEL and (last.output or {}).get("why") == TOO_LONG
    return unusable, is_long


def _is_compact(step: Step) -> bool:
    return step.kind is StepKind.NOTE and step.name == COMPACT
