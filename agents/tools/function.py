"""A tool from one function: its type hints give the schema, its docstring the words."""

import asyncio
import inspect
import re
import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from daemon.domain.call import Happened, Outcome
from daemon.domain.effect import Effect
from daemon.domain.limits import Usage
from daemon.domain.ports import Circumstances

EffectOf = Callable[[Mapping[str, Any]], Effect]
Check = Callable[[Mapping[str, Any], Circumstances], Happened]

_PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_ARGUMENT = re.compile(r"^\s{4,}(\w+): (.+)$")


class FunctionTool:
    """The port `Tool` over a function.

    Parameters are what the model gives; one annotated `Circumstances` is what the engine gives. The function returns a
    text or an Outcome; one that is not async runs in a thread of its own, so that it may read files. `module` is where
    the function stands; `varies` says whether the effect depends on the arguments.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        effect: Effect | EffectOf,
        *,
        aliases: tuple[str, ...],
        content: tuple[str, ...],
        check: Check | None,
    ) -> None:
        """Read the function's hints and docstring; raises TypeError where they say too little."""
        self.name = function.__name__
        self.aliases = aliases
        self.content = content
        self.description, described = _docstring(function)
        hints = get_type_hints(function)
        self._at = next((name for name, hint in hints.items() if hint is Circumstances), None)
        self._function = function
        self.module = function.__module__
        self.varies = not isinstance(effect, Effect)
        self._effect = effect
        self._check = check
        self.schema: Mapping[str, Any] = _schema(function, hints, described)

    def effect(self, arguments: Mapping[str, Any]) -> Effect:
        """Give the effect class of this call."""
        return self._effect if isinstance(self._effect, Effect) else self._effect(arguments)

    def price(self, arguments: Mapping[str, Any]) -> Usage:
        """Reserve nothing but the step."""
        del arguments
        return Usage()

    def targets(self, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """Reach nothing outside."""
        del arguments
        return ()

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        """Call the function with the arguments of the schema."""
        given = dict(arguments)
        if self._at is not None:
            given[self._at] = at
        if inspect.iscoroutinefunction(self._function):
            result = await self._function(**given)
        else:
            result = await asyncio.to_thread(self._function, **given)
        return result if isinstance(result, Outcome) else Outcome(str(result))

    async def check(self, arguments: Mapping[str, Any], at: Circumstances) -> Happened:
        """Look whether it happened, or leave it to the owner where nothing was said about how to look."""
        if self._check is None:
            return Happened.CANNOT_TELL
        return await asyncio.to_thread(self._check, arguments, at)


def tool(
    effect: Effect | EffectOf,
    *,
    aliases: tuple[str, ...] = (),
    content: tuple[str, ...] = (),
    check: Check | None = None,
) -> Callable[[Callable[..., Any]], FunctionTool]:
    """Make a tool of the function below.

    `effect` is its class, or a function that gives the class for the arguments of a call (any JSON object: it is
    asked before they are checked). `aliases`: names that other systems use for it. `content`: parameters that say what,
    and not where or to whom, which a rule of the owner's may leave open. `check` says whether a call that was cut off
    happened, where it leaves the house.
    """

    def make(function: Callable[..., Any]) -> FunctionTool:
        return FunctionTool(function, effect, aliases=aliases, content=content, check=check)

    return make


def _docstring(function: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """Split a docstring into what the tool does and the words for each parameter (the section "Args:")."""
    text = inspect.getdoc(function)
    if not text:
        raise TypeError(f"{function.__name__} has no docstring: it is what the model reads.")
    body, _, arguments = text.partition("\nArgs:\n")
    described = {}
    for line in arguments.splitlines():
        found = _ARGUMENT.match(line)
        if found:
            described[found[1]] = found[2]
    return " ".join(body.split()), described


def _schema(function: Callable[..., Any], hints: Mapping[str, Any], described: Mapping[str, str]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    for name, parameter in inspect.signature(function).parameters.items():
        if hints.get(name) is Circumstances:
            continue
        if name not in hints:
            raise TypeError(f"{function.__name__}: the parameter {name!r} has no type hint.")
        properties[name] = _schema_of(hints[name])
        if name in described:
            properties[name]["description"] = described[name]
        if parameter.default is inspect.Parameter.empty:
            required.append(name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _schema_of(hint: Any) -> dict[str, Any]:
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin in (Union, types.UnionType):
        (only,) = [each for each in inner if each is not type(None)]
        return _schema_of(only)
    if origin is list:
        return {"type": "array", "items": _schema_of(inner[0])}
    if hint is dict or origin is dict:
        return {"type": "object"}
    if hint is Any:
        return {}
    raise TypeError(f"a tool cannot take {hint!r}; it takes str, int, float, bool, list, dict and Literal")
