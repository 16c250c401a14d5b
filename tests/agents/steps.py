"""Recorded steps as a test writes them."""

from typing import Any

from daemon.domain.step import COMPACT, TOO_LONG, Step, StepKind, StepStatus


class Recorded:
    """The steps of a run, one after the other."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def said(self, text: str = "", *calls: tuple[str, dict[str, Any]], **more: Any) -> "Recorded":
        written = [{"id": "x", "tool": tool, "arguments": arguments} for tool, arguments in calls]
        return self._add(StepKind.MODEL, "fast", {}, {"text": text, "calls": written, **more})

    def too_long(self) -> "Recorded":
        output = {"text": "too long", "calls": [], "why": TOO_LONG}
        return self._add(StepKind.MODEL, "fast", {}, output, status=StepStatus.FAILED)

    def did(self, tool: str, gave: str, position: int = 1, /, **arguments: Any) -> "Recorded":
        replies = [step.seq for step in self.steps if step.kind is StepKind.MODEL]
        call = {"tool": tool, "arguments": arguments}
        output = {"text": gave, "files": [], "failed": False}
        return self._add(StepKind.TOOL, tool, call, output, call_id=f"c{replies[-1]:05}{position:03}")

    def steered(self, text: str) -> "Recorded":
        return self._add(StepKind.STEER, "", {"text": text}, None)

    def compact(self, text: str, until: int) -> "Recorded":
        return self._add(StepKind.NOTE, COMPACT, {"until": until}, {"text": text})

    def _add(self, kind: StepKind, name: str, given: Any, output: Any, **more: Any) -> "Recorded":
        status = more.pop("status", StepStatus.DONE)
        seq = len(self.steps) + 1
        self.steps.append(Step(1, seq, kind, name, status, given, output, ended_at=float(seq), **more))
        return self
