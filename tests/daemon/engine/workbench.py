"""A worker over a real database in a temporary folder, with fakes at the ports only: model, tools, clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from agents.loop import LoopAgent
from agents.sandbox.bubblewrap import Bubblewrap
from agents.tools.ask_owner import AskOwnerTool
from agents.tools.builtin import Builtin
from agents.tools.finish import FinishTool
from agents.tools.note import NoteTool
from agents.tools.progress import ProgressTool
from daemon.domain.approval import Approval
from daemon.domain.call import Happened, Outcome, ToolCall
from daemon.domain.effect import Effect
from daemon.domain.limits import Limits, Usage
from daemon.domain.message import Became, Handling, Incoming
from daemon.domain.model import ModelReply, ModelRequest
from daemon.domain.ports import Agent, Circumstances, Plan, Tool, Unready
from daemon.domain.principal import Principal, Role
from daemon.domain.rules import Policy, Preset, Rule, Verdict
from daemon.domain.run import Run
from daemon.domain.sandbox import BoxLimits
from daemon.domain.step import Step
from daemon.domain.task import NewTask, Task
from daemon.domain.turn import Turn
from daemon.engine.parts import Parts
from daemon.engine.redaction.redactor import Redactor
from daemon.engine.runner import Runner
from daemon.engine.service import Service
from daemon.engine.wake import Bell
from daemon.settings.sections import LimitSettings, RunSettings
from daemon.store import database, outbox
from daemon.store.home import Home
from daemon.store.thread import StoreThread

OWNER = Principal(Role.OWNER, "cli", "1000")
SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "to": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}


def taken(service: Service, channel: str) -> list[int]:
    """Take what a channel received for tasks; gives them."""

    def task_of(message: Incoming) -> Handling:
        new = NewTask(
            message.text,
            message.principal,
            message.channel,
            message.external_thread,
            files=message.files,
            quoted=message.quoted,
            once=f"{message.channel}:{message.external_id}",
        )
        return Handling(Became.TASK, service.submit(new).id)

    done = [service.post.handle([message], partial(task_of, message), str) for message in service.post.stored(channel)]
    return [one.task_id for one in done if one is not None and one.task_id is not None]


class SetClock:
    """The port Clock, set by the test."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def now(self) -> float:
        return self.time


class Reply:
    """What the scripted model says: calls, or last words."""

    def __init__(self, *calls: tuple[str, dict[str, Any]], text: str = "", cost: int = 0) -> None:
        self.calls = calls
        self.text = text
        self.cost = cost


class ScriptModel:
    """The port Model: the n-th reply answers the request that has n assistant messages before it."""

    def __init__(self, replies: Sequence[Reply], price: int = 0) -> None:
        self.replies = replies
        self.reserve = price
        self.requests: list[ModelRequest] = []

    async def price(self, request: ModelRequest) -> Usage:
        del request
        return Usage(money=self.reserve, tokens=100)

    async def room(self, tier: str, *, private: bool) -> int:
        """Read whatever there is."""
        del tier, private
        return 1_000_000

    async def close(self) -> None:
        """Hold nothing."""

    async def complete(
        self, request: ModelRequest, most: Usage, on_text: Callable[[str], None] | None = None
    ) -> ModelReply:
        self.requests.append(request)
        reply = self.replies[sum(message["role"] == "assistant" for message in request.messages)]
        calls = tuple(ToolCall(str(i), tool, arguments) for i, (tool, arguments) in enumerate(reply.calls))
        return ModelReply(reply.text, calls, "script", Usage(money=reply.cost, tokens=60))


class ProbeTool(Builtin):
    """A tool of any effect that notes each time it is really invoked."""

    schema: Mapping[str, Any] = SCHEMA
    description = "For tests."
    content = ("text",)

    def __init__(
        self,
        name: str,
        effect: Effect,
        *,
        happened: Happened = Happened.CANNOT_TELL,
        fails: Callable[[], BaseException | None] = lambda: None,
        during: Callable[[Circumstances], Any] | None = None,
    ) -> None:
        self.name = name
        self.effect_class = effect
        self.happened = happened
        self.fails = fails
        self.during = during
        self.invoked: list[str] = []
        self.checked = 0

    def targets(self, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        return (arguments["to"],) if "to" in arguments else ()

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        self.invoked.append(arguments["text"])
        if self.during is not None:
            await self.during(at)
        problem = self.fails()
        if problem is not None:
            raise problem
        return Outcome(f"{self.name} {arguments['text']}")

    async def check(self, arguments: Mapping[str, Any], at: Circumstances) -> Happened:
        self.checked += 1
        return self.happened


class OneAgent:
    """The port Agents: every task is done by the loop with the scripted model."""

    def plan(self, task: Task, run: Run, earlier: Sequence[Turn] = ()) -> Plan | Unready:
        if task.goal.startswith("unready"):
            return Unready("nothing fits")
        tier = task.tier or "fast"
        return Plan(
            "general", {"kind": "loop", "prompt": "be good", "goal": task.goal, "tier": tier, "tools": []}, tier
        )

    def build(self, plan: Plan) -> Agent:
        return LoopAgent()


@dataclass
class Workbench:
    """The service and a runner over one state folder."""

    home: Home
    clock: SetClock
    parts: Parts
    service: Service
    tools: dict[str, Any] = field(default_factory=dict)

    def submit(self, goal: str = "do it", **more: Any) -> Task:
        return self.service.submit(NewTask(goal=goal, principal=OWNER, **more))

    async def run(self, run_id: int | None = None) -> Run | None:
        """Do one run in a worker of its own, as `agent run` does."""
        runner = Runner(self.parts, "terminal", 1)
        try:
            return await runner.do_one(run_id)
        finally:
            runner.close()

    async def done(self, task: Task) -> Run:
        run = await self.run(task.run_id)
        assert run is not None
        return run

    def steps(self, task: Task) -> list[Step]:
        return self.service.reads.steps(self.service.reads.task(task.id).run_id)

    def open_one(self) -> Approval:
        (asked,) = self.service.reads.approvals()
        return asked

    def answer(self, yes: bool = True, text: str = "") -> None:
        for asked in self.service.reads.approvals():
            self.service.decide(asked.id, yes, text, OWNER)

    def messages(self, task: Task) -> list[str]:
        return [message.kind for message in outbox.of_run(self.service.reads.task(task.id).run_id)]

    def say(self, replies: Sequence[Reply]) -> None:
        """Let the scripted model say this from now on."""
        self.use(model=ScriptModel(replies))

    def use(self, **changes: Any) -> None:
        self.parts = replace(self.parts, **changes)


def make(
    folder: Path,
    replies: Sequence[Reply] = (),
    tools: Sequence[Tool] = (),
    *,
    rules: Sequence[Rule] = (),
    price: int = 0,
    limits: LimitSettings | None = None,
    runs: RunSettings | None = None,
    secrets: Sequence[str] = (),
) -> Workbench:
    """Open a workbench."""
    home = Home(folder)
    database.open_at(home)
    clock = SetClock()
    bell = Bell(home.wake)
    redactor = Redactor(secrets, b"of the workbench")
    every = [*tools, FinishTool(), AskOwnerTool(), NoteTool(), ProgressTool()]
    parts = Parts(
        home=home,
        clock=clock,
        thread=StoreThread(),
        wake=bell,
        agents=OneAgent(),
        tools={tool.name: tool for tool in every},
        model=ScriptModel(replies, price),
        speech=None,
        sandbox=Bubblewrap(secret=(folder,)),
        box=BoxLimits(),
        policy=Policy(Preset.CAREFUL, tuple(rules)),
        limits=limits or LimitSettings(run=Limits(steps=200), day=Limits(), month=Limits()),
        runs=runs or RunSettings(),
        lifetime=7 * 86_400.0,
        retention=None,
        snapshots=2**31,
        redact=redactor,
        log=structlog.get_logger(),
    )
    return Workbench(home, clock, parts, Service(home, clock, bell, lambda: None, redactor=lambda: redactor))


def allow(tool: str) -> Rule:
    """A rule of the owner's that allows a tool."""
    return Rule(verdict=Verdict.ALLOW, tool=tool, source="policy.yaml, line 1")


def calling(tool: str, text: str = "x", **more: Any) -> Reply:
    """A reply with one call."""
    return Reply((tool, {"text": text, **more}))


def ending(text: str = "the end") -> Reply:
    """A reply that ends the run."""
    return Reply(("finish", {"result": text}))
