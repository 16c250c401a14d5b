"""Re-executes a recorded run with the recorded replies and reports the first difference (T11).

What stays in the workspace is done again in a workspace of its own, and undone again where the owner undid it; what
leaves the house, or came from outside, is taken from the record.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from daemon.domain.call import Ask, Outcome, ToolCall
from daemon.domain.effect import Effect
from daemon.domain.ended import Ended, Failed, Finished, Suspended
from daemon.domain.errors import AgentError, InvalidState
from daemon.domain.held import Held
from daemon.domain.long_text import shortened
from daemon.domain.model import ModelRequest
from daemon.domain.ports import Circumstances, Plan
from daemon.domain.run import Run, WaitingFor
from daemon.domain.sandbox import Box
from daemon.domain.step import COMPACT, Step, StepKind, StepStatus
from daemon.domain.task import Task
from daemon.engine import workspace
from daemon.engine.journal import end_of
from daemon.engine.outcome import output_of
from daemon.engine.parts import Parts
from daemon.engine.redaction.outcomes import clean_outcome
from daemon.engine.request import digest_of_request
from daemon.engine.snapshots import Snapshots
from daemon.store import blobs, runs, steps, tasks
from daemon.store.blobs import digest_of_file
from daemon.store.home import Home

_AGAIN = (Effect.READ, Effect.COMPUTE, Effect.WRITE)


class DifferenceError(Exception):
    """The first place where the replay went another way."""


async def replay(parts: Parts, task_id: int) -> str | None:
    """Replay the newest run of a task; gives the first difference in a sentence, or None."""
    task, run, plan, recorded = await parts.thread.call(_recorded, parts.home, task_id)
    scratch = Path(tempfile.mkdtemp(prefix="replay-", dir=parts.home.path))
    try:
        folder = workspace.make(parts.home, task, run, scratch / "run")
        again = Replay(parts, task, run, plan, recorded, folder)
        try:
            ended = await parts.agents.build(plan).run(again)
        finally:
            await again.held.close()
        again.compare_end(ended)
    except DifferenceError as difference:
        return str(difference)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return None


def _recorded(home: Home, task_id: int) -> tuple[Task, Run, Plan, list[Step]]:
    task = tasks.get(task_id)
    run = runs.get(task.run_id)
    found = runs.plan_of(run.id)
    if found is None or not run.status.final:
        raise InvalidState(
            f"Task {task_id} is {run.status}; only a run that has ended is replayed.", "Let it end first."
        )
    plan = Plan(found[0], json.loads(blobs.read(home, found[1])))
    return task, run, plan, steps.of_run(home, run.id)


class Replay:
    """The port `Work` over a recorded run."""

    def __init__(self, parts: Parts, task: Task, run: Run, plan: Plan, recorded: Sequence[Step], folder: Path) -> None:
        """Replay `recorded` in the workspace `folder`."""
        self._parts = parts
        self._plan = plan
        self._recorded = list(recorded)
        self._end = end_of(recorded)
        self._folder = folder
        self._steps: list[Step] = []
        self._snapshots = Snapshots(folder) if any(step.turns_back for step in recorded) else None
        self._kept: dict[str, str] = {}
        self.held = Held()
        self.task = task
        self.run = run

    @property
    def frozen(self) -> Mapping[str, Any]:
        """Give what the run was started with."""
        return self._plan.frozen

    @property
    def steps(self) -> Sequence[Step]:
        """Give the steps replayed so far."""
        return self._steps

    async def steering(self) -> bool:
        """Take over the owner's messages where they stand in the record."""
        self._turn_back()
        before = len(self._steps)
        while (step := self._next()) is not None and step.kind is StepKind.STEER:
            self._steps.append(step)
        return len(self._steps) > before

    async def ask_model(self, request: ModelRequest) -> Suspended | Failed | None:
        """Give the recorded reply, if the request is the recorded one."""
        step = self._expect(StepKind.MODEL, request.tier)
        while step.status is not StepStatus.DONE:
            self._steps.append(step)
            step = self._expect(StepKind.MODEL, request.tier)
        if step.digest != digest_of_request(request):
            raise DifferenceError(f"Step {step.seq}: the request to the model is another.")
        self._steps.append(step)
        return None

    async def compact(self, text: str, until: int) -> None:
        """Compare what stands in the place of older steps."""
        step = self._expect(StepKind.NOTE, COMPACT)
        if step.input["until"] != until or step.output["text"] != self._parts.redact.text(text):
            raise DifferenceError(f"Step {step.seq}: the steps before are shortened in another way.")
        self._steps.append(step)

    async def call(self, calls: Sequence[ToolCall]) -> Ended | None:
        """Make the recorded calls again where they stay in the workspace, and compare what comes of them."""
        for given in calls:
            tool = self._parts.tools.get(given.tool)
            call = given if tool is None else replace(given, tool=tool.name)
            step = self._expect(StepKind.TOOL, call.tool)
            if step.digest != call.digest():
                raise DifferenceError(f"Step {step.seq}: {call.tool} was called with other arguments.")
            self._keep(step)
            if step.effect in _AGAIN and step.ended_at is not None and step.is_call_made:
                await self._again(call, step)
            self._steps.append(step)
            if step == self._end:
                return Finished(step.output["text"], tuple(step.output["files"]))
            if step.ended_at is None:
                return Suspended(WaitingFor.OWNER)
        return None

    def compare_end(self, ended: Ended) -> None:
        """Compare how it ended, and the bytes of the files."""
        text = ended.text if isinstance(ended, Finished) else getattr(ended, "reason", "")
        text, recorded = (self._parts.redact.text(each) for each in (text, self.run.result or self.run.error or ""))
        if text != recorded:
            raise DifferenceError(f"The end is another: {text[:200]}")
        for blob in self.run.files:
            path = self._folder / "output" / blob.name
            if not path.is_file():
                raise DifferenceError(f"The file {blob.name} was not made.")
            if digest_of_file(path) != blob.digest:
                raise DifferenceError(f"The file {blob.name} has other bytes.")

    async def _again(self, call: ToolCall, step: Step) -> None:
        tool = self._parts.tools.get(call.tool)
        if tool is None:
            raise DifferenceError(f"Step {step.seq}: the tool {call.tool} is gone.")
        if step.output.get("fresh"):
            await self.held.close()
        try:
            at = self._circumstances(step)
            outcome = await tool.invoke(call.arguments, at)
            outcome = shortened(outcome, self._folder, f"{tool.name}-{step.seq}", at.room)
        except AgentError as problem:
            outcome = Outcome(str(problem), failed=True)
        outcome = clean_outcome(self._parts.redact, outcome)
        # A question's outcome is the owner's answer, which stands in the record.
        asked = any(isinstance(emit, Ask) for emit in outcome.emits)
        # A secret that has become known since is compared as it is written now.
        if not asked and output_of(outcome) != self._parts.redact.value(step.output):
            raise DifferenceError(f"Step {step.seq}: {call.tool} gave another outcome: {outcome.text[:200]}")

    def _keep(self, step: Step) -> None:
        """Keep the workspace before a step, by the name that the recorded one has; only what was undone needs it."""
        if self._snapshots is not None and step.snapshot is not None:
            self._kept[step.snapshot] = self._snapshots.take()

    def _turn_back(self) -> None:
        """Undo and redo what the owner undid and redid here."""
        while (step := self._next()) is not None and step.turns_back:
            self._keep(step)
            if self._snapshots is not None and step.status is StepStatus.DONE:
                self._snapshots.restore(self._kept[step.input["to"]])
            self._steps.append(step)

    def _circumstances(self, step: Step) -> Circumstances:
        return Circumstances(
            task=self.task,
            run=self.run,
            workspace=self._folder,
            key=f"replay/{step.seq}",
            now=step.started_at,
            seed=int(self.frozen["seed"]),
            frozen=self.frozen,
            report=lambda _percent, _text: None,
            outputs=lambda: tuple(workspace.outputs(self._folder)),
            sandbox=self._parts.sandbox,
            box=Box(self._folder, self.task.folders, limits=self._parts.box),
            held=self.held,
            before=sum(one.is_call_made and one.name == step.name for one in self._steps),
        )

    def _next(self) -> Step | None:
        return self._recorded[len(self._steps)] if len(self._steps) < len(self._recorded) else None

    def _expect(self, kind: StepKind, name: str) -> Step:
        self._turn_back()
        step = self._next()
        if step is None:
            raise DifferenceError(f"After the last recorded step it goes on with {name}.")
        if step.kind is not kind or step.name != name:
            raise DifferenceError(f"Step {step.seq} was {step.name}; now it is {name}.")
        return step
