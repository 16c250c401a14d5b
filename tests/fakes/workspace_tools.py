"""Tools that stay in the workspace: one that computes a file, one that reads it, one that does nothing."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents.tools.builtin import Builtin, strings
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances
from daemon.domain.sandbox import Command

_LINE = "0123456789abcdef" * 4 + "\n"


class ComputeTool(Builtin):
    """Writes `lines` lines to a file below output/ and gives them back as text, so that large ones become files."""

    name = "compute"
    description = "Compute a file."
    schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "lines": {"type": "integer", "minimum": 1}},
        "required": ["name", "lines"],
        "additionalProperties": False,
    }

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Write the file in two halves, as something that takes its time does."""
        path = at.workspace / "output" / Path(arguments["name"]).name
        lines = [f"{arguments['name']} {number} {_LINE}" for number in range(arguments["lines"])]
        half = len(lines) // 2
        await asyncio.to_thread(path.write_text, "".join(lines[:half]))
        at.report(50, "half of it")
        await asyncio.to_thread(path.write_text, "".join(lines))
        return Outcome("".join(lines), files=(path.name,))


class ReadTool(Builtin):
    """Reads a file of output/."""

    name = "read"
    description = "Read a file."
    effect_class = Effect.READ
    schema: Mapping[str, Any] = strings(name="The file")

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Give the size of the file; a missing one is the caller's mistake."""
        path = at.workspace / "output" / Path(arguments["name"]).name
        try:
            text = await asyncio.to_thread(path.read_text)
        except FileNotFoundError as missing:
            raise ToolError(f"There is no {path.name}.") from missing
        return Outcome(f"{len(text)} characters")


class NoOpTool(Builtin):
    """Does nothing; what it costs is the engine's."""

    name = "nothing"
    description = "Do nothing."
    effect_class = Effect.READ
    schema: Mapping[str, Any] = {"type": "object", "properties": {"again": {"type": "integer"}}}

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Do nothing."""
        del arguments, at
        return Outcome("")


class BoxTool(Builtin):
    """Runs a shell line in the real sandbox."""

    name = "box"
    description = "Run a command in the sandbox."
    schema: Mapping[str, Any] = strings(line="A line for sh")

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Run it and give its output."""
        completed = await at.sandbox.run(Command(("/bin/sh", "-c", arguments["line"])), at.box)
        said = (completed.stdout + completed.stderr).decode("utf-8", "replace")
        return Outcome(f"{completed.status}: {said}", failed=completed.status != 0)
