"""Which tools are on: `tools.yaml`, then AGENT_ENABLE_<TOOL> in `.env`, then in the environment, each over the last."""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from daemon.settings import dotenv
from daemon.settings.environment import SWITCHES
from daemon.settings.mistakes import Mistakes, suggestion
from daemon.settings.places import config_folder
from daemon.settings.textfile import read_text
from daemon.settings.toolsfile import Named, ToolsFile

NAME = "tools.yaml"

_ON = ("1", "true", "yes", "on")
_OFF = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether a tool is on, and the place that says so; empty where nothing does."""

    on: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Switches:
    """What the owner said about tools; `variables` by the last part of AGENT_ENABLE_<TOOL>."""

    enabled: tuple[Named, ...] | None
    disabled: tuple[Named, ...]
    variables: Mapping[str, Switch]

    def of(self, tool: str) -> Switch:
        """Give the switch of a tool: a variable decides, else `disabled`, else `enabled`."""
        variable = self.variables.get(_in_a_variable(tool))
        if variable is not None:
            return variable
        for named in self.disabled:
            if fnmatchcase(tool, named.pattern):
                return Switch(False, named.source)
        if self.enabled is None:
            return Switch(True)
        for named in self.enabled:
            if fnmatchcase(tool, named.pattern):
                return Switch(True, named.source)
        return Switch(False, f"not among 'enabled' in {NAME}")

    def unknown(self, tools: Collection[str]) -> list[tuple[str, str]]:
        """Give the places that name a tool which is not there, each with what is wrong."""
        wrong = [
            (named.source, f"there is no tool {named.pattern!r}. {suggestion(named.pattern, tools)}")
            for named in (*(self.enabled or ()), *self.disabled)
            if not named.is_pattern and named.pattern not in tools
        ]
        names = {_in_a_variable(tool): tool for tool in tools}
        for name, switch in self.variables.items():
            if name not in names:
                known = [SWITCHES + known for known in names]
                wrong.append((switch.source, f"there is no such tool. {suggestion(SWITCHES + name, known)}"))
        return wrong


def load_switches() -> Switches:
    """Give the owner's switches. Raises one ConfigError for all mistakes, with file and line or variable."""
    mistakes = Mistakes()
    folder = config_folder()
    file = ToolsFile(NAME, mistakes)
    text = read_text(folder / NAME)
    if text:
        # Loaded here, so that a house without the file pays nothing for the YAML library.
        from daemon.settings.document import parse

        file.read(parse(text, NAME, mistakes))
    assigned = dotenv.read_dotenv(folder, mistakes)
    variables: dict[str, Switch] = {}
    for name, it in assigned.items():
        _take(name, it.value, f"{dotenv.NAME}, line {it.line}", variables, mistakes)
    for name, value in os.environ.items():
        _take(name, value, name, variables, mistakes)
    mistakes.raise_any(f"Correct this in {folder} or in the environment.")
    return Switches(file.enabled, file.disabled, variables)


def _take(name: str, value: str, source: str, variables: dict[str, Switch], mistakes: Mistakes) -> None:
    if not name.startswith(SWITCHES) or not value:
        return
    if value.lower() in (*_ON, *_OFF):
        variables[name.removeprefix(SWITCHES)] = Switch(value.lower() in _ON, source)
    else:
        mistakes.add(source, f"{name} must be 1 or 0.")


def _in_a_variable(tool: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", tool).upper()
