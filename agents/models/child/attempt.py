"""One attempt: a request to one model, its stream, and what is made of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from litellm import exceptions

from agents.models.child.door import Pass, admitted
from agents.models.child.fleet import Fleet
from agents.models.child.gathering import Gathering
from agents.models.child.problems import BrokenOffError, RefusedError, SilentError
from agents.models.child.telling import in_words
from agents.models.child.witness import Witness
from daemon.domain.catalogue import Deployment, Patience, Speaks


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the agent sent it; `prompt` estimates its tokens."""

    names: Sequence[str]
    messages: Sequence[Mapping[str, Any]]
    tools: Sequence[Mapping[str, Any]]
    private: bool
    prompt: int


class Attempt:
    """An attempt with the model `name`; what came of it so far stays here when it fails."""

    def __init__(self, fleet: Fleet, asked: Asked, name: str) -> None:
        """Make no request yet."""
        self.name = name
        self.deployments = fleet.able(name, private=asked.private)
        self.deployment: Deployment = self.deployments[0]
        self.got = Gathering()
        self.witness = Witness()
        self.began = time.monotonic()
        self._fleet = fleet
        self._asked = asked
        self._patience: Patience = fleet.catalogue.patience

    @property
    def seconds(self) -> float:
        """Give how long it has taken."""
        return time.monotonic() - self.began

    @property
    def is_native(self) -> bool:
        """Say whether calls are the provider's own alone, so that no text is one."""
        return self.deployment.speaks is Speaks.NATIVE

    async def make(self, say: Callable[[str], None]) -> Gathering:
        """Ask and gather; `say` gets each piece of text. Raises what LiteLLM raises, SilentError, BrokenOffError."""
        ticket = Pass(self._fleet.origins(self.deployments), self._patience.connect, self.witness)
        with admitted(ticket):
            try:
                async with asyncio.timeout(self._patience.whole):
                    await self._gather(say)
            except TimeoutError as problem:
                raise SilentError(f"was not done after {self._patience.whole:g} s") from problem
        return self.got

    async def _gather(self, say: Callable[[str], None]) -> None:
        stream = await self._within(self._patience.first, self._asking())
        chosen = (getattr(stream, "_hidden_params", None) or {}).get("model_id")
        if chosen:
            self.deployment = self._fleet.deployment(chosen)
        pieces = aiter(stream)
        wait = self._patience.first
        while (piece := await self._within(wait, _next(pieces))) is not None:
            wait = self._patience.between
            text = self.got.add(piece)
            if text:
                say(text)
        if self.witness.is_page:
            raise BrokenOffError("answered with a web page: is that the right address")
        if self.witness.status and not self.witness.ended:
            raise BrokenOffError("broke off in the middle of its answer")
        if self.got.is_refused and not self.witness.refusal:
            raise RefusedError("".join(self.got.text).strip())
        if self.witness.is_cut_off:
            self.got.finish = "length"

    async def _asking(self) -> Any:
        router = self._fleet.router(private=self._asked.private)
        if router is None:
            raise exceptions.NotFoundError("no such model", self.name, "")
        asked, tools = self._asked, dict[str, Any]()
        if self._fleet.speaks_in_words(self.name, self.deployments):
            messages = in_words(asked.messages, asked.tools)
        else:
            messages = [_own(message, self.name) for message in asked.messages]
            tools = {"tools": list(asked.tools)} if asked.tools else {}
        return await router.acompletion(
            model=self.name,
            messages=cast(Any, messages),
            stream=True,
            stream_options={"include_usage": True},
            max_tokens=self._fleet.measures(self.deployment).output,
            timeout=self._patience.whole,
            num_retries=0,
            max_retries=0,
            disable_fallbacks=True,
            # Else LiteLLM looks among the tools for MCP servers to call by itself, and loads a web server for it.
            _skip_mcp_handler=True,
            **tools,
        )

    async def _within(self, seconds: float, doing: Any) -> Any:
        try:
            async with asyncio.timeout(seconds):
                return await doing
        except TimeoutError as problem:
            raise SilentError(f"said nothing for {seconds:g} s") from problem


async def _next(pieces: AsyncIterator[Any]) -> Any:
    return await anext(pieces, None)


def _own(message: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Give a message with what was kept of an answer only where the same model gave it."""
    plain = {key: value for key, value in message.items() if key != "kept"}
    kept = message.get("kept")
    if not kept or kept.get("model") != name:
        return plain
    if kept.get("message"):
        plain |= kept["message"]
    for call, fields in zip(plain.get("tool_calls") or (), kept.get("calls") or (), strict=False):
        if fields:
            call["provider_specific_fields"] = fields
    return plain
