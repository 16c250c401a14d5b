"""Loading what packages of others add by entry points; what fails is reported and left out, never fatal."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from daemon.domain.plugin import AGENTS, CHANNELS, Plugged, PluginProblem


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a group's entry points gave, in the order of their names."""

    values: tuple[Plugged, ...]
    problems: tuple[PluginProblem, ...]


def load_group(group: str) -> Loaded:
    """Load every entry point of a group; a list or tuple counts as its members."""
    values: list[Plugged] = []
    problems: list[PluginProblem] = []
    for point in sorted(entry_points(group=group), key=lambda point: (_source(point), point.name)):
        try:
            value = point.load()
        # The edge to code that is not ours, of which even an import may do anything.
        except (Exception, SystemExit) as problem:  # noqa: BLE001
            why = f"it cannot be loaded: {type(problem).__name__}: {problem}."
            problems.append(PluginProblem(f"{_source(point)}, {point.name}", why))
            continue
        members: Sequence[object] = value if isinstance(value, (list, tuple)) else [value]
        values += [Plugged(point.name, _source(point), member) for member in members]
    return Loaded(tuple(values), tuple(problems))


def load_agents() -> Loaded:
    """Load the agents that packages add."""
    return _sound(load_group(AGENTS), ("fits", "build", "lacking"))


def load_channels() -> Loaded:
    """Load the ways out that packages add."""
    return _sound(load_group(CHANNELS), (), ("send", "sent_before"))


def _sound(loaded: Loaded, methods: Sequence[str], coroutines: Sequence[str] = ()) -> Loaded:
    """Leave out what has no name of its own or lacks a method."""
    values: dict[str, Plugged] = {}
    problems = list(loaded.problems)
    for each in loaded.values:
        value: Any = each.value
        lacking = [name for name in (*methods, *coroutines) if not callable(getattr(value, name, None))]
        lacking += [name for name in coroutines if not inspect.iscoroutinefunction(getattr(value, name, None))]
        name = getattr(value, "name", None)
        if isinstance(value, type) or not isinstance(name, str) or not name:
            problems.append(PluginProblem(f"{each.source}, {each.name}", "it is no object with a `name`."))
        elif lacking:
            problems.append(PluginProblem(f"{each.source}, {each.name}", f"{name} has no method `{lacking[0]}`."))
        elif name in values:
            why = f"the name {name} is taken ({values[name].source})."
            problems.append(PluginProblem(f"{each.source}, {each.name}", why))
        else:
            values[name] = each
    return Loaded(tuple(values.values()), tuple(problems))


def _source(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.module
