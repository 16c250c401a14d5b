"""`progress`: the stage and the per cent within it."""

from collections.abc import Mapping
from typing import Any

from agents.tools.builtin import Builtin
from daemon.domain.call import Outcome, Progress
from daemon.domain.effect import Effect
from daemon.domain.ports import Circumstances
from daemon.domain.run import Stage


class ProgressTool(Builtin):
    """Says how far the run is."""

    name = "progress"
    description = "Say how far the work is."
    effect_class = Effect.WRITE
    schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "percent": {"type": "integer", "minimum": 0, "maximum": 100},
            "stage": {"type": "string", "enum": [stage.value for stage in Stage]},
            "text": {"type": "string"},
        },
        "required": ["percent"],
        "additionalProperties": False,
    }

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Emit the progress."""
        del at
        stage = Stage(arguments["stage"]) if "stage" in arguments else None
        return Outcome("Noted.", emits=(Progress(arguments["percent"], stage, arguments.get("text", "")),))
