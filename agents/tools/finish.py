"""`finish`: the end of a run."""

from collections.abc import Mapping
from typing import Any

from agents.tools.builtin import Builtin, strings
from daemon.domain.call import Finish, Outcome
from daemon.domain.ports import Circumstances


class FinishTool(Builtin):
    """Ends the run with a text for the owner and the files to send."""

    name = "finish"
    description = "End the task."
    schema: Mapping[str, Any] = {
        **strings(result="What to tell the owner"),
        "properties": {
            "result": {"type": "string", "description": "What the owner reads"},
            "files": {"type": "array", "items": {"type": "string"}, "description": "Below output/"},
        },
    }

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Emit the end."""
        del at
        files = tuple(arguments.get("files", ()))
        return Outcome(arguments["result"], files=files, emits=(Finish(arguments["result"], files),))
