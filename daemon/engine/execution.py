"""One run from its claim to its end, wait or pause, in this process."""

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.ended import Ended, Failed, Finished, Suspended
from daemon.domain.errors import AgentError, Fenced, ModelRefused, ModelUnavailable, StoreError
from daemon.domain.failpoint import failpoint
from daemon.domain.held import Held
from daemon.domain.message import OutgoingKind
from daemon.domain.model import ModelRequest
from daemon.domain.ports import Plan, Unready
from daemon.domain.run import Run, RunStatus, WaitingFor
from daemon.domain.step import Step
from daemon.domain.task import Task
from daemon.domain.to_its_end import to_its_end
from daemon.engine import finish, intent, thinking, workspace
from daemon.engine.calls import CallGate
from daemon.engine.earlier import turns
from daemon.engine.journal import Journal
from daemon.engine.parts import Parts
from daemon.engine.queue_message import queue
from daemon.store import audit, blobs, codec, database, runs

_AGAIN = 30.0
"""Seconds after which a run that could not be planned is tried again."""
_INSIDE = "Something in the agent itself failed ({}); the log has the details."


class Execution:
    """The engine's side of one run; to the agent it is the port `Work`."""

    def __init__(self, parts: Parts, task: Task, run: Run) -> None:
        """Work on a run that this process has claimed."""
        self._parts = parts
        self._journal = Journal(parts, task, run)
        self._folder = parts.home.run_folder(task.id, run.number)
        self._plan = Plan("", {})
        self._gate: CallGate | None = None
        self._held = Held()

    @property
    def task(self) -> Task:
        """Give what was asked."""
        return self._journal.task

    @property
    def run(self) -> Run:
        """Give the run as it stands."""
        return self._journal.run

    @property
    def frozen(self) -> Mapping[str, Any]:
        """Give what the run was started with."""
        return self._plan.frozen

    @property
    def steps(self) -> Sequence[Step]:
        """Give the recorded steps in order."""
        return self._journal.steps

    async def ask_model(self, request: ModelRequest) -> Suspended | Failed | None:
        """Ask the model; the owner's messages to the run come first."""
        if self._parts.model is None:
            raise ModelUnavailable("No model is configured.", "Name one in models.yaml, or set AGENT_MODEL.")
        return await thinking.ask_model(self._journal, self._parts.model, request, self._plan.agent)

    async def steering(self) -> bool:
        """Record the messages that came for the run; says whether there were any."""
        now = self._parts.clock.now()
        if not await self._parts.thread.call(intent.take_steering, self.run, now):
            return False
        await self._journal.load()
        return True

    async def compact(self, text: str, until: int) -> None:
        """Record that a text stands in the place of older steps."""
        await self._journal.compact(text, until)

    async def call(self, calls: Sequence[ToolCall]) -> Ended | None:
        """Perform tool calls in order."""
        if self._gate is None:
            raise RuntimeError("a call before the run began")
        return await self._gate.perform(calls)

    async def go(self) -> None:
        """Work until the run ends, waits, or is taken away; everything is recorded."""
        try:
            await self._work()
        except Fenced as taken:
            self._parts.log.info("run left", run=self.run.id, why=str(taken))
        except StoreError:
            raise
        except Exception as problem:  # noqa: BLE001 - the edge around a run: it ends, whatever happened
            await self._fail(problem)
        finally:
            await self._let_go()

    async def _fail(self, problem: Exception) -> None:
        """End the run in error after a fault of ours, so that it is not tried for ever."""
        self._parts.log.exception("run failed inside", run=self.run.id)
        try:
            await self._end(Failed(_INSIDE.format(type(problem).__name__)))
        except Fenced as taken:
            self._parts.log.info("run left", run=self.run.id, why=str(taken))

    async def _work(self) -> None:
        parts = self._parts
        try:
            plan = await self._planned()
        except (Fenced, StoreError):
            raise
        except ModelUnavailable as problem:
            if isinstance(problem, ModelRefused):
                await self._end(Failed(str(problem)))
            else:
                text = parts.redact.text(f"{problem} I try again by myself.")
                await parts.thread.call(_wait_for_model, parts, self.task, self.run, text, _AGAIN)
            return
        except AgentError as problem:
            await self._end(Failed(str(problem)))
            return
        if isinstance(plan, Unready):
            await parts.thread.call(_wait_for_model, parts, self.task, self.run, plan.text)
            return
        self._plan = plan
        failpoint("plan.frozen")
        ended = await self._ended()
        # Nothing of a run lives when it is recorded as ended; one that waits is left as soon as that is recorded.
        await self._let_go()
        if not isinstance(ended, Suspended):
            await self._end(ended)

    async def _let_go(self) -> None:
        await to_its_end(self._held.close())

    async def _end(self, ended: Finished | Failed) -> None:
        await finish.end(self._parts, self.task, self.run, self._folder, ended, self._plan.agent, listens=self._listens)

    @property
    def _listens(self) -> bool:
        """Say whether whoever does the run takes words of the owner meanwhile."""
        return self._plan.frozen.get("kind") == "loop"

    async def _planned(self) -> Plan | Unready:
        """Give the plan that the run was started with, or make and freeze one."""
        parts = self._parts
        found = await parts.thread.call(_frozen_plan, parts, self.run)
        if found is not None:
            return found
        earlier = await parts.thread.call(turns, self.task)
        plan = await asyncio.to_thread(parts.agents.plan, self.task, self.run, earlier)
        if isinstance(plan, Unready):
            return Unready(parts.redact.text(plan.text))
        frozen = parts.redact.value(dict(plan.frozen))
        if plan.tier is not None and parts.model is not None:
            frozen["room"] = await parts.model.room(plan.tier, private=self.task.private)
        return await parts.thread.call(_freeze, parts, self.task, self.run, replace(plan, frozen=frozen))

    async def _ended(self) -> Ended:
        """Let the agent work; whatever goes wrong in it becomes a sentence, and the run ends in error."""
        parts = self._parts
        try:
            await asyncio.to_thread(workspace.make, parts.home, self.task, self.run)
            await self._journal.load()
            self._gate = CallGate(self._journal, self._folder, self._plan.agent, dict(self.frozen), self._held)
            if self._listens:
                await self.steering()
            return self._journal.finished() or await parts.agents.build(self._plan).run(self)
        except (Fenced, StoreError):
            raise
        except AgentError as problem:
            return Failed(str(problem))


def _frozen_plan(parts: Parts, run: Run) -> Plan | None:
    found = runs.plan_of(run.id)
    return None if found is None else Plan(found[0], json.loads(blobs.read(parts.home, found[1])))


def _freeze(parts: Parts, task: Task, run: Run, plan: Plan) -> Plan:
    # The moment and the seed that the run sees are recorded, so that a replay sees the same.
    frozen = dict(plan.frozen) | {"now": parts.clock.now(), "seed": secrets.randbits(32)}
    data = codec.to_json(frozen).encode()
    digest = blobs.keep_bytes(parts.home, data)
    skill = {name: frozen["skill"][name] for name in ("version", "digest", "source", "by")} if "skill" in frozen else {}
    detail = {"agent": plan.agent, "frozen": digest} | skill | ({"why": plan.why} if plan.why else {})
    with database.transaction():
        blobs.record(parts.home, digest, len(data))
        runs.freeze(run, plan.agent, digest)
        # What the owner said of this task goes before what holds for all that the agent does.
        runs.set_limits(run.id, run.limits.over(plan.limits))
        audit.add("planned", f"run:{run.id}", detail, parts.clock.now(), task_id=task.id, run_id=run.id)
    return Plan(plan.agent, frozen)


def _wait_for_model(parts: Parts, task: Task, run: Run, text: str, again: float | None = None) -> None:
    """Let the run wait, until something changes or for the seconds `again`."""
    now = parts.clock.now()
    with database.transaction():
        runs.fence(run)
        says = {"key": "waits_for_model", "why": text}
        queue(task, OutgoingKind.NOTICE, text, now, run_id=run.id, once=f"unready:{run.id}", says=says)
        retry_at = None if again is None else now + again
        runs.move(run.id, RunStatus.WAITING, now, why=text, waiting_for=WaitingFor.MODEL, retry_at=retry_at)
    parts.wake.ring()
