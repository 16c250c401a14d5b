"""One run as this process sees it: its recorded steps, kept in step with the rows."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.effect import Effect, Labels
from daemon.domain.ended import Finished
from daemon.domain.errors import Fenced, StoreError
from daemon.domain.failpoint import failpoint
from daemon.domain.run import Run
from daemon.domain.step import COMPACT, Step, StepKind, StepStatus
from daemon.domain.task import Task
from daemon.domain.update import UpdateKind
from daemon.engine.parts import Parts
from daemon.store import audit, database, history, runs, steps

_REPORT_SECONDS = 0.5


class Journal:
    """The steps of a run in memory; every change is a row first."""

    def __init__(self, parts: Parts, task: Task, run: Run) -> None:
        """Begin with what is recorded: call `load` before anything else."""
        self.parts = parts
        self.task = task
        self.run = run
        self.steps: list[Step] = []
        self._reported = 0.0
        self._withheld: tuple[int, str] | None = None
        self._reports: set[asyncio.Future[None]] = set()

    async def load(self) -> None:
        """Read the recorded steps."""
        self.steps = await self.parts.thread.call(steps.of_run, self.parts.home, self.run.id)

    async def reread(self, seq: int) -> Step:
        """Read one step again after its row changed."""
        step = await self.parts.thread.call(steps.get, self.parts.home, self.run.id, seq)
        if seq <= len(self.steps):
            self.steps[seq - 1] = step
        else:
            self.steps.append(step)
        self.parts.wake.ring()
        return step

    def of_call(self, call: ToolCall) -> Step | None:
        """Give the recorded step of a call."""
        found = [step for step in self.steps if step.kind is StepKind.TOOL and step.call_id == call.id]
        return found[-1] if found else None

    def finished(self) -> Finished | None:
        """Give the end that a recorded step has already brought."""
        step = end_of(self.steps)
        return None if step is None else Finished(step.output["text"], tuple(step.output["files"]))

    async def write_at_once(
        self, call: ToolCall, text: str, *, effect: Effect | None = None, note: str = "refused"
    ) -> None:
        """Record a call that was not executed, with the text that goes back to whoever made it."""
        text = self.parts.redact.text(text)
        given = await self._prepared({"tool": call.tool, "arguments": dict(call.arguments)})
        output = await self._prepared({"text": text, "files": [], "failed": True, note: True})
        now = self.parts.clock.now()

        def write() -> int:
            with database.transaction():
                runs.fence(self.run)
                seq = steps.begin(
                    self.run,
                    StepKind.TOOL,
                    call.tool,
                    given,
                    now=now,
                    effect=effect,
                    digest=call.digest(),
                    call_id=call.id,
                )
                steps.end(self.run, seq, StepStatus.FAILED, output, now=now)
                detail = {"seq": seq, "tool": call.tool, "digest": call.digest(), "why": text[:500]}
                audit.add("refused", f"run:{self.run.id}", detail, now, task_id=self.task.id, run_id=self.run.id)
                return seq

        await self.reread(await self.parts.thread.call(write))
        failpoint("call.recorded")

    async def remark(self, text: str) -> None:
        """Write a line to the history, once in a run."""

        cleaned = self.parts.redact.text(text)

        def write() -> None:
            with database.transaction():
                history.add_once(self.task.id, self.run.id, UpdateKind.NOTE, cleaned, self.parts.clock.now())

        await self.parts.thread.call(write)

    async def compact(self, text: str, until: int) -> None:
        """Record a text that stands in the place of the steps up to number `until`."""
        given = await self._prepared({"until": until})
        output = await self._prepared({"text": self.parts.redact.text(text)})
        now = self.parts.clock.now()

        def write() -> int:
            with database.transaction():
                runs.fence(self.run)
                seq = steps.begin(self.run, StepKind.NOTE, COMPACT, given, now=now)
                steps.end(self.run, seq, StepStatus.DONE, output, now=now)
                return seq

        await self.reread(await self.parts.thread.call(write))

    def fetched(self) -> tuple[list[str], int]:
        """Give the texts that were fetched, and how many of these fetches were made."""
        steps = [step for step in self.steps if step.effect is Effect.FETCH and step.is_call_made]
        return [str((step.output or {}).get("text", "")) for step in steps if step.ended_at is not None], len(steps)

    def labels(self) -> Labels:
        """Give the labels that the run carries."""
        found = self.run.labels
        for step in self.steps:
            found |= step.labels
        return found

    def report(self, percent: int, text: str) -> None:
        """Show how far a step is, at most twice a second; nothing depends on it. `flush_reports` shows the last."""
        self._withheld = (percent, text)
        if time.monotonic() - self._reported >= _REPORT_SECONDS:
            self._show_report()

    async def flush_reports(self) -> None:
        """Show the last report of a step and wait until all are written."""
        self._show_report()
        await asyncio.gather(*self._reports)

    def _show_report(self) -> None:
        if self._withheld is None:
            return
        (percent, text), self._withheld = self._withheld, None
        self._reported = time.monotonic()
        report = asyncio.ensure_future(self._write_report(percent, text))
        self._reports.add(report)
        report.add_done_callback(self._reports.discard)

    async def _write_report(self, percent: int, text: str) -> None:
        line = self.parts.redact.text(f"{percent}% {text}".strip())

        def write() -> None:
            with database.transaction():
                runs.fence_outcome(self.run)
                runs.set_progress(self.run, max(0, min(100, percent)), None)
                history.add(self.task.id, self.run.id, UpdateKind.PROGRESS, line, self.parts.clock.now())

        try:
            await self.parts.thread.call(write)
        except (Fenced, StoreError) as problem:
            self.parts.log.debug("progress not shown", run=self.run.id, problem=str(problem))
        self.parts.wake.ring()

    async def _prepared(self, value: Any) -> steps.Prepared:
        return await self.parts.thread.call(steps.prepare, self.parts.home, value)


def end_of(steps: Sequence[Step]) -> Step | None:
    """Give the step that ended a run; none while the model has not answered what the owner said since it was asked."""
    asked = max((one.seq for one in steps if one.kind is StepKind.MODEL and one.status is StepStatus.DONE), default=0)
    since = [step for step in steps if step.seq > asked]
    if asked and any(step.kind is StepKind.STEER for step in since):
        return None
    return next((step for step in since if _finishes(step)), None)


def _finishes(step: Step) -> bool:
    done = step.kind is StepKind.TOOL and step.status is StepStatus.DONE
    return done and bool(step.output.get("finish"))
