"""Whether a model is asked once more, and the pause before that."""

import asyncio
import random

from agents.models.child.problems import Next, Problem

_LONGEST_WAIT = 20.0
"""Seconds that are waited for a model here; for more the run waits."""


async def is_asked_again(problem: Problem, tried: int, retries: int) -> bool:
    """Say, after a pause, whether an attempt that failed is made again; `tried` counts those that were before it."""
    if problem.then is not Next.AGAIN or tried == retries or (problem.wait or 0) > _LONGEST_WAIT:
        return False
    await asyncio.sleep(problem.wait or random.uniform(0.5, 1.0) * 2**tried)  # noqa: S311 - no secret
    return True
