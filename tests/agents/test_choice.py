"""Who does a task is decided by rules: the owner's word, then what goal and files have in common with a profile."""

from dataclasses import replace

import pytest

from agents.choice import choose, complexity_of
from daemon.domain.blob import Blob
from daemon.domain.principal import Principal, Role
from daemon.domain.profile import Profile
from daemon.domain.run import RunStatus
from daemon.domain.task import Task

GENERAL = Profile("general", "Anything.", "p")
CODE = Profile("code", "Programs.", "p", tier="smart", words=("script", "bug", "function"), suffixes=(".py",))
FILES = Profile("fileops", "Files.", "p", words=("rename", "sort"), complexity=(1, 5))
ALL = (GENERAL, CODE, FILES)
TIERS = {"fast": ("a",), "smart": ("b",), "cloud": ("c",)}


def task(goal: str, **more: object) -> Task:
    base = Task(1, 1, "t", goal, Principal(Role.OWNER, "cli", "1"), RunStatus.PENDING, 1, 0.0)
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("goal", "name"),
    [
        ("What is the capital of France?", "general"),
        ("Fix the bug in my script", "code"),
        ("look at tool.py please", "code"),
        ("rename all photos by date", "fileops"),
        ("Describe this transcript", "general"),
    ],
)
def test_words_and_suffixes_decide(goal: str, name: str) -> None:
    assert choose(ALL, task(goal), TIERS).profile.name == name


def test_a_file_decides() -> None:
    assert choose(ALL, task("what does this do", files=(Blob("d", 3, "text/x-python", "a.PY"),)), TIERS).profile is CODE


def test_the_owner_decides_agent_and_tier() -> None:
    choice = choose(ALL, task("Fix the bug", agent="fileops", tier="cloud"), TIERS)
    assert (choice.profile.name, choice.tier) == ("fileops", "cloud")


def test_hard_work_goes_to_a_better_tier_and_not_to_an_agent_that_does_not_take_it() -> None:
    goal = "rename and sort, then investigate, redesign and migrate the architecture:\n" + "\n".join(
        f"{number}. compare and evaluate part {number} and then benchmark it" for number in range(8)
    )
    assert complexity_of(task(goal)) >= 7
    choice = choose((GENERAL, FILES), task(goal), TIERS)
    assert (choice.profile.name, choice.tier) == ("general", "smart")


def test_a_tier_without_a_model_gives_way_to_one_that_has() -> None:
    assert choose(ALL, task("hello"), {"fast": (), "smart": (), "cloud": ("c",)}).tier == "cloud"


def test_an_easy_task_is_easy() -> None:
    assert complexity_of(task("hello")) == 1
