"""What the model process does for the agent: describe, ask, and transcribe speech."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from agents.models.child.answering import Answering, UnansweredError
from agents.models.child.attempt import Asked
from agents.models.child.fleet import Fleet
from agents.models.child.transcribing import Sound, Transcribing, price_of
from daemon.domain.catalogue import Catalogue
from daemon.domain.limits import Usage


class Service:
    """Answers operations; whatever goes wrong is an answer too."""

    def __init__(self, catalogue: Mapping[str, Any], secret: Callable[[str], str | None]) -> None:
        """Build the models of a catalogue."""
        self._fleet = Fleet(msgspec.convert(catalogue, Catalogue), secret)

    async def do(self, what: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
        """Do one operation; gives `done` or `failed`."""
        if what["do"] == "ask":
            return await self._ask(what, say)
        if what["do"] == "transcribe":
            return await self._transcribe(what)
        if what["do"] == "price speech":
            return {"done": {"prices": self._speech_prices(what)}}
        return {"done": {"models": self._described(what["names"], private=what["private"])}}

    def _described(self, names: Sequence[str], *, private: bool) -> list[dict[str, Any]]:
        found = []
        for name in names:
            able = self._fleet.able(name, private=private)
            measures = [asdict(self._fleet.measures(one)) for one in able]
            found.append({"name": name, "measures": measures, "problem": self._fleet.missing.get(name, "")})
        return found

    def _speech_prices(self, what: Mapping[str, Any]) -> list[int]:
        able = [self._fleet.able(name, private=what["private"]) for name in what["names"]]
        prices = [price_of(some[0], what["seconds"]) for some in able if some]
        return [price for price in prices if price is not None]

    async def _transcribe(self, what: Mapping[str, Any]) -> dict[str, Any]:
        sound = Sound(what["path"], what["name"], what["seconds"], what["private"], what["most"])
        transcribing = Transcribing(self._fleet, what["names"], sound)
        try:
            heard = await transcribing.transcribe()
        except UnansweredError as problem:
            return {"failed": _told(problem) | {"attempts": transcribing.attempts}}
        return {"done": heard | {"attempts": transcribing.attempts}}

    async def _ask(self, what: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
        asked = Asked(what["names"], what["messages"], what["tools"], what["private"], what["prompt"])
        most = Usage(tokens=what["most"]["tokens"], money=what["most"]["money"])
        answering = Answering(self._fleet, asked, most, say)
        try:
            answer = await answering.answer()
        except UnansweredError as problem:
            return {"failed": _told(problem) | {"attempts": answering.attempts}}
        return {"done": answer | {"attempts": answering.attempts}}


def _told(problem: UnansweredError) -> dict[str, Any]:
    return {"kind": problem.kind, "text": str(problem), "wait": problem.wait}
