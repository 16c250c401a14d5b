"""Agents in files: what an owner writes takes effect, and what is wrong is said with file and line."""

from pathlib import Path

import pytest

from daemon.domain.effect import NO_LABELS, Effect
from daemon.domain.errors import ConfigError
from daemon.domain.limits import Limits
from daemon.domain.profile import Profile
from daemon.domain.rules import Rule, Verdict
from daemon.settings.profiles import asked_first, load_profiles, without_effect

TOOLS: dict[str, tuple[str, ...]] = {
    "shell": ("bash_execution",),
    **dict.fromkeys(("read_file", "write_file", "note", "progress", "ask_owner", "finish"), ()),
}


def written(folder: Path, text: str, name: str = "mine") -> Profile:
    (folder / "agents").mkdir(exist_ok=True)
    (folder / "agents" / f"{name}.yaml").write_text(text)
    return next(profile for profile in load_profiles() if profile.name == name)


def test_the_bundled_agents_are_there_and_one_of_the_owners_takes_the_place_of_its_name(folder: Path) -> None:
    assert {"general", "code", "research", "fileops"} <= {profile.name for profile in load_profiles()}
    assert written(folder, "description: Mine\nprompt: Be brief.\n", "code").description == "Mine"
    assert [profile.name for profile in load_profiles()].count("code") == 1


def test_a_file_of_older_words_is_read(folder: Path) -> None:
    text = """
name: mine
description: Mine
system_prompt: Be brief.
tools: [shell, "read_*"]
model_tier: smart
complexity_range: [2, 6]
max_iterations: 12
limits: {money: "$0.50", seconds: 10m}
approval_required: [shell]
"""
    profile = written(folder, text)
    assert (profile.prompt, profile.tools, profile.tier) == ("Be brief.", ("shell", "read_*"), "smart")
    assert (profile.complexity, profile.approval_required) == ((2, 6), ("shell",))
    assert profile.limits == Limits(steps=12, money=500_000, seconds=600)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("modle: x", "agents/mine.yaml, line 1: unknown key 'modle'. Did you mean 'model'?"),
        ("tier: fastt", "line 1: 'model_tier' cannot be 'fastt'. Did you mean 'fast'?"),
        ("name: a b", "'name' must be a word"),
        ("tools: [[a]]", "'tools' must be a list"),
        ("complexity: [6, 2]", "must be two numbers from 1 to 10"),
        ("complexity: [1, ²]", "must be two numbers from 1 to 10"),
        ("limits: {stps: 3}", "unknown limit 'stps'. Did you mean 'steps'?"),
        ("limits: 3", "'limits' must"),
        ("max_iterations: many", "'max_iterations'"),
        ("limits: {steps: 3}\nmax_iterations: 5", "a second time"),
        ("prompt: [a]", "'prompt' must be a text"),
        ("[a, b]", "agents/mine.yaml"),
        ("a: &x b", "anchors and aliases"),
    ],
)
def test_a_mistake_is_said_with_its_place(folder: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        written(folder, text)
    assert said in str(caught.value)


def test_what_is_to_be_approved_is_asked_for_this_agent_alone() -> None:
    profile = Profile("mine", "Mine", "p", approval_required=("shell", "read_file"))
    rules = asked_first([profile, Profile("other", "Other", "p")], TOOLS)
    assert rules == tuple(
        Rule(
            Verdict.ASK,
            tool=tool,
            agent="mine",
            reason="the agent mine asks before it",
            source="agents: mine",
            label=NO_LABELS,
        )
        for tool in ("read_file", "shell")
    )


def test_a_pattern_means_what_does_something_and_not_the_agents_own_words() -> None:
    rules = asked_first([Profile("mine", "Mine", "p", approval_required=("*",))], TOOLS)
    assert {rule.tool for rule in rules} == {"shell", "read_file", "write_file"}
    assert all(Effect.READ not in rule.effect and Effect.COMPUTE in rule.effect for rule in rules)


def test_a_tool_is_asked_for_by_its_other_name_too() -> None:
    (rule,) = asked_first([Profile("mine", "Mine", "p", approval_required=("bash_execution",))], TOOLS)
    assert (rule.tool, rule.effect) == ("shell", frozenset())


def test_what_names_no_tool_is_said() -> None:
    profile = Profile("mine", "Mine", "p", approval_required=("shel", "Shell", "s*", "shell"))
    said = without_effect([profile], {"shell", "bash_execution"})
    assert said == [
        ("agents: mine", "'approval_required' names 'shel'. Did you mean 'shell'?"),
        ("agents: mine", "'approval_required' names 'Shell'. Did you mean 'shell'?"),
    ]


@pytest.mark.parametrize("stem", ["[x]", "*", "a b", "a\nb"])
def test_a_file_whose_name_is_no_word_is_a_mistake(folder: Path, stem: str) -> None:
    (folder / "agents").mkdir()
    (folder / "agents" / f"{stem}.yaml").write_text("description: d\nprompt: p\n")
    with pytest.raises(ConfigError, match="must be a word"):
        load_profiles()


def test_two_files_for_one_agent_are_a_mistake(folder: Path) -> None:
    written(folder, "name: p\nprompt: p\napproval_required: true", "p")
    with pytest.raises(ConfigError, match="another file is the agent 'p' already"):
        written(folder, "name: p\nprompt: p", "p2")


def test_hidden_files_are_passed_over_and_both_endings_are_read(folder: Path) -> None:
    (folder / "agents").mkdir()
    (folder / "agents" / ".hidden.yaml").write_text("nonsense: x")
    (folder / "agents" / "mine.yml").write_text("prompt: p")
    assert "mine" in {profile.name for profile in load_profiles()}


@pytest.mark.parametrize(
    ("word", "asks"),
    [
        ("true", ("*",)),
        ("yes", ("*",)),
        ("on", ("*",)),
        ("all", ("*",)),
        ("[true]", ("*",)),
        ("false", ()),
        ("no", ()),
        ("[]", ()),
        ("shell, write_file", ("shell", "write_file")),
    ],
)
def test_yes_and_no_for_all_tools(folder: Path, word: str, asks: tuple[str, ...]) -> None:
    assert written(folder, f"approval_required: {word}").approval_required == asks
