"""What came of a storm, as a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tests.fakes.push_channel import key_of
from tests.storm.facts import Facts
from tests.storm.outside import Outside
from tests.storm.scene import Scene
from tests.storm.verdict import Verdict

_SHOWN = 5
"""How much of what breaks a rule is shown."""


@dataclass(frozen=True, slots=True)
class Report:
    """A storm's figures and verdicts; a rule that was held several times stands once."""

    name: str
    figures: dict[str, int]
    verdicts: tuple[Verdict, ...]

    @classmethod
    def of(cls, name: str, scene: Scene, verdicts: Sequence[Verdict], copies: int) -> Self:
        """Count what happened, and join the verdicts on each rule."""
        joined: dict[str, tuple[str, ...]] = {}
        for verdict in verdicts:
            joined[verdict.rule] = joined.get(verdict.rule, ()) + verdict.broken
        figures = {"kills": scene.crowd.kills, "copies": copies} | _figures(scene.facts(), scene.outside())
        return cls(name, figures, tuple(Verdict(rule, broken) for rule, broken in joined.items()))

    @property
    def broken(self) -> list[str]:
        """Give everything that breaks a rule."""
        return [f"{self.name}: {v.rule}: {text}" for v in self.verdicts for text in v.broken]

    def table(self) -> str:
        """Give the figures and a line for each rule."""
        lines = [f"== {self.name}", "   " + ", ".join(f"{count} {name}" for name, count in self.figures.items())]
        for verdict in self.verdicts:
            lines.append(f"   {'BROKEN' if verdict.broken else 'holds':<7} {verdict.rule} {len(verdict.broken) or ''}")
            lines += [f"             {text}" for text in verdict.broken[:_SHOWN]]
        return "\n".join(lines)


def _figures(facts: Facts, outside: Outside) -> dict[str, int]:
    runs = Counter(run["status"] for run in facts.all("run"))
    given_up = [message for message in facts.all("outbox") if message["state"] == "failed"]
    asked = Counter((question["kind"], question["state"]) for question in facts.all("approval"))
    return {
        "runs": len(facts.all("run")),
        **{f"runs {status}": count for status, count in sorted(runs.items())},
        "steps": len(facts.all("step")),
        "cut-offs": len(facts.audited("recovered")),
        "calls repeated": len(facts.audited("call repeated")),
        **{f"{kind} {state}": count for (kind, state), count in sorted(asked.items())},
        "messages repeated": sum(bool(message["repeated"]) for message in facts.all("outbox")),
        "messages given up": len(given_up),
        "of these never arrived": sum(not _arrived(message["id"], outside) for message in given_up),
    }


def _arrived(message_id: int, outside: Outside) -> bool:
    return any(outside.count(key_of(message_id, repeated=repeated)) for repeated in (False, True))
