"""What every built-in tool has in common: the answers that fit a tool with no effect outside."""

from collections.abc import Mapping
from typing import Any

from daemon.domain.call import Happened
from daemon.domain.effect import Effect
from daemon.domain.limits import Usage
from daemon.domain.ports import Circumstances


class Builtin:
    """A tool that costs nothing, reaches nothing outside, and cannot tell whether a cut-off call happened."""

    effect_class = Effect.COMPUTE
    aliases: tuple[str, ...] = ()
    content: tuple[str, ...] = ()

    def effect(self, arguments: Mapping[str, Any]) -> Effect:
        """Give the effect class, the same for every call."""
        del arguments
        return self.effect_class

    def price(self, arguments: Mapping[str, Any]) -> Usage:
        """Reserve nothing but the step."""
        del arguments
        return Usage()

    def targets(self, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """Reach nothing outside."""
        del arguments
        return ()

    async def check(self, arguments: Mapping[str, Any], at: Circumstances) -> Happened:
        """Leave it to the owner."""
        del arguments, at
        return Happened.CANNOT_TELL


def strings(**described: str) -> dict[str, Any]:
    """Give a schema of required strings, each with its description."""
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": text} for name, text in described.items()},
        "required": list(described),
        "additionalProperties": False,
    }
