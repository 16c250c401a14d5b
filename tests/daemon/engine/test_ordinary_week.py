"""Forty tasks of an ordinary week, written down before anybody looked at the rules: how rarely the owner is asked.

`ordinary_week.yaml` says for each call what is read by it. What that makes of the run, and what each call can do, is
taken from POLICY here and not from the tools, most of which come later. The week is also lived a second time, by an
owner who said "always" where the same will come again: to people, places and branches, whatever is written there.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from daemon.domain.approval import Approval, ApprovalKind, ApprovalState
from daemon.domain.call import ToolCall
from daemon.domain.effect import Effect, Label, Labels
from daemon.domain.rules import Policy, Preset, Rule, Verdict
from daemon.engine.own_rules import as_rule, proposed
from daemon.engine.policy import judge, known_targets

WEEK = yaml.safe_load((Path(__file__).parent / "ordinary_week.yaml").read_text())["tasks"]
PRIVATE, UNTRUSTED = frozenset({Label.PRIVATE}), frozenset({Label.UNTRUSTED})
READS: dict[str, Labels] = {
    "own_files": PRIVATE,
    "own_mail": PRIVATE,
    "own_repository": PRIVATE,
    "memory": PRIVATE,
    "history": PRIVATE,
    "web_search": UNTRUSTED,
    "web_page": UNTRUSTED,
    "web_file": UNTRUSTED,
    "other_repository": UNTRUSTED,
    "mcp_server": UNTRUSTED,
    "other_mail": PRIVATE | UNTRUSTED,
}
ASKED = {"install", "network", "ask_owner"}
"""What is asked whatever was read: exact packages, hosts, and what the task itself wants to know."""
MEASURED = {4, 6, 13, 16, 21, 22, 23, 24, 27, 28, 31, 33, 38, 39, 40}
"""The tasks that ask: mail to others, pushes, issues, a schedule, packages, hosts, searches beside private papers."""
LASTING = {4, 16, 21, 22, 27, 28, 31, 40}
"""Those whose questions the owner answers for ever: people who are written to, issues of a repository, releases that
are looked at each week, pushes to the branch of the house. A search or a branch of one task does not come again."""
AGAIN = MEASURED - LASTING
CONTENT: dict[str, tuple[str, ...]] = {
    "send_mail": ("subject", "text", "files"),
    "github_issue": ("title", "body", "labels"),
}
"""What the owner leaves open in a rule."""


def _effect(tool: str, arguments: Mapping[str, Any]) -> tuple[Effect, tuple[str, ...]]:
    if tool in ("fetch", "web_search"):
        return Effect.FETCH, (arguments.get("url") or arguments["query"],)
    if tool == "git":
        command = arguments["command"].split()[0]
        if command in ("clone", "pull", "fetch"):
            return Effect.FETCH, (arguments["repository"],)
        return (Effect.CHANGE, (arguments["branch"],)) if command == "push" else (Effect.WRITE, ())
    if tool.startswith("github_"):
        return Effect.CHANGE, (arguments["repository"],)
    if tool == "send_mail":
        return Effect.SEND, (arguments["to"],) if isinstance(arguments["to"], str) else tuple(arguments["to"])
    return (Effect.SELF, ()) if tool == "schedule" else (Effect.WRITE, ())


def _read(task: Mapping[str, Any], reads: str) -> Labels:
    if reads != "attachment":
        return READS.get(reads, frozenset())
    own = all(file["whose"] == "own" for file in task.get("files", ()))
    return PRIVATE if own else PRIVATE | UNTRUSTED


@dataclass(frozen=True)
class Question:
    """What a task asks, and the rule that "always" would make of it, where that is offered."""

    text: str
    rule: Rule | None


def asked_by(task: Mapping[str, Any], rules: Sequence[Rule] = ()) -> list[Question]:
    """Give every question that the calls of a task lead to."""
    labels: Labels = frozenset()
    fetched: list[str] = []
    questions = []
    for call in task["calls"]:
        tool, arguments = call["tool"], call["arguments"]
        effect, targets = _effect(tool, arguments)
        known = known_targets(targets, task["goal"], fetched, len(fetched))
        policy = Policy(Preset.CAREFUL, tuple(rules))
        decision = judge(policy, ToolCall("", tool, arguments), effect, labels, "general", known)
        if tool in ASKED or decision.verdict is Verdict.ASK:
            offered = tool not in ASKED and effect is not Effect.SELF
            questions.append(Question(f"{tool} {arguments}", _always(call, effect, labels) if offered else None))
        if effect is Effect.FETCH:
            fetched.append(call["returns"])
        labels |= _read(task, call["reads"])
    return questions


def _always(call: Mapping[str, Any], effect: Effect, labels: Labels) -> Rule:
    """Make the rule as the house does, of a question as the house keeps it."""
    given = {"tool": call["tool"], "arguments": call["arguments"], "effect": effect.value}
    state, kind = ApprovalState.OPEN, ApprovalKind.CALL
    asked = Approval("id", 1, 1, kind, state, json.dumps(given), "digest", "shown", 0.0, 1.0)
    content = [name for name in CONTENT.get(call["tool"], ()) if name in call["arguments"]]
    return as_rule(proposed(asked, "general", labels, content, 0.0))


def test_the_week_is_as_it_was_written_down() -> None:
    tools = Counter(call["tool"] for task in WEEK for call in task["calls"])
    assert len(WEEK) == 40
    assert tools["fetch"] + tools["web_search"] >= 12
    assert tools["read_mail"] + tools["send_mail"] >= 6
    assert tools["git"] >= 6
    assert sum("dir" in task for task in WEEK) >= 8


def test_these_tasks_ask_and_no_others() -> None:
    assert {task["number"] for task in WEEK if asked_by(task)} == MEASURED


def test_nothing_is_asked_twice() -> None:
    for task in WEEK:
        questions = [question.text for question in asked_by(task)]
        assert len(questions) == len(set(questions)), task["number"]


def _said_for_ever() -> list[Rule]:
    asked = [question for task in WEEK if task["number"] in LASTING for question in asked_by(task)]
    return [question.rule for question in asked if question.rule is not None]


def test_in_the_week_after_at_most_eight_tasks_ask() -> None:
    assert {task["number"] for task in WEEK if asked_by(task, _said_for_ever())} == AGAIN
    assert len(AGAIN) <= 8


def test_what_was_said_for_ever_reaches_nobody_else() -> None:
    other = {"to": "eve@elsewhere.example", "repository": "eve/heatlog", "url": "https://eve.example/", "branch": "eve"}
    for task in WEEK:
        changed = deepcopy(task)
        for call in changed["calls"]:
            call["arguments"] |= {name: value for name, value in other.items() if name in call["arguments"]}
        asked, with_rules = asked_by(changed), asked_by(changed, _said_for_ever())
        assert [one.text for one in with_rules] == [one.text for one in asked], task["number"]
