"""From a message in a chat to the first request of a model, and what an idle daemon takes that listens to a bot."""

import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.proc import Memory, memory_of
from tests.benchmarks.setting import Setting
from tests.rigs.model_server import Asked, Said, Text
from tests.rigs.phone import Phone, phone

_PROMISED, _MEMORY = 50.0, 65.0


def hello(asked: Asked) -> Said:
    """Answer at once."""
    del asked
    return Text("Hello.")


def measure(setting: Setting) -> list[Figure]:
    """Say hello again and again to a daemon whose model process is warm; before that, let it idle."""
    taken: list[float] = []
    idle: list[Memory] = []
    for _ in range(setting.rounds(3, 1)):
        with tempfile.TemporaryDirectory() as folder, phone(Path(folder), hello) as house:
            house.start()
            idle.append(_calm(house))
            _hello(house)
            taken += [_hello(house) for _ in range(setting.rounds(15, 2))]
    return [
        figure("a message until the model's server has the first request, model process warm", "ms", taken, _PROMISED),
        figure("agent daemon, idle, listening to a bot: RSS", "MB", [one.resident for one in idle], _MEMORY),
        figure("agent daemon, idle, listening to a bot: PSS", "MB", [one.proportional for one in idle]),
    ]


def _hello(house: Phone) -> float:
    """Give the milliseconds from a message until the model's server has a request for it."""
    assert house.model is not None
    before, texts = len(house.model.calls), len(house.ann.chat.history)
    began = time.monotonic()
    house.ann.says("/new hello")
    house.until(lambda: len(house.model.calls) > before if house.model is not None else False)
    arrived = house.model.calls[before].arrived
    house.heard("Hello.", texts)
    return (arrived - began) * 1000


def _calm(house: Phone) -> Memory:
    """Give the memory once it stays as it is."""
    looks: list[Memory] = []

    def agree() -> bool:
        looks.append(memory_of(house.daemon.pid))
        last = [look.resident for look in looks[-20:]]
        return len(last) == 20 and statistics.pstdev(last) < 0.05

    house.until(agree)
    return looks[-1]
