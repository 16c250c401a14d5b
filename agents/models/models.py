"""The port `Model`: tiers and privacy are decided here, the rest in the model process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from agents.models.estimate import tokens_of_messages
from agents.models.process import GoneError, ModelProcess
from daemon.domain.call import ToolCall
from daemon.domain.catalogue import Catalogue
from daemon.domain.errors import ContextFull, ModelRefused, ModelUnavailable
from daemon.domain.limits import Usage
from daemon.domain.model import Attempt, ModelReply, ModelRequest

_ENDED = "The process that speaks with the models ended."


class Models:
    """The models of a catalogue."""

    def __init__(self, catalogue: Catalogue, process: ModelProcess) -> None:
        """Ask them by `process`, which was given the same catalogue."""
        self._catalogue = catalogue
        self._process = process
        self._told: dict[tuple[str, bool], Mapping[str, Any]] = {}

    @property
    def pid(self) -> int | None:
        """Give the number of the model process while there is one."""
        return self._process.pid

    async def price(self, request: ModelRequest) -> Usage:
        """Give what the dearest of the models that may be asked takes at most, with its retries."""
        prompt = tokens_of_messages(request.messages, request.tools)
        told = await self._describe(self._names(request), private=request.private)
        usages = [_most(measures, prompt) for one in told for measures in one["measures"]]
        if not usages:
            raise ModelUnavailable(" ".join(one["problem"] for one in told if one["problem"]))
        tries = self._catalogue.retries + 1
        return Usage(tokens=max(one.tokens for one in usages) * tries, money=max(one.money for one in usages) * tries)

    async def room(self, tier: str, *, private: bool) -> int:
        """Give how many tokens of a request the smallest of the models can read, beside its answer."""
        told = await self._describe(self._names(ModelRequest(tier, (), private=private)), private=private)
        rooms = [measures["window"] - measures["output"] for one in told for measures in one["measures"]]
        if not rooms:
            raise ModelUnavailable(" ".join(one["problem"] for one in told if one["problem"]))
        return int(min(rooms))

    async def complete(
        self, request: ModelRequest, most: Usage, on_text: Callable[[str], None] | None = None
    ) -> ModelReply:
        """Ask the models in their order until one answers."""
        what: dict[str, Any] = {
            "do": "ask",
            "names": self._names(request),
            "messages": [dict(message) for message in request.messages],
            "tools": [dict(tool) for tool in request.tools],
            "private": request.private,
            "prompt": tokens_of_messages(request.messages, request.tools),
            "most": asdict(most),
        }
        try:
            answer = await self._process.ask(what, on_text)
        except GoneError as problem:
            # What was under way may have been billed: nobody can say that it took less than all.
            lost = Attempt(what["names"][0], Usage(tokens=most.tokens, money=most.money), 0.0, _ENDED)
            raise ModelUnavailable(_ENDED, attempts=(lost,)) from problem
        if "failed" in answer:
            raise _problem(answer["failed"])
        return _reply(answer["done"])

    async def close(self) -> None:
        """End the model process."""
        await self._process.close()

    def _names(self, request: ModelRequest) -> list[str]:
        """Give the models to try; raises ModelRefused where there is none that may be asked."""
        names = self._catalogue.names(request.tier, private=request.private)
        if names:
            return list(names)
        if self._catalogue.names(request.tier, private=False):
            raise ModelRefused(
                f"This task is private, and none of the models for {request.tier!r} is one of your own.",
                "Name a local model for it in models.yaml, or give the task without --private.",
            )
        if self._catalogue.local_only and request.tier in {*self._catalogue.tiers, *self._all_names()}:
            raise ModelRefused(
                f"Only your own models may be asked (local_only), and none of those for {request.tier!r} is.",
                "Name a local model for it in models.yaml.",
            )
        known = ", ".join(dict.fromkeys([*self._catalogue.tiers, *self._all_names()])) or "none"
        raise ModelRefused(f"No model or tier is called {request.tier!r}.", f"There are: {known}.")

    def _all_names(self) -> list[str]:
        return [one.name for one in self._catalogue.talking]

    async def _describe(self, names: Sequence[str], *, private: bool) -> list[Mapping[str, Any]]:
        """Ask for prices and windows once; a model that lacks its key is asked for again."""
        unknown = [name for name in names if (name, private) not in self._told]
        found: dict[str, Mapping[str, Any]] = {}
        if unknown:
            answer = await self._ask({"do": "describe", "names": unknown, "private": private})
            found = {one["name"]: one for one in answer["done"]["models"]}
            self._told |= {(name, private): one for name, one in found.items() if one["measures"]}
        return [self._told.get((name, private)) or found[name] for name in names]

    async def _ask(self, what: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await self._process.ask(what)
        except GoneError as problem:
            raise ModelUnavailable(_ENDED) from problem


def _most(measures: Mapping[str, Any], prompt: int) -> Usage:
    inside, outside = max(measures["input_price"] or 0, measures["kept_price"] or 0), measures["output_price"] or 0
    money = -(-(prompt * inside + measures["output"] * outside) // 1_000_000)
    return Usage(tokens=prompt + measures["output"], money=money)


def _problem(failed: Mapping[str, Any]) -> ModelUnavailable:
    attempts = attempts_of(failed)
    if failed["kind"] == "long":
        return ContextFull(failed["text"], attempts=attempts)
    if failed["kind"] == "refused":
        return ModelRefused(failed["text"], attempts=attempts)
    return ModelUnavailable(f"No model answers now: {failed['text']}", attempts=attempts, wait=failed["wait"])


def _reply(done: Mapping[str, Any]) -> ModelReply:
    attempts = attempts_of(done)
    calls = [(ToolCall(one["id"], one["name"], one["arguments"]), one.get("elsewhere", False)) for one in done["calls"]]
    return ModelReply(
        text=done["text"],
        calls=tuple(call for call, elsewhere in calls if not elsewhere),
        elsewhere=tuple(call for call, elsewhere in calls if elsewhere),
        problems=tuple(done["problems"]),
        kept=done["kept"],
        model=done["model"],
        usage=sum((attempt.usage for attempt in attempts), Usage()),
        attempts=attempts,
    )


def attempts_of(told: Mapping[str, Any]) -> tuple[Attempt, ...]:
    """Give the attempts that the model process tells of."""
    return tuple(map(_attempt, told["attempts"]))


def _attempt(one: Mapping[str, Any]) -> Attempt:
    return Attempt(
        one["model"],
        Usage(tokens=one["tokens"], money=one["money"]),
        one["seconds"],
        one["problem"],
        one.get("estimated", False),
    )
