"""`finish`: the end of a run."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from agents.tools.builtin import Builtin, strings
from daemon.domain.beneath import open_file
from daemon.domain.call import Finish, Outcome
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances
from daemon.domain.visible import visible

_MOST_NAMES = 20
_LONGEST_NAME = 200


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
        """Emit the end; raises ToolError for a file that cannot be sent, so that the run goes on."""
        files = tuple(dict.fromkeys(_below_output(name, at) for name in arguments.get("files", ())))
        problems = [problem for name in files if (problem := _problem(name, at))]
        if problems:
            raise ToolError(f"The task goes on: {' '.join(_first(problems, ' files'))} {_held(at.outputs())}")
        return Outcome(arguments["result"], files=files, emits=(Finish(arguments["result"], files),))


def _below_output(name: str, at: Circumstances) -> str:
    """Give a name as it stands below output/: models write "output/a.pdf" for it too, and the whole path."""
    output, name = at.workspace / "output", name.removeprefix("./")
    if os.path.lexists(output / name) and not name.startswith("/"):
        return name
    for before in ("output/", f"{output}/"):
        if name.startswith(before):
            return name.removeprefix(before)
    return name


def _problem(name: str, at: Circumstances) -> str:
    """Say why a file cannot be sent; nothing where it can."""
    shown = f"output/{visible(name)[:_LONGEST_NAME]}"
    try:
        os.close(open_file(at.workspace / "output", name))
    except FileNotFoundError:
        return f"{shown} is not there."
    except (OSError, ValueError) as problem:
        return f"{shown} cannot be sent: {getattr(problem, 'strerror', None) or problem}."
    return ""


def _held(names: Sequence[str]) -> str:
    return f"output/ holds: {', '.join(_first(names, ' more'))}." if names else "output/ is empty."


def _first(words: Sequence[str], more: str) -> list[str]:
    rest = len(words) - _MOST_NAMES
    return [*words[:_MOST_NAMES], *([f"and {rest:,}{more}"] if rest > 0 else [])]
