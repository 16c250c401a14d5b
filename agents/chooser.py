"""Chooses how a task is done: a skill that fits its words, an agent that a package adds, else a model."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from agents.checked import CheckedAgent
from agents.choice import choose
from agents.loop import LoopAgent
from agents.prompt import opening, system
from agents.skill_agent import SkillAgent
from daemon.domain.catalogue import Catalogue
from daemon.domain.errors import NotFound
from daemon.domain.plugin import OwnAgent
from daemon.domain.ports import Agent, Plan, Skills, Tool, Unready
from daemon.domain.profile import Profile
from daemon.domain.run import Run
from daemon.domain.skill import Skill, SkillMatch
from daemon.domain.task import Task
from daemon.domain.turn import Turn

_NOTHING_FITS = (
    "No skill fits this task, and no model is configured, so it waits. "
    "agent skills shows what works without a model; agent resume {task} tries again."
)


class Chooser:
    """The port `Agents`."""

    def __init__(
        self,
        skills: Skills,
        keep: Callable[[Skill], Path],
        tools: Sequence[Tool],
        own: Sequence[OwnAgent] = (),
        profiles: Sequence[Profile] = (),
        catalogue: Catalogue | None = None,
    ) -> None:
        """Choose among these; `keep` makes an unchanging copy of a skill and gives its folder.

        `own` are the agents that packages add; with no model in the catalogue, profiles cannot work.
        """
        self._skills = skills
        self._keep = keep
        self._tools = tools
        self._own = {agent.name: agent for agent in own}
        self._profiles = profiles
        self._catalogue = catalogue or Catalogue()

    def plan(self, task: Task, run: Run, earlier: Sequence[Turn] = ()) -> Plan | Unready:
        """Choose; what was chosen is frozen with the run."""
        asked_for = self._own.get(task.agent or "")
        if asked_for is not None:
            return _own_plan(asked_for, asked_for.fits(task) or {})
        names = [blob.name for blob in task.files]
        match = self._skills.match(task.goal, names, [folder.path for folder in task.folders])
        # Who names an agent wants that one, with what it asks before and its limits; unless a skill is named too.
        fits = match is not None and (task.agent is None or match.by.startswith("/"))
        if match is not None and fits and match.skill.entry is not None:
            return Plan(f"skill:{match.skill.name}", {"kind": "skill", "skill": self._frozen(match)})
        for agent in self._own.values() if task.agent is None else ():
            fitting = agent.fits(task)
            if fitting is not None:
                return _own_plan(agent, fitting)
        if self._catalogue.talking and self._profiles:
            return self._with_a_model(task, run, earlier)
        return Unready(_NOTHING_FITS.format(task=task.id))

    def build(self, plan: Plan) -> Agent:
        """Give the agent for a plan; raises NotFound where the package that added it is gone."""
        if plan.frozen["kind"] == "own":
            if plan.agent not in self._own:
                raise NotFound(f"The agent {plan.agent!r} is not installed any more.", "Install it again, then retry.")
            return CheckedAgent(self._own[plan.agent], plan.frozen["own"])
        return SkillAgent() if plan.frozen["kind"] == "skill" else LoopAgent()

    def _with_a_model(self, task: Task, run: Run, earlier: Sequence[Turn]) -> Plan:
        """Freeze what a run with a model needs; raises NotFound for an agent that is not there."""
        names = [profile.name for profile in self._profiles]
        if task.agent is not None and task.agent not in names:
            raise NotFound(f"There is no agent {task.agent!r}.", f"There are: {', '.join([*names, *self._own])}.")
        tiers = {tier: self._catalogue.names(tier, private=task.private) for tier in self._catalogue.tiers}
        choice = choose(self._profiles, task, tiers)
        tools = [_schema(tool) for tool in self._tools if _may_use(choice.profile, tool.name)]
        frozen = {
            "kind": "loop",
            "prompt": system(choice.profile),
            "goal": opening(task, run.created_at, earlier),
            "tier": choice.tier,
            "tools": tools,
        }
        return Plan(choice.profile.name, frozen, choice.tier, choice.profile.limits, choice.why)

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


def _may_use(profile: Profile, tool: str) -> bool:
    return tool != "run_skill" and any(fnmatchcase(tool, pattern) for pattern in (*profile.tools, "finish"))


def _schema(tool: Tool) -> Mapping[str, Any]:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": _short(tool.schema)},
    }


def _short(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Give a schema without what says nothing to a model; calls are checked by the whole one."""
    return {name: value for name, value in schema.items() if name != "additionalProperties" and value != []}
