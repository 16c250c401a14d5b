"""Every tool that there is: those of this folder, then those of packages; which are on; what was left out and why."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

import agents.tools
from agents.tools.builtin import Builtin
from agents.tools.function import FunctionTool
from agents.tools.shape import lacking
from daemon.domain.plugin import ListedTool, Plugged, PluginProblem
from daemon.domain.ports import Tool

OURS = "built in"
ALWAYS = ("finish", "run_skill")
"""What ends a task and what runs skills is never switched off."""

Switched = Callable[[str], tuple[bool, str]]
"""Says whether the tool of a name is on, and which place says so."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool, where it comes from, and whether it is on; `because` names the place that switched it."""

    tool: Tool
    source: str
    on: bool
    because: str


class Registry:
    """The tools by name, ours first, in an order that does not change between starts."""

    def __init__(self, plugged: Iterable[Plugged], problems: Iterable[PluginProblem], switched: Switched) -> None:
        """Take the built-in tools and what is sound of `plugged`; the first to have a name keeps it."""
        self.problems = list(problems)
        self.entries: list[Entry] = []
        self._switched = switched
        self._taken: dict[str, str] = {}
        for each in (*builtin(), *plugged):
            self._add(each)

    @property
    def tools(self) -> list[Tool]:
        """Give the tools that are on."""
        return [entry.tool for entry in self.entries if entry.on]

    @property
    def names(self) -> set[str]:
        """Give the name of every tool, on or off."""
        return {entry.tool.name for entry in self.entries}

    def listed(self) -> list[ListedTool]:
        """Give every tool as the owner sees it."""
        return [
            ListedTool(
                name=entry.tool.name,
                description=entry.tool.description,
                effect=_effect(entry.tool),
                source=entry.source,
                on=entry.on,
                because=entry.because,
                aliases=entry.tool.aliases,
            )
            for entry in self.entries
        ]

    def _add(self, plugged: Plugged) -> None:
        wrong = _lacking(plugged.value)
        if wrong is None:
            tool: Tool = plugged.value  # type: ignore[assignment]
            wrong = self._clash(tool)
        if wrong is not None:
            self.problems.append(PluginProblem(f"{plugged.source}, {plugged.name}", f"{wrong}."))
            return
        for name in (tool.name, *tool.aliases):
            self._taken[name] = plugged.source
        on, because = (True, "") if tool.name in ALWAYS else self._switched(tool.name)
        self.entries.append(Entry(tool, plugged.source, on, because))

    def _clash(self, tool: Tool) -> str | None:
        names = [name for name in (tool.name, *tool.aliases) if name in self._taken]
        return f"the name {names[0]} is taken ({self._taken[names[0]]})" if names else None


def builtin() -> Iterator[Plugged]:
    """Give the tools of this folder: each function made a tool, and each class on `Builtin` that has a name."""
    for module in sorted(pkgutil.iter_modules(agents.tools.__path__), key=lambda module: module.name):
        found = vars(importlib.import_module(f"agents.tools.{module.name}"))
        for value in found.values():
            if isinstance(value, FunctionTool) and value.module == found["__name__"]:
                yield Plugged(module.name, OURS, value)
            elif _is_tool(value) and value.__module__ == found["__name__"]:
                yield Plugged(module.name, OURS, value())


def _is_tool(value: object) -> TypeGuard[type[Builtin]]:
    return isinstance(value, type) and issubclass(value, Builtin) and hasattr(value, "name")


def _lacking(value: object) -> str | None:
    try:
        return lacking(value)
    except Exception as problem:  # noqa: BLE001 - the edge to objects that are not ours: a property may do anything
        return f"it cannot be looked at: {type(problem).__name__}: {problem}"


def _effect(tool: Tool) -> str:
    """Name the effect of a call without arguments, which a tool need not know."""
    try:
        effect = str(tool.effect({}))
    except Exception:  # noqa: BLE001 - not ours either
        return "depends on the call"
    return f"{effect} or more" if isinstance(tool, FunctionTool) and tool.varies else effect
