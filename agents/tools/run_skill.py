"""`run_skill`: a skill's entry script, in the sandbox, without a model."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import skills
from agents.tools.builtin import Builtin
from daemon.domain.call import Outcome
from daemon.domain.effect import NO_LABELS, Effect, Label, Labels
from daemon.domain.errors import ToolError
from daemon.domain.ports import Circumstances
from daemon.domain.sandbox import Box, Command, Completed, Ending
from daemon.domain.skill import SlotKind
from daemon.domain.task import Folder

_LIBRARY = "/opt/agent"
_REPORT = Path(skills.__file__).parent / "report"
"""What the bundled skills make their documents with; in a checkout it lies in no folder that the sandbox shows."""
_PROGRESS = "::progress "
_LONGEST_SUMMARY = 8000
_TRACES = ("Traceback (most recent call last)", "    at ")
_NOT_FOUND = 127
_NODE = "Node.js 18 or newer, and there is none in /usr: apt install nodejs"
_NEEDED = {".js": _NODE, ".mjs": _NODE}
_INTERPRETERS = {".py": "python3", ".sh": "bash", ".js": "node", ".mjs": "node"}


class RunSkillTool(Builtin):
    """Runs the frozen skill of the run; what it prints is the text, what it leaves in `output/` are the files."""

    name = "run_skill"
    description = "Run a skill's script with its arguments."
    effect_class = Effect.COMPUTE
    schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "skill": {"type": "string", "description": "Name of the skill"},
            "arguments": {"type": "object", "description": "A value for each slot"},
        },
        "required": ["skill", "arguments"],
        "additionalProperties": False,
    }

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Run it; ToolError carries the skill's own last words."""
        skill = at.frozen.get("skill")
        if not isinstance(skill, Mapping) or skill["name"] != arguments["skill"]:
            raise ToolError(f"The run was not started with a skill {arguments['skill']!r}.")
        given: Mapping[str, str] = arguments["arguments"]
        completed = await at.sandbox.run(_command(skill, given, at), self._box(skill, given, at), _reporter(at.report))
        if completed.ending is not Ending.EXITED or completed.status != 0:
            raise ToolError(_why(str(skill["name"]), str(skill["entry"]), completed, float(skill["seconds"])))
        text = completed.stdout.decode("utf-8", "replace").strip()[:_LONGEST_SUMMARY]
        return Outcome(text or "Done.", files=at.outputs(), labels=_labels(at, self._folders(skill, given)))

    def _box(self, skill: Mapping[str, Any], given: Mapping[str, str], at: Circumstances) -> Box:
        folders = {folder.path: folder for folder in (*self._folders(skill, given), *at.box.folders)}
        return replace(
            at.box,
            folders=tuple(folders.values()),
            mounts={"/skill": Path(skill["folder"]), f"{_LIBRARY}/skills/report": _REPORT},
            # A skill says itself how long it may take.
            limits=replace(at.box.limits, seconds=float(skill["seconds"])),
        )

    @staticmethod
    def _folders(skill: Mapping[str, Any], given: Mapping[str, str]) -> tuple[Folder, ...]:
        names = [slot["name"] for slot in skill["slots"] if slot["kind"] == SlotKind.FOLDER]
        return tuple(Folder(os.path.realpath(given[name])) for name in names if given.get(name))


def _command(skill: Mapping[str, Any], given: Mapping[str, str], at: Circumstances) -> Command:
    entry = str(skill["entry"])
    kinds = {slot["name"]: slot["kind"] for slot in skill["slots"]}
    argv = [_interpreter(entry), f"/skill/{entry}"]
    for name, value in given.items():
        if value == "":
            continue
        shown = f"input/{value}" if kinds.get(name) == SlotKind.FILE else value
        argv += [f"--{name}", os.path.realpath(value) if kinds.get(name) == SlotKind.FOLDER else shown]
    env = {"AGENT_NOW": repr(float(at.frozen["now"])), "AGENT_SEED": str(at.seed), "PYTHONHASHSEED": "0"}
    env["PYTHONPATH"] = _LIBRARY
    return Command(argv=tuple(argv), env=env | {"TZ": os.environ.get("TZ", "UTC")})


def _interpreter(entry: str) -> str:
    found = _INTERPRETERS.get(Path(entry).suffix)
    if found is None:
        raise ToolError(f"{entry} cannot be run: its ending must be one of {', '.join(_INTERPRETERS)}.")
    return found


def _reporter(report: Callable[[int, str], None]) -> Callable[[str, bytes], None]:
    """Give a reader of standard error that passes on the lines that report progress."""
    rest = ""

    def read(stream: str, piece: bytes) -> None:
        nonlocal rest
        if stream != "stderr":
            return
        *lines, rest = (rest + piece.decode("utf-8", "replace"))[-4096:].split("\n")
        for line in lines:
            percent, _, text = line.removeprefix(_PROGRESS).partition(" ")
            if line.startswith(_PROGRESS) and percent.isdigit():
                report(int(percent), text[:200])

    return read


def _labels(at: Circumstances, folders: tuple[Folder, ...]) -> Labels:
    """The owner's files are private, and untrusted until the owner says that they are their own work."""
    if at.task.files or at.task.folders or folders:
        return frozenset({Label.PRIVATE, Label.UNTRUSTED})
    return NO_LABELS


def _lines(output: bytes) -> list[str]:
    return output.decode("utf-8", "replace").strip().splitlines()


def _why(name: str, entry: str, completed: Completed, seconds: float) -> str:
    if completed.status == _NOT_FOUND and (needed := _NEEDED.get(Path(entry).suffix)):
        return f"The skill {name} needs {needed}. What lies in a home folder is not seen in the sandbox."
    if completed.ending is Ending.TIMEOUT:
        return f"The skill {name} took longer than its {seconds:g} seconds and was stopped."
    if completed.ending is Ending.STOPPED:
        return f"The skill {name} was stopped: {' '.join(_lines(completed.stderr)[-1:])}"
    if completed.ending is Ending.OUTPUT:
        return f"The skill {name} wrote more output than it may and was stopped."
    lines = [line for line in _lines(completed.stderr) if not line.startswith(_PROGRESS)]
    # Of a traceback (Python, Node) only the last line is for people.
    said = "\n".join(lines[-1:] if any(line.startswith(_TRACES) for line in lines) else lines[-5:])
    if completed.ending is Ending.SIGNALLED:
        return f"The skill {name} was killed (status {completed.status}), perhaps by its memory limit. {said}".strip()
    return said or f"The skill {name} ended with status {completed.status} and said nothing."
