"""A state folder with its configuration, and the processes that work on it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.rigs.process import RigProcess
from tests.rigs.submitter import Order

_ALLOWS = """preset: careful
rules:
  - verdict: allow
    tool: count
    reason: The owner allowed it.
"""
_ASKS = "preset: careful\nrules: []\n"


class House:
    """Where a storm takes place. In a house that `asks` every counted call is asked for, else a rule allows it."""

    def __init__(
        self,
        folder: Path,
        server: str,
        *,
        asks: bool = False,
        settings: Mapping[str, str] | None = None,
        prices: tuple[int, int] = (0, 0),
    ) -> None:
        """Make it in `folder`; `settings` are environment variables, `prices` those of a model and a counted call."""
        self.path = folder / "home"
        self.log = folder / "errors.log"
        self._folder = folder
        self._server = server
        self._prices = prices
        config = folder / "config"
        config.mkdir(parents=True, mode=0o700)
        (config / "policy.yaml").write_text(_ASKS if asks else _ALLOWS)
        self._environment = {
            "AGENT_HOME": str(self.path),
            "AGENT_CONFIG": str(config),
            "AGENT_LOG_FORM": "json",
            **(settings or {}),
        }
        self._orders = 0

    @property
    def database(self) -> Path:
        """Give the SQLite file."""
        return self.path / "agent.db"

    def worker(self, mode: str, failpoint: str = "") -> RigProcess:
        """Start a worker."""
        model, call = map(str, self._prices)
        return self._start(
            "worker", failpoint, "--server", self._server, "--mode", mode, "--model-price", model, "--call-price", call
        )

    def owner(self, seed: int, failpoint: str = "", *, meddle: int = 0, generous: bool = True) -> RigProcess:
        """Start an owner."""
        more = ("--generous",) if generous else ()
        return self._start("owner", failpoint, "--seed", str(seed), "--meddle", str(meddle), *more)

    def submitter(self, orders: Sequence[Order], failpoint: str = "") -> RigProcess:
        """Start somebody who submits these tasks."""
        self._orders += 1
        path = self._folder / f"orders-{self._orders}.jsonl"
        given = [{"once": o.once, "goal": o.goal, "channel": o.channel, "files": list(o.files)} for o in orders]
        path.write_text("".join(json.dumps(order) + "\n" for order in given))
        return self._start("submitter", failpoint, "--orders", str(path))

    def forgetter(self, task_id: int, failpoint: str = "") -> RigProcess:
        """Start somebody who forgets a task."""
        return self._start("forgetter", failpoint, str(task_id))

    def undoer(self, verb: str, task_id: int, failpoint: str = "") -> RigProcess:
        """Start somebody who undoes or redoes."""
        return self._start("undoer", failpoint, verb, str(task_id))

    def _start(self, role: str, failpoint: str, *arguments: str) -> RigProcess:
        environment = {**self._environment, "AGENT_FAILPOINT": failpoint}
        return RigProcess(f"tests.rigs.{role}", ("--home", str(self.path), *arguments), environment, self.log)
