"""A tool that does nothing, and a model and an agent that only call it: what is left is the engine.

A goal says what is to be done: "model 100" asks the model a hundred times for a call, "calls 200" makes two hundred
calls without a model.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents.loop import LoopAgent
from agents.tools.builtin import Builtin
from daemon.app.compose import build_parts
from daemon.app.logs import logger
from daemon.domain.call import Outcome, ToolCall
from daemon.domain.ended import Ended, Finished
from daemon.domain.limits import Limits, Usage
from daemon.domain.model import ModelReply, ModelRequest
from daemon.domain.ports import Agent, Circumstances, Plan, Work
from daemon.domain.run import Run
from daemon.domain.task import Task
from daemon.domain.turn import Turn
from daemon.engine.parts import Parts
from daemon.settings.sections import LimitSettings, LogSettings, RunSettings
from daemon.store.home import Home
from daemon.store.thread import StoreThread

_PLENTY = Limits(steps=1_000_000, seconds=1_000_000, model_calls=1_000_000, tokens=10**12, money=10**12)
_PROMPT = "You do one task for the owner of this machine. Call finish when it is done."


class NoOp(Builtin):
    """Does nothing; its outcome is the time at which it was called."""

    name = "noop"
    description = "Do nothing."
    schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {"number": {"type": "integer", "minimum": 0}, "text": {"type": "string", "maxLength": 10_000}},
        "required": ["number", "text"],
        "additionalProperties": False,
    }

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Give the time, in seconds since the epoch."""
        del arguments, at
        return Outcome(repr(time.time()))


def call_of(number: int) -> Mapping[str, Any]:
    """Give arguments that differ from call to call."""
    return {"number": number, "text": f"the part of the work that has the number {number}"}


class ScriptedModel:
    """Asks for one call in each reply, as often as the goal says, then ends with a word."""

    async def price(self, request: ModelRequest) -> Usage:
        """Reserve something of every measure, as a priced model does."""
        del request
        return Usage(tokens=1000, money=100)

    async def room(self, tier: str, *, private: bool) -> int:
        """Read whatever there is."""
        del tier, private
        return 1_000_000

    async def close(self) -> None:
        """Hold nothing."""

    async def complete(
        self, request: ModelRequest, most: Usage, on_text: Callable[[str], None] | None = None
    ) -> ModelReply:
        """Give the next reply; how far it is stands in the request."""
        wanted = int(str(request.messages[1]["content"]).split()[1])
        made = sum(1 for message in request.messages if message["role"] == "tool")
        used = Usage(tokens=600, money=60)
        if made >= wanted:
            return ModelReply("done", model="scripted", usage=used)
        return ModelReply("", (ToolCall(f"call-{made}", "noop", call_of(made)),), "scripted", used)


class StraightAgent:
    """Makes the calls one after the other, without a model."""

    async def run(self, work: Work) -> Ended:
        """Make as many as the goal says."""
        for number in range(int(work.task.goal.split()[1])):
            ended = await work.call([ToolCall(f"call-{number}", "noop", call_of(number))])
            if ended is not None:
                return ended
        return Finished("done")


class ScriptedAgents:
    """The port `Agents`: the loop of the product for "model", no model at all for "calls"."""

    def plan(self, task: Task, run: Run, earlier: Sequence[Turn] = ()) -> Plan:
        """Freeze what the loop needs."""
        del run, earlier
        kind = task.goal.split()[0]
        tools = [json.loads(json.dumps(NoOp.schema))]
        return Plan(kind, {"prompt": _PROMPT, "goal": task.goal, "tier": "fast", "tools": tools}, "fast")

    def build(self, plan: Plan) -> Agent:
        """Give the agent for the kind of goal."""
        return LoopAgent() if plan.agent == "model" else StraightAgent()


def scripted_parts(home: Home, *, at_once: int = 1, thread: StoreThread | None = None) -> Parts:
    """Give what a worker works with: all is real but the model, the agent and the tool; no limit is ever reached."""
    parts = build_parts(home)
    return replace(
        parts,
        thread=thread or parts.thread,
        agents=ScriptedAgents(),
        tools={"noop": NoOp()},
        model=ScriptedModel(),
        limits=LimitSettings(run=_PLENTY, day=_PLENTY, month=_PLENTY),
        runs=RunSettings(at_once=at_once),
        log=logger(LogSettings(level="error"), parts.redact),
    )
