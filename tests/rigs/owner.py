"""A process that answers what is asked, as an owner would: yes to some and no to others, by seed.

`python -m tests.rigs.owner --home DIR --seed N`; with `--meddle N` the owner also pauses, resumes and cancels, once in
N looks on average. What is paused at the end is resumed.
"""

import argparse
import hashlib
import random
from pathlib import Path

from daemon.app.compose import open_home, open_service
from daemon.domain.approval import Approval, ApprovalKind
from daemon.domain.errors import InvalidState
from daemon.domain.principal import Principal, Role
from daemon.domain.run import RunStatus
from daemon.engine.service import Service
from tests.rigs.lifeline import end_with_parent, say

OWNER = Principal(Role.OWNER, "rig", "owner")
_LOOK_SECONDS = 0.5
_ALIVE = (RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING)


def says_yes(seed: int, asked: str, share: float) -> bool:
    """Decide by seed and question, so that a restarted owner is of the same mind."""
    return hashlib.sha256(f"{seed} {asked}".encode()).digest()[0] / 256 < share


class RigOwner:
    """Answers, and meddles now and then."""

    def __init__(self, service: Service, seed: int, meddle: int, *, generous: bool) -> None:
        """Answer by `seed`; a `generous` owner raises limits, any other one never does."""
        self._service = service
        self._seed = seed
        self._meddle = meddle
        self._generous = generous
        self._chance = random.Random()

    def look(self) -> None:
        """Do what comes to mind, also to runs that wait for an answer; then answer all that is open."""
        if self._meddle and self._chance.random() < 1 / self._meddle:
            self._interfere()
        for asked in self._service.reads.approvals():
            self._answer(asked)
        self._resume()

    def _answer(self, asked: Approval) -> None:
        yes = says_yes(self._seed, asked.digest, 0.7)
        if asked.kind is ApprovalKind.BUDGET:
            yes = self._generous
        text = "blue" if yes and asked.kind is ApprovalKind.QUESTION else ""
        try:
            self._service.decide(asked.id, yes, text, OWNER)
        except InvalidState:
            return  # Withdrawn meanwhile.
        say(decided=asked.id, yes=yes)

    def _resume(self) -> None:
        for line in self._service.reads.page(statuses=(RunStatus.PAUSED,), most=1000):
            if self._meddle and self._chance.random() < 0.5:
                continue
            self._try(self._service.resume, line.id)

    def _interfere(self) -> None:
        page = self._service.reads.page
        lines = page(statuses=(RunStatus.WAITING,), most=1000) or page(statuses=_ALIVE, most=1000)
        if lines:
            verb = self._service.cancel if self._chance.random() < 0.2 else self._service.pause
            self._try(verb, self._chance.choice(lines).id)

    @staticmethod
    def _try(verb: object, task_id: int) -> None:
        assert callable(verb)
        try:
            verb(task_id, OWNER)
        except InvalidState:
            return  # It went on meanwhile.


def main() -> None:
    """Answer until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--meddle", type=int, default=0)
    parser.add_argument("--generous", action="store_true")
    given = parser.parse_args()
    end_with_parent()
    service = open_service(open_home(given.home))
    owner = RigOwner(service, given.seed, given.meddle, generous=given.generous)
    say(ready=True)
    with service.changes() as changes:
        while True:
            owner.look()
            changes.wait(_LOOK_SECONDS)


if __name__ == "__main__":
    main()
