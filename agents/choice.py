"""Which profile does a task, how hard it is, and which tier it needs: by rules, without a model (T7)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from daemon.domain.profile import Profile
from daemon.domain.task import Task

_SMART = 7
"""The complexity from which on the better models are asked."""
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_HARD = frozenset(
    [
        "refactor",
        "migrate",
        "redesign",
        "architecture",
        "debug",
        "investigate",
        "analyse",
        "analyze",
        "compare",
        "research",
        "evaluate",
        "design",
        "implement",
        "optimize",
        "optimise",
        "benchmark",
        "integrate",
        "prove",
        "review",
        "rewrite",
        "plan",
        "strategy",
        "thorough",
        "comprehensive",
    ]
)
_STEPS = re.compile(r"\b(?:then|afterwards|and also|finally|first|second|next)\b|^\s*(?:[-*]|\d+[.)])\s", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Choice:
    """How a task is done with a model, and why, in words for the owner."""

    profile: Profile
    tier: str
    why: str


def complexity_of(task: Task) -> int:
    """Give how hard a task looks, 1 to 10: by its length, its parts, its words and what came with it."""
    words = [word.lower() for word in _WORD.findall(task.goal)]
    score = 1.0
    score += min(len(words) / 40, 3)
    score += min(len(_STEPS.findall(task.goal)) * 0.7, 3)
    score += min(sum(word in _HARD for word in words) * 1.2, 3)
    score += min(len(task.files) / 4, 1) + min(len(task.folders), 1)
    return max(1, min(10, round(score)))


def choose(profiles: Sequence[Profile], task: Task, tiers: Mapping[str, Collection[str]]) -> Choice:
    """Choose by the owner's word, else by what the goal and its files have in common with the profiles.

    The first of equals wins; where nothing is in common it is the profile `general`, else the first. `tiers` are those
    that have a model for this task.
    """
    complexity = complexity_of(task)
    forced = next((profile for profile in profiles if profile.name == task.agent), None)
    if forced is not None:
        return _choice(forced, task, complexity, tiers, "you named it")
    fitting = [profile for profile in profiles if profile.complexity[0] <= complexity <= profile.complexity[1]]
    scored = [(_score(profile, task), profile) for profile in fitting]
    best = max((score for score, _ in scored), default=0)
    chosen = next((profile for score, profile in scored if score == best > 0), None)
    why = "its words and files are those of the task" if chosen else "no other agent fits better"
    return _choice(chosen or _fallback(fitting or profiles), task, complexity, tiers, why)


def _choice(profile: Profile, task: Task, complexity: int, tiers: Mapping[str, Collection[str]], why: str) -> Choice:
    tier = _tier(profile, task, complexity, tiers)
    asked = f"{tier}, which you named" if task.tier else tier
    return Choice(profile, tier, f"{why}; complexity {complexity} of 10, model: {asked}")


def _fallback(profiles: Sequence[Profile]) -> Profile:
    return next((profile for profile in profiles if profile.name == "general"), profiles[0])


def _score(profile: Profile, task: Task) -> float:
    goal = f" {' '.join(word.lower() for word in _WORD.findall(task.goal))} "
    words = sum(f" {word.lower()} " in goal for word in profile.words)
    suffixes = {PurePosixPath(blob.name).suffix.lower() for blob in task.files}
    suffixes |= {suffix for suffix in profile.suffixes if f"{suffix} " in f"{task.goal.lower()} "}
    return words + 1.5 * len(suffixes & {suffix.lower() for suffix in profile.suffixes})


def _tier(profile: Profile, task: Task, complexity: int, tiers: Mapping[str, Collection[str]]) -> str:
    """Give the tier or model: what the owner says, else the profile's, a better one for hard work, else any."""
    if task.tier:
        return task.tier
    if profile.model:
        return profile.model
    wanted = "smart" if complexity >= _SMART and profile.tier == "fast" else profile.tier
    order = [wanted, profile.tier, "smart", "fast", "cloud"]
    return next((tier for tier in order if tiers.get(tier)), wanted)
