"""Speech from its first attempt to what was said in it: which model hears it, how often, and what it may cost."""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litellm import exceptions

from agents.models.child.again import is_asked_again
from agents.models.child.answering import unanswered
from agents.models.child.door import Pass, admitted
from agents.models.child.fleet import Fleet
from agents.models.child.prices import second_price_of
from agents.models.child.problems import BrokenOffError, Next, Problem, SilentError, problem_of
from agents.models.child.purse import Purse
from agents.models.child.witness import Witness
from daemon.domain.catalogue import Deployment
from daemon.domain.limits import Usage

_SHORTEST = 10.0
"""Seconds that providers bill at least (Groq, "Speech to text")."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as the agent sent it, and the micro-dollars that all attempts together may take."""

    path: str
    name: str
    seconds: float
    private: bool
    most: int


class Transcribing:
    """Lets the models in their order listen until one has written down what it heard."""

    def __init__(self, fleet: Fleet, names: Sequence[str], sound: Sound) -> None:
        """Ask nobody yet."""
        self._fleet = fleet
        self._names = names
        self._sound = sound
        self._purse = Purse(Usage(money=sound.most))
        self._problems: list[Problem] = []
        self.attempts: list[dict[str, Any]] = []

    async def transcribe(self) -> dict[str, Any]:
        """Give what was said; raises UnansweredError."""
        sound = await asyncio.to_thread(Path(self._sound.path).read_bytes)
        for name in self._names:
            able = self._fleet.able(name, private=self._sound.private)
            if not able:
                self._note(name, self._fleet.missing.get(name, f"{name} is not configured."))
                continue
            price = price_of(able[0], self._sound.seconds)
            if price is None:
                self._note(name, f"{name} has no known price: write input_cost_per_second for it in models.yaml.")
                continue
            text = await self._ask(name, able, sound, price)
            if text is not None:
                return {"text": text, "model": name}
        raise unanswered(self._problems, self._fleet.keys)

    async def _ask(self, name: str, able: Sequence[Deployment], sound: bytes, price: int) -> str | None:
        """Let one model listen, again where that can help."""
        for tried in range(self._fleet.catalogue.retries + 1):
            if not self._purse.holds(Usage(money=price)):
                self._problems.append(Problem(f"No more was reserved for {name}.", Next.OTHER))
                return None
            witness, began = Witness(), time.monotonic()
            try:
                text = await self._attempt(name, able, sound, witness)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong with a provider, the next is tried
                problem = problem_of(error, able[0], witness, begun=False)
                self._problems.append(problem)
                self._record(name, price if problem.billed else 0, began, problem.text)
                if not await is_asked_again(problem, tried, self._fleet.catalogue.retries):
                    return None
                continue
            self._record(name, price, began, "")
            return text
        return None

    async def _attempt(self, name: str, able: Sequence[Deployment], sound: bytes, witness: Witness) -> str:
        router = self._fleet.router(private=self._sound.private)
        if router is None:
            raise exceptions.NotFoundError("no such model", name, "")
        patience = self._fleet.catalogue.patience
        with admitted(Pass(self._fleet.origins(able), patience.connect, witness)):
            try:
                async with asyncio.timeout(patience.first):
                    told = await router.atranscription(
                        file=(self._sound.name, sound),
                        model=name,
                        num_retries=0,
                        max_retries=0,
                        disable_fallbacks=True,
                        timeout=patience.first,
                    )
            except TimeoutError as problem:
                raise SilentError(f"said nothing for {patience.first:g} s") from problem
        text = getattr(told, "text", None)
        if witness.is_page or not isinstance(text, str):
            raise BrokenOffError("answered with a web page: is that the right address")
        return text.strip()

    def _note(self, name: str, text: str) -> None:
        self._problems.append(Problem(text, Next.OTHER))
        self._record(name, 0, time.monotonic(), text)

    def _record(self, name: str, money: int, began: float, problem: str) -> None:
        self._purse.take(Usage(money=money))
        made: Mapping[str, Any] = {"model": name, "tokens": 0, "money": money}
        told = self._fleet.keys.without(problem)
        self.attempts.append({**made, "seconds": round(time.monotonic() - began, 4), "problem": told})


def price_of(deployment: Deployment, seconds: float) -> int | None:
    """Give the micro-dollars that so many seconds of speech cost; None where nobody knows."""
    price = second_price_of(deployment)
    return None if price is None else math.ceil(price * max(seconds, _SHORTEST) / 1_000_000)
