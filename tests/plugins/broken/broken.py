"""What is wrong in as many ways, and one tool that is right."""

from collections.abc import Mapping
from typing import Any

from agents.tools.builtin import Builtin
from agents.tools.function import tool
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.ports import Circumstances


class Nothing(Builtin):
    """Does nothing, with a sound schema."""

    name = "nothing_much"
    description = "Do nothing."
    schema: Mapping[str, Any] = {"type": "object", "properties": {}}

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Do nothing."""
        del arguments, at
        return Outcome("nothing")


def plain(path: str) -> str:
    """Be no tool, for want of the decorator."""
    return path


@tool(Effect.READ)
def good(word: str) -> str:
    """Give a word back."""
    return word


class ReadFile(Nothing):
    """Has the name of one of ours."""

    name = "read_file"


class Alias(Nothing):
    """Has a name that is another's alias."""

    name = "alias"
    aliases = ("file_write",)


class SaysTooLittle(Nothing):
    """Does not say of what type its argument is."""

    name = "says_too_little"
    schema: Mapping[str, Any] = {"type": "object", "properties": {"what": {"description": "Anything"}}}


class NotAsync:
    """Looks like a tool, but would hold up everything."""

    name = "not_async"
    description = "Do nothing."
    schema: Mapping[str, Any] = {"type": "object", "properties": {}}
    aliases: tuple[str, ...] = ()
    content: tuple[str, ...] = ()

    def effect(self, arguments: Mapping[str, Any]) -> Effect:
        """Read."""
        del arguments
        return Effect.READ

    price = targets = invoke = check = effect


class Explodes:
    """Cannot even be asked for its name."""

    @property
    def name(self) -> str:
        """Fail."""
        raise RuntimeError("no name for you")


class HalfAnAgent:
    """Cannot say when a result is complete."""

    name = "half"

    def fits(self, task: object) -> None:
        """Fit nothing."""
        del task

    build = fits


class HalfAChannel:
    """Sends, but would hold up everything."""

    name = "half"

    def send(self, message: object) -> str:
        """Send nothing."""
        del message
        return ""

    sent_before = send


READ_FILE, ALIAS, SAYS_TOO_LITTLE = ReadFile(), Alias(), SaysTooLittle()
NOT_ASYNC, EXPLODES = NotAsync(), Explodes()
HALF_AN_AGENT, HALF_A_CHANNEL = HalfAnAgent(), HalfAChannel()
