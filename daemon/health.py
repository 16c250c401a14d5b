"""Looking at everything that must be right, and saying the fix for what is not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daemon.domain.errors import AgentError


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; `fix` says what to do when it is not `ok`."""

    name: str
    ok: bool
    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A look at one thing: gives what it found in a few words, or raises AgentError with the fix."""

    name: str
    look: Callable[[], str]


def examine(checks: Sequence[Check]) -> list[Finding]:
    """Look at everything; a check that fails inside is a finding too."""
    return [_finding(check) for check in checks]


def _finding(check: Check) -> Finding:
    try:
        return Finding(check.name, True, check.look())
    except AgentError as problem:
        return Finding(check.name, False, problem.message, problem.fix)
    except Exception as problem:  # noqa: BLE001 - one broken check must not hide the others
        return Finding(check.name, False, f"{type(problem).__name__}: {problem}", "Report this; it is a fault of ours.")
