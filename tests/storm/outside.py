"""What is known outside of the agent: what the counting server counted, and what was acknowledged to whom."""

from dataclasses import dataclass, field

from tests.rigs.counting_server import Tally
from tests.rigs.process import RigProcess
from tests.rigs.submitter import Order


@dataclass(slots=True)
class Acknowledged:
    """What the processes of a rig said before they ended."""

    ordered: dict[str, Order] = field(default_factory=dict)
    submitted: dict[str, set[int]] = field(default_factory=dict)
    decided: dict[str, bool] = field(default_factory=dict)

    def hear(self, process: RigProcess) -> None:
        """Take down what a process said."""
        for said in process.said:
            if "submitted" in said:
                self.submitted.setdefault(said["submitted"], set()).add(said["task"])
            elif "decided" in said:
                self.decided[said["decided"]] = said["yes"]


@dataclass(frozen=True, slots=True)
class Outside:
    """The counts by key, what was acknowledged, and whether the owner is asked for every counted call."""

    counts: dict[str, Tally]
    acknowledged: Acknowledged
    asks: bool = False

    def count(self, key: str) -> int:
        """Give how often an effect happened."""
        return self.counts[key].count if key in self.counts else 0

    def money(self) -> int:
        """Give what was really charged in all, in micro-dollars."""
        return sum(tally.amount for tally in self.counts.values())

    def effects(self) -> dict[str, int]:
        """Give the counts of what tools did, without the model and the messages."""
        others = ("model/", "push/", "again/")
        return {key: tally.count for key, tally in self.counts.items() if not key.startswith(others)}
