"""The messages of a run as a fold over its recorded steps; nothing is executed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.canonical import canonical
from daemon.domain.step import Step, StepKind, StepStatus


@dataclass(frozen=True, slots=True)
class Transcript:
    """What the model has seen, the calls that have no outcome yet, and its last words where it made no call."""

    messages: tuple[Mapping[str, Any], ...]
    open_calls: tuple[ToolCall, ...]
    last_words: str | None


def fold(prompt: str, goal: str, steps: Sequence[Step]) -> Transcript:
    """Read the steps of a run."""
    messages: list[Mapping[str, Any]] = [
        {"role": "system", "content": prompt},
        {"role": "user", "content": goal},
    ]
    asked: dict[str, ToolCall] = {}
    last_words: str | None = None
    for step in steps:
        if step.kind is StepKind.MODEL and step.status is StepStatus.DONE:
            calls = _calls_of(step)
            asked = {call.id: call for call in calls}
            last_words = None if calls else step.output["text"]
            messages.append(_assistant(step.output["text"], calls))
        elif step.kind is StepKind.TOOL and step.ended_at is not None:
            asked.pop(step.call_id, None)
            messages.append({"role": "tool", "tool_call_id": step.call_id, "content": step.output["text"]})
        elif step.kind is StepKind.STEER:
            last_words = None
            messages.append({"role": "user", "content": step.input["text"]})
    return Transcript(tuple(messages), tuple(asked.values()), last_words)


def _calls_of(step: Step) -> list[ToolCall]:
    """Give the calls of a reply; their ids count within the run, whatever the provider called them."""
    return [
        ToolCall(f"{step.seq}.{position}", call["tool"], call["arguments"])
        for position, call in enumerate(step.output["calls"], 1)
    ]


def _assistant(text: str, calls: Sequence[ToolCall]) -> Mapping[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.tool, "arguments": canonical(dict(call.arguments))},
            }
            for call in calls
        ]
    return message
