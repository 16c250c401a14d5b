"""The one place that invokes tools.

Schema, guard, labels and policy, reserve, intent, invoke, outcome, settle: in this order, for every call of every
agent, also after a crash.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from daemon.domain.approval import Approval, ApprovalState
from daemon.domain.call import Ask, Outcome, ToolCall
from daemon.domain.canonical import canonical
from daemon.domain.effect import NO_LABELS, Effect, Label
from daemon.domain.ended import Ended as RunEnded
from daemon.domain.ended import Failed, Suspended
from daemon.domain.errors import AgentError, NoSnapshot
from daemon.domain.failpoint import failpoint
from daemon.domain.held import Held
from daemon.domain.limits import Usage
from daemon.domain.long_text import shortened
from daemon.domain.ports import Circumstances, Tool
from daemon.domain.rules import Verdict
from daemon.domain.run import WaitingFor
from daemon.domain.sandbox import Box
from daemon.domain.step import Step, StepStatus
from daemon.domain.to_its_end import to_its_end
from daemon.engine import cut_off, intent, outcome, questions, repeats, workspace
from daemon.engine.budget import Shortage
from daemon.engine.journal import Journal
from daemon.engine.judging import Judging
from daemon.engine.policy import Decision
from daemon.engine.redaction.outcomes import clean_call, clean_outcome
from daemon.engine.schema import mistake
from daemon.engine.snapshots import KEPT_BEFORE, Snapshots
from daemon.store import steps

_STEP = Usage(steps=1)
_CHANGED = "The owner changed the arguments. What was done: "
_AT_ONCE = 8
"""Calls that only read are made at the same time, so many at most."""


class CallGate:
    """Performs the calls of one run."""

    def __init__(self, journal: Journal, folder: Path, agent: str, frozen: dict[str, Any], held: Held) -> None:
        """Perform calls in the workspace `folder` for the agent of that name; `held` is what lives between them."""
        self._journal = journal
        self._parts = journal.parts
        self._folder = folder
        self._agent = agent
        self._frozen = frozen
        self._held = held
        # An agent that was told of some tools has no others, whatever it asks for.
        self._offered = {str(tool["function"]["name"]) for tool in frozen.get("tools", ()) if "function" in tool}
        self._judging = Judging(journal, agent)
        self._changed: set[str] = set()
        self._snapshots = Snapshots(folder, self._parts.snapshots)

    async def perform(self, calls: Sequence[ToolCall]) -> RunEnded | None:
        """Perform calls in order; gives Suspended when one must wait, Finished when one ended the run."""
        calls = [self._by_its_name(clean_call(self._parts.redact, call)) for call in calls]
        await self._judging.look_up()
        state = await self._state(calls)
        too_many = self._beyond_the_most(calls)
        position = 0
        while position < len(calls):
            call = calls[position]
            if call.id in too_many:
                await self._turn_away(call)
                position += 1
                continue
            made, ended = await self._read_together(calls[position:])
            if made == 0:
                made, ended = 1, await self._perform_one(call, calls[position:], state)
            if ended is not None:
                return ended
            position += made
        return None

    async def _state(self, calls: Sequence[ToolCall]) -> str | None:
        """Give the state of the workspace before these calls, where one of them may have been approved for it."""
        if not any(self._would_ask(call) for call in calls):
            return None
        return await asyncio.to_thread(workspace.manifest, self._folder)

    def _by_its_name(self, call: ToolCall) -> ToolCall:
        """Give a call by an alias its tool's name, before policy and guard look at it."""
        tool = self._parts.tools.get(call.tool)
        return call if tool is None else replace(call, tool=tool.name)

    def _beyond_the_most(self, calls: Sequence[ToolCall]) -> set[str]:
        """Name the calls that are more than one reply may make; what only reads or is refused does not count."""
        counted = [call.id for call in calls if self._counts(call)]
        return set(counted[self._parts.runs.calls_in_one_reply :])

    def _counts(self, call: ToolCall) -> bool:
        tool = self._parts.tools.get(call.tool)
        right = tool is not None and mistake(tool.schema, call.arguments) is None
        return tool is None or (right and tool.effect(call.arguments) is not Effect.READ)

    async def _turn_away(self, call: ToolCall) -> None:
        if self._journal.of_call(call) is None:
            most = self._parts.runs.calls_in_one_reply
            await self._journal.write_at_once(call, f"Not made: at most {most} calls in one reply. Make it again.")

    async def _read_together(self, calls: Sequence[ToolCall]) -> tuple[int, RunEnded | None]:
        """Make the calls at the beginning that only read, all at once (W11); gives how many there were.

        Their intents stand in the order of the calls, before the first of them is made; outcomes come as they come.
        """
        opening: list[tuple[Tool, ToolCall, Step]] = []
        shortage = None
        for call in takewhile(self._only_reads, calls[:_AT_ONCE]):
            tool = self._parts.tools[call.tool]
            opened = await self._open(tool, call, Effect.READ, self._judging.judge(tool, call, Effect.READ), None)
            if isinstance(opened, Shortage):
                shortage = opened
                break
            opening.append((tool, call, opened))
        results = await asyncio.gather(*(self._invoke(*one) for one in opening), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        ended = next((result for result in results if isinstance(result, RunEnded)), None)
        if shortage is not None and ended is None:
            ended = await self._wait_for_budget(shortage)
        return len(opening) + (shortage is not None), ended

    def _only_reads(self, call: ToolCall) -> bool:
        """Say whether a call is new, only reads, and is allowed whatever the calls beside it may have read."""
        if self._journal.of_call(call) is not None or self._refusal(call) is not None:
            return False
        tool = self._parts.tools[call.tool]
        if tool.effect(call.arguments) is not Effect.READ:
            return False
        # More labels never make a verdict freer, so what is allowed now and with all of them is allowed between.
        judged = (self._judging.judge(tool, call, Effect.READ, more) for more in (NO_LABELS, frozenset(Label)))
        return all(decision.verdict is Verdict.ALLOW for decision in judged)

    async def _perform_one(self, call: ToolCall, rest: Sequence[ToolCall], state: str | None) -> RunEnded | None:
        step = self._journal.of_call(call)
        if step is not None and step.ended_at is None:
            return await self._go_on(step, self._as_made(call, step.input["arguments"]))
        if step is not None:
            return self._journal.finished()
        refusal = self._refusal(call)
        if refusal is not None:
            await self._journal.write_at_once(call, refusal)
            return self._given_up(call)
        tool = self._parts.tools[call.tool]
        effect = tool.effect(call.arguments)
        decision = self._judging.judge(tool, call, effect)
        if decision.verdict is Verdict.DENY:
            await self._journal.write_at_once(call, f"Refused: {decision.reason}.", effect=effect)
            return None
        if decision.verdict is Verdict.ALLOW:
            return await self._execute(tool, call, effect, decision, None)
        return await self._approved(tool, call, decision, await self._answer(call, rest, state, effect))

    async def _approved(
        self, tool: Tool, call: ToolCall, decision: Decision, answer: Approval | Suspended | None
    ) -> RunEnded | None:
        """Make the call that the owner said yes to: this one, or what the owner made of it."""
        if not isinstance(answer, Approval):
            return answer
        if answer.instead_of is not None:
            call = self._as_made(call, json.loads(answer.call)["arguments"])
            objection = self._judging.objection(tool, call)
            if objection is not None:
                await self._journal.write_at_once(call, f"Not done: as the owner changed it, {objection}.")
                return None
        return await self._execute(tool, call, tool.effect(call.arguments), decision, answer)

    def _as_made(self, call: ToolCall, arguments: Mapping[str, Any]) -> ToolCall:
        """Give a call with the arguments that it is made with: its own, or those that the owner changed."""
        if dict(arguments) != dict(call.arguments):
            self._changed.add(call.id)
        return replace(call, arguments=arguments)

    def _refusal(self, call: ToolCall) -> str | None:
        tool = self._parts.tools.get(call.tool)
        if tool is None or (self._offered and tool.name not in self._offered):
            names = sorted(self._offered or {known.name for known in self._parts.tools.values()})
            return f"There is no tool {call.tool!r}. There are: {', '.join(names)}."
        wrong = mistake(tool.schema, call.arguments)
        if wrong is not None:
            return f"Wrong arguments for {call.tool}: {wrong}."
        if repeats.in_a_row(self._journal.steps, call) + 1 >= self._parts.runs.repeats:
            return f"You have made this very call {self._parts.runs.repeats} times in a row. It is not made again."
        return None

    def _given_up(self, call: ToolCall) -> Failed | None:
        """End a run that goes on with the same call after it was told."""
        if repeats.in_a_row(self._journal.steps, call) > self._parts.runs.repeats:
            return Failed(f"It kept making the same call: {call.tool}.")
        return None

    async def _answer(
        self, call: ToolCall, rest: Sequence[ToolCall], state: str | None, effect: Effect
    ) -> Approval | Suspended | None:
        """Give the owner's yes to this call, or Suspended while it is asked, or None where it was refused."""
        asked = None
        if state is not None:
            digest = questions.call_digest(call, state, self._journal.task)
            asked = await self._parts.thread.call(questions.answer_to, self._journal.run.id, digest)
        if asked is None:
            # What is asked is bound to the workspace as it is now: earlier calls of the reply have changed it.
            now = await asyncio.to_thread(workspace.manifest, self._folder)
            asking = [call, *takewhile(self._would_ask, rest[1:])]
            await self._parts.thread.call(
                questions.ask, self._parts, self._journal.task, self._journal.run, asking, now, self._judging.reasons
            )
            failpoint("ask.recorded")
            return Suspended(WaitingFor.OWNER)
        while asked.state is ApprovalState.EDITED:
            asked = await self._parts.thread.call(questions.changed, asked)
        if asked.state is ApprovalState.OPEN:
            return Suspended(WaitingFor.OWNER)
        if asked.state is ApprovalState.APPROVED:
            return asked
        await self._journal.write_at_once(call, questions.refusal_text(asked), effect=effect)
        return None

    def _would_ask(self, call: ToolCall) -> bool:
        if self._journal.of_call(call) is not None or self._refusal(call) is not None:
            return False
        tool = self._parts.tools[call.tool]
        return self._judging.judge(tool, call, tool.effect(call.arguments)).verdict is Verdict.ASK

    async def _execute(
        self, tool: Tool, call: ToolCall, effect: Effect, decision: Decision, approval: Approval | None
    ) -> RunEnded | None:
        opened = await self._open(tool, call, effect, decision, approval)
        if isinstance(opened, Shortage):
            return await self._wait_for_budget(opened)
        return await self._invoke(tool, call, opened)

    async def _open(
        self, tool: Tool, call: ToolCall, effect: Effect, decision: Decision, approval: Approval | None
    ) -> Step | Shortage:
        """Reserve and write the intent."""
        parts, run = self._parts, self._journal.run
        snapshot = await self._snapshot() if effect in KEPT_BEFORE else None
        given = await parts.thread.call(
            steps.prepare, parts.home, {"tool": call.tool, "arguments": dict(call.arguments)}
        )
        opened = await parts.thread.call(
            intent.open_call,
            run,
            call,
            effect,
            given,
            tool.price(call.arguments) + _STEP,
            parts.limits,
            parts.clock.now(),
            approval_id=approval.id if approval else None,
            why={
                "tool": call.tool,
                "digest": call.digest(),
                "verdict": decision.verdict,
                "rule": decision.rule,
                "reason": decision.reason,
                "approval": approval.id if approval else None,
            },
            snapshot=snapshot,
        )
        if isinstance(opened, Shortage):
            return opened
        failpoint("call.reserved")
        return await self._journal.reread(opened)

    async def _snapshot(self) -> str | None:
        """Keep the workspace as it is before a step; where that is not possible the history says so, once."""
        try:
            taken = await asyncio.to_thread(self._snapshots.take)
        except NoSnapshot as problem:
            await self._journal.remark(f"What is done from here on cannot be undone: {problem}")
            return None
        failpoint("snapshot.taken")
        return taken

    async def _wait_for_budget(self, shortage: Shortage) -> RunEnded:
        parts = self._parts
        asked = await parts.thread.call(
            intent.ask_for_budget,
            self._journal.task,
            self._journal.run,
            shortage,
            parts.lifetime,
            parts.clock.now(),
        )
        if not asked:
            return Failed(f"{shortage.shown().splitlines()[0]} It was not raised.")
        return Suspended(WaitingFor.BUDGET)

    async def _invoke(self, tool: Tool, call: ToolCall, step: Step) -> RunEnded | None:
        doing = self._do(tool, call, step)
        if step.effect is not None and step.effect.leaves_the_house:
            # What goes out is let end and recorded: a half-known outcome is worse than a second more.
            return await to_its_end(doing)
        return await doing

    async def _do(self, tool: Tool, call: ToolCall, step: Step) -> RunEnded | None:
        began = self._parts.clock.now()
        result = await self._attempt(tool, call, step)
        await self._journal.flush_reports()
        failpoint("call.invoked")
        return await self._record(call, step, result, began)

    async def _attempt(self, tool: Tool, call: ToolCall, step: Step) -> Outcome | None:
        """Give the outcome, or None where nobody knows what happened."""
        at = self._circumstances(step)
        try:
            result = await tool.invoke(call.arguments, at)
            return await asyncio.to_thread(shortened, result, self._folder, f"{tool.name}-{step.seq}", at.room)
        except AgentError as problem:
            return Outcome(str(problem), failed=True)
        except Exception as problem:
            self._parts.log.exception("tool failed", tool=tool.name, run=self._journal.run.id)
            if step.effect is not None and step.effect.leaves_the_house:
                return None
            return Outcome(f"{tool.name} failed inside: {type(problem).__name__}.", failed=True)

    def _circumstances(self, step: Step) -> Circumstances:
        before = self._journal.steps[: step.seq - 1]
        return Circumstances(
            task=self._journal.task,
            run=self._journal.run,
            workspace=self._folder,
            key=f"{step.run_id}/{step.seq}",
            now=step.started_at,
            seed=int(self._frozen["seed"]),
            frozen=self._frozen,
            report=self._journal.report,
            outputs=lambda: tuple(workspace.outputs(self._folder)),
            sandbox=self._parts.sandbox,
            box=Box(self._folder, self._journal.task.folders, limits=self._parts.box),
            held=self._held,
            before=sum(one.is_call_made and one.name == step.name for one in before),
        )

    async def _record(self, call: ToolCall, step: Step, result: Outcome | None, began: float) -> RunEnded | None:
        parts, task, run = self._parts, self._journal.task, self._journal.run
        now = parts.clock.now()
        if result is not None:
            if call.id in self._changed:
                result = replace(result, text=f"{_CHANGED}{canonical(dict(call.arguments))}\n{result.text}")
            result = await asyncio.to_thread(clean_outcome, parts.redact, result)
        if result is None:
            await parts.thread.call(outcome.mark_unknown, run, step, now)
            return await self._go_on(await self._journal.reread(step.seq), call, repeat=False)
        ask = next((emit for emit in result.emits if isinstance(emit, Ask)), None)
        if ask is not None:
            await parts.thread.call(outcome.record_question, task, run, call, ask, parts.lifetime, now)
            failpoint("ask.recorded")
            return Suspended(WaitingFor.OWNER)
        ended = outcome.Ended(
            status=StepStatus.FAILED if result.failed else StepStatus.DONE,
            output=await parts.thread.call(steps.prepare, parts.home, outcome.output_of(result)),
            usage=_STEP + Usage(seconds=max(0, round(now - began))) + result.usage,
            outcome=result,
        )
        await parts.thread.call(outcome.record, task, run, step, ended, self._agent, now)
        await self._journal.reread(step.seq)
        failpoint("call.recorded")
        return self._journal.finished()

    async def _go_on(self, step: Step, call: ToolCall, *, repeat: bool = True) -> RunEnded | None:
        """Go on with a step that has an intent and no outcome, as STATES.md says for its effect.

        Only what a crash cut off is repeated by itself; a call that broke off before our eyes and did not happen is
        the caller's to make again.
        """
        tool = self._parts.tools.get(call.tool)
        if tool is None:
            return Failed(f"The tool {call.tool!r} of an open step is gone; install it again and retry.")
        at = self._circumstances(step)
        rule = await cut_off.rule_for(self._parts, self._journal, self._snapshots, tool, call, step, at)
        if isinstance(rule, cut_off.Repeat) and not repeat:
            rule = Outcome(f"{tool.name} broke off; it did not happen.", failed=True)
        if isinstance(rule, cut_off.Repeat):
            reserved = tool.price(call.arguments) + _STEP
            parts = self._parts
            shortage = await parts.thread.call(
                intent.reopen_call, self._journal.run, step.seq, reserved, parts.limits, parts.clock.now()
            )
            if shortage is not None:
                return await self._wait_for_budget(shortage)
            failpoint("call.reserved")
            return await self._invoke(tool, call, await self._journal.reread(step.seq))
        if isinstance(rule, Outcome):
            # Nobody can say what it took, so what was reserved for it stays spent.
            return await self._record(call, step, replace(rule, usage=step.reserved - _STEP), self._parts.clock.now())
        return rule
