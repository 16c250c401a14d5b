"""Chooses how a task is done: a skill that fits its words, an agent that a package adds, else a model."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.checked import CheckedAgent
from agents.loop import LoopAgent
from agents.skill_agent import SkillAgent
from daemon.domain.errors import NotFound
from daemon.domain.plugin import OwnAgent
from daemon.domain.ports import Agent, Plan, Skills, Tool, Unready
from daemon.domain.run import Run
from daemon.domain.skill import Skill, SkillMatch
from daemon.domain.task import Task

_NOTHING_FITS = (
    "No skill fits this task, and no model is configured, so it waits. "
    "agent skills shows what works without a model; agent resume {task} tries again."
)
_PROMPT = "You do one task for the owner of this machine. Call finish when it is done."


class Chooser:
    """The port `Agents`."""

    def __init__(
        self,
        skills: Skills,
        keep: Callable[[Skill], Path],
        tools: Sequence[Tool],
        own: Sequence[OwnAgent] = (),
        *,
        has_model: bool,
    ) -> None:
        """Choose among these; `keep` makes an unchanging copy of a skill and gives its folder.

        `own` are the agents that packages add.
        """
        self._skills = skills
        self._keep = keep
        self._tools = tools
        self._own = {agent.name: agent for agent in own}
        self._has_model = has_model

    def plan(self, task: Task, run: Run) -> Plan | Unready:
        """Choose; what was chosen is frozen with the run."""
        del run
        asked_for = self._own.get(task.agent or "")
        if asked_for is not None:
            return _own_plan(asked_for, asked_for.fits(task) or {})
        names = [blob.name for blob in task.files]
        match = self._skills.match(task.goal, names, [folder.path for folder in task.folders])
        if match is not None and match.skill.entry is not None:
            return Plan(f"skill:{match.skill.name}", {"kind": "skill", "skill": self._frozen(match)})
        for agent in self._own.values() if task.agent is None else ():
            fitting = agent.fits(task)
            if fitting is not None:
                return _own_plan(agent, fitting)
        if self._has_model:
            schemas = [_schema(tool) for tool in self._tools if tool.name != "run_skill"]
            return Plan(
                task.agent or "general",
                {"kind": "loop", "prompt": _PROMPT, "tier": task.tier or "fast", "tools": schemas},
            )
        return Unready(_NOTHING_FITS.format(task=task.id))

    def build(self, plan: Plan) -> Agent:
        """Give the agent for a plan; raises NotFound where the package that added it is gone."""
        if plan.frozen["kind"] == "own":
            if plan.agent not in self._own:
                raise NotFound(f"The agent {plan.agent!r} is not installed any more.", "Install it again, then retry.")
            return CheckedAgent(self._own[plan.agent], plan.frozen["own"])
        return SkillAgent() if plan.frozen["kind"] == "skill" else LoopAgent()

    def _frozen(self, match: SkillMatch) -> Mapping[str, Any]:
        skill = match.skill
        return {
            "name": skill.name,
            "digest": skill.digest,
            "version": skill.version,
            "source": skill.source,
            "folder": str(self._keep(skill)),
            "entry": skill.entry,
            "seconds": skill.seconds,
            "slots": [{"name": slot.name, "kind": slot.kind.value} for slot in skill.slots],
            "arguments": dict(match.arguments),
            "by": match.by,
        }


def _own_plan(agent: OwnAgent, frozen: Mapping[str, Any]) -> Plan:
    return Plan(agent.name, {"kind": "own", "own": dict(frozen)})


def _schema(tool: Tool) -> Mapping[str, Any]:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.schema)},
    }
