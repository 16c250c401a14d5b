"""What a worker works with; built by the composition root."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daemon.domain.ports import Agents, Clock, Model, Sandbox, Speech, Tool, Wake
from daemon.domain.rules import Policy
from daemon.domain.sandbox import BoxLimits
from daemon.engine.redaction.redactor import Redactor
from daemon.settings.sections import LimitSettings, RunSettings
from daemon.store.home import Home
from daemon.store.thread import StoreThread


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that a run needs; `log` is a structlog logger.

    `lifetime` is how long a question stays open, `retention` how long an ended task is kept (None: for ever); seconds.
    `redact` takes secrets out of whatever comes into a run (S8).
    `speech` is None where the models that write down speech are not there at all.
    `snapshots` is how many bytes the snapshots of one run may take.
    """

    home: Home
    clock: Clock
    thread: StoreThread
    wake: Wake
    agents: Agents
    tools: Mapping[str, Tool]
    model: Model | None
    speech: Speech | None
    sandbox: Sandbox
    box: BoxLimits
    policy: Policy
    limits: LimitSettings
    runs: RunSettings
    lifetime: float
    retention: float | None
    snapshots: int
    redact: Redactor
    log: Any
