"""Chooses how a task is done: a skill that fits its words, else a model."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.loop import LoopAgent
from agents.skill_agent import SkillAgent
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
        self, skills: Skills, keep: Callable[[Skill], Path], tools: Sequence[Tool], *, has_model: bool
    ) -> None:
        """Choose among these; `keep` makes an unchanging copy of a skill and gives its folder."""
        self._skills = skills
        self._keep = keep
        self._tools = tools
        self._has_model = has_model

    def plan(self, task: Task, run: Run) -> Plan | Unready:
        """Choose; what was chosen is frozen with the run."""
        del run
        names = [blob.name for blob in task.files]
        match = self._skills.match(task.goal, names, [folder.path for folder in task.folders])
        if match is not None and match.skill.entry is not None:
            return Plan(f"skill:{match.skill.name}", {"kind": "skill", "skill": self._frozen(match)})
        if self._has_model:
            schemas = [_schema(tool) for tool in self._tools if tool.name != "run_skill"]
            return Plan(
                task.agent or "general",
                {"kind": "loop", "prompt": _PROMPT, "tier": task.tier or "fast", "tools": schemas},
            )
        return Unready(_NOTHING_FITS.format(task=task.id))

    def build(self, plan: Plan) -> Agent:
        """Give the agent for a plan."""
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


def _schema(tool: Tool) -> Mapping[str, Any]:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.schema)},
    }
