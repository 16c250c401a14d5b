"""A process that submits tasks as a channel would, and says which of them were acknowledged.

`python -m tests.rigs.submitter --home DIR --orders FILE`; each line of the file is an order as JSON.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.app.compose import open_home, open_service
from daemon.domain.message import Became, Handling, Incoming
from daemon.domain.principal import Principal, Role
from daemon.domain.task import NewTask
from daemon.engine.service import Service
from tests.rigs.lifeline import end_with_parent, say


@dataclass(frozen=True, slots=True)
class Order:
    """A task to submit: `once` is its idempotence key, `files` are paths."""

    once: str
    goal: str
    channel: str = "cli"
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: dict[str, Any]) -> "Order":
        """Read an order from JSON values."""
        return cls(value["once"], value["goal"], value["channel"], tuple(value["files"]))


def main() -> None:
    """Submit every order; a line is said once a task is committed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--orders", type=Path, required=True)
    given = parser.parse_args()
    end_with_parent()
    service = open_service(open_home(given.home))
    say(ready=True)
    for line in given.orders.read_text().splitlines():
        order = Order.of(json.loads(line))
        say(submitted=order.once, task=_submitted(service, order))


def _submitted(service: Service, order: Order) -> int:
    """Submit an order, by a channel that carries messages through the inbox; gives the task."""
    new = NewTask(
        goal=order.goal,
        principal=Principal(Role.OWNER, order.channel, "rig"),
        channel=order.channel,
        external_thread="rig",
        files=tuple(service.keep_file(Path(path)) for path in order.files),
        once=order.once,
    )
    if order.channel != "cli":
        service.post.receive(Incoming(order.channel, order.once, "rig", new.principal, order.goal, new.files))
        for message in service.post.stored(order.channel):
            if message.external_id == order.once:
                service.post.handle([message], lambda: Handling(Became.TASK, service.submit(new).id), str)
    # The same key gives the same task.
    return service.submit(new).id


if __name__ == "__main__":
    main()
