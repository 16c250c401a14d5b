"""Judging the calls of one run: by the policy, the labels that it carries, and what its owner said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.effect import NO_LABELS, Effect, Label, Labels
from daemon.domain.ports import Tool
from daemon.domain.rules import Policy, Verdict
from daemon.engine import own_rules, questions
from daemon.engine.journal import Journal
from daemon.engine.policy import Decision, judge, known_targets
from daemon.engine.schema import mistake


class Judging:
    """The verdicts on the calls of a run."""

    def __init__(self, journal: Journal, agent: str) -> None:
        """Judge calls of the agent of that name, by the policy that the worker has."""
        self._journal = journal
        self._agent = agent
        self._policy: Policy = journal.parts.policy

    async def look_up(self) -> None:
        """Take up what the owner has allowed for ever by now."""
        allowed = await self._journal.parts.thread.call(own_rules.active)
        given = self._journal.parts.policy
        self._policy = replace(given, rules=(*allowed, *given.rules))

    def judge(self, tool: Tool, call: ToolCall, effect: Effect, more: Labels = NO_LABELS) -> Decision:
        """Judge a call by the labels of the run, and `more`."""
        task = self._journal.task
        own_words = "" if task.spoken else task.goal
        known = known_targets(tool.targets(call.arguments), own_words, *self._journal.fetched())
        return judge(self._policy, call, effect, self._journal.labels() | more, self._agent, known)

    def objection(self, tool: Tool, call: ToolCall) -> str | None:
        """Say what speaks against a call as the owner changed it: the schema, or a rule that denies it."""
        wrong = mistake(tool.schema, call.arguments)
        if wrong is not None:
            return f"it is wrong: {wrong}"
        decision = self.judge(tool, call, tool.effect(call.arguments))
        return f"it is denied: {decision.reason}" if decision.verdict is Verdict.DENY else None

    def reasons(self, call: ToolCall) -> Mapping[str, Any]:
        """Give why a call is asked about, for the owner."""
        tool = self._journal.parts.tools[call.tool]
        decision = self.judge(tool, call, tool.effect(call.arguments))
        labels = self._journal.labels()
        read = questions.sources_of(self._journal.task, self._journal.steps) if Label.UNTRUSTED in labels else []
        content = [name for name in tool.content if name in call.arguments]
        why = questions.reasons(self._agent, decision.rule, decision.reason, labels, read)
        return {**why, "content": content} if content else why
