"""The guard against a run that makes the same call over and over (T10)."""

from collections.abc import Sequence

from daemon.domain.call import ToolCall
from daemon.domain.step import Step, StepKind


def in_a_row(steps: Sequence[Step], call: ToolCall) -> int:
    """Count how often this very call stands at the end of the recorded steps without another between."""
    digest, count = call.digest(), 0
    for step in reversed(steps):
        if step.kind is not StepKind.TOOL:
            continue
        if step.digest != digest:
            break
        count += 1
    return count
