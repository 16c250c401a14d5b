"""A verdict on a call that nobody makes, for `agent policy test`."""

import json
from collections.abc import Mapping
from typing import Any

from daemon.domain.call import ToolCall
from daemon.domain.effect import Labels
from daemon.domain.errors import BadInput, NotFound
from daemon.domain.ports import Tool
from daemon.domain.rules import Judged, Policy
from daemon.engine.policy import judge, known_targets
from daemon.engine.schema import mistake

_HOW = 'Write all arguments as JSON: {}: {{"name": "value"}}'


def judged(text: str, tools: Mapping[str, Tool], policy: Policy, labels: Labels, agent: str, goal: str) -> Judged:
    """Judge a call that is written as `tool: first argument` or `tool: {"name": value}`; raises BadInput, NotFound."""
    name, _, rest = text.partition(":")
    tool = tools.get(name.strip())
    if tool is None:
        raise NotFound(f"There is no tool {name.strip()!r}.", f"There are: {', '.join(sorted(tools))}.")
    arguments = _arguments(tool, rest.strip())
    wrong = mistake(tool.schema, arguments)
    if wrong is not None:
        raise BadInput(f"Wrong arguments for {tool.name}: {wrong}.", _HOW.format(tool.name))
    effect = tool.effect(arguments)
    known = known_targets(tool.targets(arguments), goal, (), 0)
    found = judge(policy, ToolCall("", tool.name, arguments), effect, labels, agent, known)
    return Judged(tool.name, arguments, effect, found.verdict, found.rule, found.reason)


def _arguments(tool: Tool, rest: str) -> Mapping[str, Any]:
    if not rest:
        return {}
    if rest.startswith("{"):
        try:
            value = json.loads(rest)
        except ValueError as problem:
            raise BadInput(f"The arguments are not JSON: {problem}.", _HOW.format(tool.name)) from None
        return dict(value)
    first = next(iter(tool.schema.get("required") or tool.schema.get("properties") or ()), None)
    if first is None:
        raise BadInput(f"{tool.name} takes no arguments.", f"Write {tool.name} alone.")
    return {first: rest}
