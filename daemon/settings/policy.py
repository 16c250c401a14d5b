"""The policy: rules that allow, ask for, or deny tool calls. Here it is only loaded, not applied.

The owner's `policy.yaml` takes the place of the shipped one as a whole, so that what stands in it is all that applies;
only where it has no `rules` key do the shipped rules stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.effect import Effect, Label
from daemon.settings.mistakes import Mistakes
from daemon.settings.places import config_folder, shipped
from daemon.settings.textfile import read_text

NAME = "policy.yaml"


class Verdict(StrEnum):
    """What is to be done with a tool call."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Preset(StrEnum):
    """Which table decides what no rule names (POLICY.md)."""

    CAREFUL = "careful"
    AUTONOMOUS = "autonomous"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule fits a call when everything that it names fits; patterns are globs (fnmatch, case matters).

    `tool` and `agent` are patterns of names. `effect` empty: any. `arguments` is a pattern for each named argument (all
    must fit; the text itself, or the canonical JSON of what is not text), or one pattern for the canonical JSON of all
    arguments, or None. `label` empty: any, else the run has all of these labels; a rule that allows never reaches
    further than that: a run with a label that the rule does not name is not allowed by it.
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


@dataclass(frozen=True, slots=True)
class Policy:
    """The preset and the rules in the order of the file."""

    preset: Preset
    rules: tuple[Rule, ...]


def load_policy() -> Policy:
    """Give the owner's policy, or the shipped one. Raises one ConfigError that names every mistake, with file and line."""
    folder = config_folder()
    own = _parsed(read_text(folder / NAME) or "", NAME, f"Correct {folder / NAME}.")
    if own.rules is not None:
        return Policy(own.preset or Preset.CAREFUL, own.rules)
    path = shipped(f"config/{NAME}")
    ours = _parsed(path.read_text("utf-8"), f"shipped {NAME}", f"Correct {path}, or install personal-agent again.")
    return Policy(own.preset or ours.preset or Preset.CAREFUL, ours.rules or ())


@dataclass(frozen=True, slots=True)
class _Written:
    """What a file says; None where it says nothing."""

    preset: Preset | None = None
    rules: tuple[Rule, ...] | None = None
