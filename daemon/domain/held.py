"""Things with a life that a run keeps between its calls, in the process that works on it, and nowhere else."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, TypeVar

Thing = TypeVar("Thing")


class Held:
    """What a run holds by name, such as its interpreter.

    It is let go when the worker lets go of the run, whatever the reason: a run that waits, is paused or was cut off has
    no living process (STATES.md).
    """

    def __init__(self) -> None:
        """Hold nothing."""
        self._things: dict[str, tuple[Any, AsyncExitStack]] = {}

    async def have(self, name: str, opening: Callable[[], AbstractAsyncContextManager[Thing]]) -> tuple[Thing, bool]:
        """Give the thing of that name, and whether it was opened just now; raises what opening it raises."""
        if name in self._things:
            return self._things[name][0], False
        stack = AsyncExitStack()
        thing = await stack.enter_async_context(opening())
        self._things[name] = thing, stack
        return thing, True

    async def drop(self, name: str) -> None:
        """Let one go, if it is there."""
        _, stack = self._things.pop(name, (None, None))
        if stack is not None:
            await stack.aclose()

    async def close(self) -> None:
        """Let all go, the newest first."""
        async with AsyncExitStack() as stack:
            for name in self._things:
                stack.push_async_callback(self.drop, name)
