"""`ask_owner`: a question with or without choices; the run waits for the answer."""

from collections.abc import Mapping
from typing import Any

from agents.tools.builtin import Builtin
from daemon.domain.call import Ask, Outcome
from daemon.domain.effect import Effect
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances

_MOST_CHOICES = 20


class AskOwnerTool(Builtin):
    """Asks the owner; the answer is the outcome of the call."""

    name = "ask_owner"
    description = "Ask the owner, where the task cannot be done without."
    # No reading: calls that only read are made at the same time, and while the owner is asked nothing else is.
    effect_class = Effect.COMPUTE
    schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "question": {"type": "string"},
            "choices": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["question"],
        "additionalProperties": False,
    }

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Emit the question; choices that are empty or there twice are none. Raises ToolError for too many."""
        del at
        given = [" ".join(choice.split()) for choice in arguments.get("choices", ())]
        choices = tuple(dict.fromkeys(choice for choice in given if choice))
        if len(choices) > _MOST_CHOICES:
            raise ToolError(
                f"{len(choices)} choices are too many to choose from; give at most {_MOST_CHOICES}, or none."
            )
        return Outcome("", emits=(Ask(arguments["question"], choices),))
