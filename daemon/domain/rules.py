"""The rules of the policy as facts. Settings load them; who applies them follows POLICY.md where no rule fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from daemon.domain.effect import Effect, Label


class Verdict(StrEnum):
    """What is to be done with a tool call."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Preset(StrEnum):
    """Which table decides what no rule names."""

    CAREFUL = "careful"
    AUTONOMOUS = "autonomous"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule fits a call when everything that it names fits; patterns are globs (fnmatch, case matters).

    `tool` and `agent` are patterns of names. `effect` empty: any. `arguments` is a pattern for each named argument (all
    must fit; the text itself, or the canonical JSON of what is not text), or one pattern for the canonical JSON of all
    arguments, or None. With `only` a call that has arguments beside the named ones does not fit. `label` empty: any,
    else the run has all of these; but a rule that allows reaches no further than what it names: a run that has another
    label too is not allowed by it.
    `source` is the place for the owner: "policy.yaml, line 12".
    """

    verdict: Verdict
    tool: str = "*"
    effect: frozenset[Effect] = frozenset()
    arguments: Mapping[str, str] | str | None = None
    agent: str = "*"
    label: frozenset[Label] = frozenset()
    reason: str = ""
    source: str = ""
    only: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The preset, and the rules in the order of the file: deny first, then the first that fits."""

    preset: Preset
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What would become of a call: its verdict, the rule or row of the table that gives it, and why."""

    tool: str
    arguments: Mapping[str, Any]
    effect: Effect
    verdict: Verdict
    rule: str
    reason: str
