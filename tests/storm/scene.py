"""Where a storm takes place: a house, its crowd, what was ordered, and the verdicts at the end."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from tests.rigs.counting_server import CountingServer
from tests.rigs.house import House
from tests.rigs.submitter import Order
from tests.rigs.waiting import wait_until
from tests.storm import orphans, script
from tests.storm.crowd import Crowd
from tests.storm.facts import Facts, connect
from tests.storm.outside import Acknowledged, Outside
from tests.storm.verdict import Verdict, judge, judge_log

DAEMON, OWNER, SUBMITTER, FORGETTER, UNDOER = "daemon", "owner", "submitter", "forgetter", "undoer"
_UNFINISHED = "SELECT count(*) FROM task WHERE status NOT IN ('done', 'error', 'cancelled')"
_UNSENT = """
    SELECT count(*) FROM outbox JOIN conversation ON conversation.id = conversation_id
    WHERE state IN ('queued', 'sending') AND channel IN ('push', 'post')
"""
_HELD = "SELECT count(*) FROM run WHERE worker IS NOT NULL"


class Scene:
    """One house in one storm."""

    def __init__(
        self,
        folder: Path,
        server: CountingServer,
        seed: int,
        *,
        asks: bool = False,
        generous: bool = True,
        settings: dict[str, str] | None = None,
        prices: tuple[int, int] = (400, 200),
    ) -> None:
        """Build the house in `folder`; `asks` where every counted call is asked for. The server is its own."""
        script.set_up(server)
        files = folder / "files"
        files.mkdir(parents=True)
        self.chance = Random(f"{seed} {folder.name}")
        self.acknowledged = Acknowledged()
        self.crowd = Crowd(self.acknowledged)
        self.house = House(folder, server.url, asks=asks, settings=settings, prices=prices)
        self.writer = script.Writer(files, folder.name, self.chance)
        self._server = server
        self._seed = seed
        self._asks = asks
        self._generous = generous
        self.verdicts: list[Verdict] = []
        self.submit([])

    def order(self, orders: Sequence[Order], failpoint: str = "") -> None:
        """Start somebody who submits these orders."""
        self.acknowledged.ordered |= {order.once: order for order in orders}
        self.crowd.keep(SUBMITTER, lambda: self.house.submitter(orders, failpoint))

    def submit(self, orders: Sequence[Order]) -> None:
        """Submit these orders and wait for it."""
        self.order(orders)
        self.crowd.finished(SUBMITTER, 60.0)

    def missing(self) -> list[Order]:
        """Give the orders that nobody acknowledged."""
        known = self.acknowledged
        return [order for once, order in known.ordered.items() if once not in known.submitted]

    def answer(self, failpoint: str = "", meddle: int = 0) -> None:
        """Keep an owner."""
        start = self.house.owner
        self.crowd.keep(OWNER, lambda: start(self._seed, failpoint, meddle=meddle, generous=self._generous))

    def work(self, mode: str = DAEMON, failpoint: str = "") -> None:
        """Keep a worker of a mode; its name is the mode."""
        self.crowd.keep(mode, lambda: self.house.worker(mode, failpoint))

    def disown(self, once: str) -> int:
        """Give the task of an order, which is not expected to be there any more."""
        del self.acknowledged.ordered[once]
        (task,) = self.acknowledged.submitted.pop(once)
        return task

    def forget(self, task: int, failpoint: str = "") -> None:
        """Start somebody who forgets a task."""
        self.crowd.keep(FORGETTER, lambda: self.house.forgetter(task, failpoint))

    def turn_back(self, verb: str, once: str, failpoint: str = "") -> None:
        """Start somebody who undoes or redoes the last change of the workspace of an order."""
        (task,) = self.acknowledged.submitted[once]
        self.crowd.keep(UNDOER, lambda: self.house.undoer(verb, task, failpoint))

    def unfinished(self) -> int:
        """Count the tasks that have not ended."""
        return self._count(_UNFINISHED)

    def held(self) -> int:
        """Count the runs that some worker holds."""
        return self._count(_HELD)

    def held_by(self, lock: str) -> int:
        """Count the runs that the worker of a lock holds."""
        return self._count("SELECT count(*) FROM run WHERE worker = ?", lock)

    def finish(self, seconds: float) -> None:
        """Let everything come to its end without further kills, and judge it."""
        settled = wait_until(self._settled, seconds)
        self.crowd.end(OWNER)
        for mode in self.crowd.names():
            self.crowd.end(mode, politely=mode != "run")
        self.crowd.close()
        if not settled:
            left = f"{self.unfinished()} tasks have not ended, {len(self.missing())} orders are not acknowledged"
            self.crowd.surprises.append(f"after {seconds:.0f} s {left}")
        self.verdicts += judge(self.facts(), self.outside(), self.house.path / "blobs")
        self.verdicts.append(judge_log(self.house.log))
        self.verdicts.append(Verdict("processes.no_orphans", tuple(orphans.left_of(self.house.path))))
        self.verdicts.append(Verdict("processes.no_surprises", tuple(self.crowd.surprises)))

    def facts(self) -> Facts:
        """Read the database."""
        return Facts(self.house.database)

    def outside(self) -> Outside:
        """Give what is known outside of the agent."""
        return Outside(self._server.counts(), self.acknowledged, self._asks)

    def _settled(self) -> bool:
        """Keep all that is needed at work; says whether nothing is left to do."""
        if self.missing():
            self.order(self.missing())
        self.answer()
        self.work()
        self.crowd.hear()
        if self.missing() or self.unfinished():
            return False
        return not self._count(_UNSENT) and not self.held()

    def _count(self, query: str, *values: str) -> int:
        with closing(connect(self.house.database)) as connection:
            return int(connection.execute(query, values).fetchone()[0])
