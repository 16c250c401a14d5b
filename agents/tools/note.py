"""`note`: a line in the task's history, or one of its key-value notes."""

from collections.abc import Mapping
from typing import Any

from agents.tools.builtin import Builtin
from daemon.domain.call import Note, Outcome
from daemon.domain.effect import Effect
from daemon.domain.ports import Circumstances


class NoteTool(Builtin):
    """Writes down something worth keeping."""

    name = "note"
    description = "Keep a note for later."
    effect_class = Effect.WRITE
    schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "key": {"type": "string", "description": "Replaces the note of this name"},
        },
        "required": ["text"],
        "additionalProperties": False,
    }

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Emit the note."""
        del at
        return Outcome("Noted.", emits=(Note(arguments["text"], arguments.get("key")),))
