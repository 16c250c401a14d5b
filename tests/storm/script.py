"""What the runs of a storm do: several calls of every kind, each effect with a key of its own."""

from pathlib import Path
from random import Random

from tests.fakes.scripted_model import Round, goal_of
from tests.rigs.counting_server import Behaviour, CountingServer
from tests.rigs.submitter import Order

CHANNELS = ("cli", "push", "post")

BEHAVIOURS = {
    "plain": Behaviour(),
    "slow": Behaviour(delay=0.05, late=0.05),
    "blind": Behaviour(delay=0.02, late=0.04, authoritative=False),
    "torn": Behaviour(cut="after", times=1),
    "lost": Behaviour(cut="before", times=1),
    "dark": Behaviour(cut="after", times=1, authoritative=False),
    "gone": Behaviour(cut="before", times=1, authoritative=False),
    "model": Behaviour(delay=0.005, late=0.01),
    "push": Behaviour(delay=0.005, late=0.01),
    "again": Behaviour(delay=0.005, late=0.01),
}
"""By the first part of a key. What is cut once leaves an unknown outcome without a kill."""

_KINDS = ("plain", "slow", "slow", "blind", "blind", "torn", "lost", "dark", "gone")


def set_up(server: CountingServer) -> None:
    """Make the server treat the keys of these scripts as their first part says."""
    for prefix, behaviour in BEHAVIOURS.items():
        server.behave(f"{prefix}/", behaviour)


class Writer:
    """Writes the orders of one storm."""

    def __init__(self, folder: Path, name: str, chance: Random) -> None:
        """Write orders whose keys begin with `name`; the files that come with them lie in `folder`."""
        self._folder = folder
        self._name = name
        self._chance = chance
        self._written = 0

    def order(self) -> Order:
        """Write the next order: calls of every kind in an order of chance, then the end."""
        token = self._next()
        rounds: list[Round] = [
            [("compute", {"name": "large.txt", "lines": self._chance.choice((3, 400))})],
            [("read", {"name": "large.txt"}), ("nothing", {}), self._counted(token, 1)],
            [self._counted(token, 2), self._counted(token, 3)],
            [self._changed(token, 4)],
            [("ask_owner", {"question": f"Which colour has {token}?", "choices": ["blue", "red"]})],
            [("compute", {"name": "small.txt", "lines": 2}), self._counted(token, 5)],
            [("note", {"text": f"a note of {token}"})],
        ]
        if self._chance.random() < 0.25:
            rounds.append([("box", {"line": f"sleep 0.05; echo {token} > output/box.txt"})])
        self._chance.shuffle(rounds)
        return self._order(token, [*rounds[: self._chance.randint(4, 8)], *self._end()])

    def full_order(self) -> Order:
        """Write an order that reaches every place of the engine."""
        token = self._next()
        rounds: list[Round] = [
            [("compute", {"name": "large.txt", "lines": 400}), ("count", {"key": f"plain/{token}/1"})],
            [("ask_owner", {"question": f"Which colour has {token}?"})],
            [("count", {"key": f"blind/{token}/2"}), ("alter", {"key": f"slow/{token}/3"})],
        ]
        return self._order(token, [*rounds, *self._end()], channel="push")

    def inner_order(self) -> Order:
        """Write an order that has no effect outside but the model's."""
        token = self._next()
        rounds: list[Round] = [
            [("compute", {"name": f"{number}.txt", "lines": 400}), ("note", {"text": f"note {number}"})]
            for number in range(4)
        ]
        return self._order(token, [*rounds, *self._end()], channel="cli")

    def long_order(self) -> Order:
        """Write an order whose command in the sandbox outlasts the storm."""
        line = "sleep 300 & sleep 300"
        return self._order(self._next(), [[("box", {"line": line})], *self._end()], channel="cli")

    def paid_order(self, calls: int) -> Order:
        """Write an order of many priced calls."""
        token = self._next()
        rounds: list[Round] = [[("count", {"key": f"plain/{token}/{number}"})] for number in range(calls)]
        return self._order(token, [*rounds, [("finish", {"result": f"{token} is done"})]], channel="cli")

    def _next(self) -> str:
        self._written += 1
        return f"{self._name}-{self._written}"

    def _order(self, token: str, rounds: list[Round], channel: str = "") -> Order:
        path = self._folder / f"input-{self._chance.randrange(5)}.txt"
        path.write_text(f"{path.name}\n" * 100)
        return Order(token, goal_of(token, rounds), channel or self._chance.choice(CHANNELS), (str(path),))

    def _counted(self, token: str, number: int) -> tuple[str, dict[str, str]]:
        return "count", {"key": f"{self._chance.choice(_KINDS)}/{token}/{number}"}

    def _changed(self, token: str, number: int) -> tuple[str, dict[str, str]]:
        return "alter", {"key": f"{self._chance.choice(_KINDS)}/{token}/{number}"}

    def _end(self) -> list[Round]:
        promised = {"result": "It is done.", "files": ["end.txt"]}
        return [[("compute", {"name": "end.txt", "lines": 5}), ("finish", promised)]]
