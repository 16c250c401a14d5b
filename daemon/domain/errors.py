"""The one exception tree.

Each message says what happened and why; `fix` says what to do next. The terminal prints both, and ends with
`exit_code` (after sysexits.h where one fits).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from daemon.domain.model import Attempt


class AgentError(Exception):
    """Base of everything that we raise on purpose."""

    exit_code = 1

    def __init__(self, message: str, fix: str = "") -> None:
        """Say what happened and why in `message`, and what to do next in `fix`."""
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.key = ""
        self.values: Mapping[str, Any] = {}

    def worded(self, key: str, **values: object) -> Self:
        """Say by which text of `daemon.domain.words` the owner is told it in another language, and what fills it in."""
        self.key, self.values = key, values
        return self

    def __str__(self) -> str:
        """Give both sentences in one text."""
        return f"{self.message} {self.fix}".strip()


class BadInput(AgentError):
    """What was given cannot be used: a goal, a file, an argument."""

    exit_code = 65


class NotFound(AgentError):
    """There is no such task, run, approval, file or skill."""

    exit_code = 66


class InvalidState(AgentError):
    """The verb is not allowed in the state that the thing is in (STATES.md)."""

    exit_code = 69


class ConfigError(AgentError):
    """A configuration file has an unknown or a wrong key; says the file and the line."""

    exit_code = 78


class Refused(AgentError):
    """The policy denies this; nothing was done."""

    exit_code = 77


class SandboxUnavailable(AgentError):
    """No sandbox can be set up here. Nothing ever runs without one."""

    exit_code = 71


class NoSnapshot(AgentError):
    """A workspace cannot be kept, or not be brought back to what was kept of it."""

    exit_code = 69


class StoreError(AgentError):
    """The database cannot be used: damaged, newer than this program, locked for long, or the disk is full."""

    exit_code = 74


class Fenced(AgentError):
    """A worker wrote to a run that was taken over (an old epoch), paused or cancelled; it must stop working on it."""

    exit_code = 75


class NotNow(AgentError):
    """A channel's other side wants to be asked again in `seconds`; nothing was sent."""

    exit_code = 75

    def __init__(self, message: str, seconds: float) -> None:
        """Say when."""
        super().__init__(message, "It is sent then.")
        self.seconds = seconds


class Undeliverable(AgentError):
    """A message that will never be taken by the other side, however often it is sent; nothing was sent."""


class ToolError(AgentError):
    """A tool could not do what it was asked; the text goes to whoever called it."""


class ModelUnavailable(AgentError):
    """No model answers now; the run waits and tries again.

    `attempts` are those that were made, with what they took; `wait` is in how many seconds a model wants to be asked.
    """

    exit_code = 69

    def __init__(
        self, message: str, fix: str = "", attempts: tuple["Attempt", ...] = (), wait: float | None = None
    ) -> None:
        """Say why, and what was tried."""
        super().__init__(message, fix)
        self.attempts = attempts
        self.wait = wait


class ModelRefused(ModelUnavailable):
    """No model can answer this request, and asking again changes nothing: the run ends in error."""


class ContextFull(ModelUnavailable):
    """The request is longer than the model's window; whoever made it makes a shorter one."""
