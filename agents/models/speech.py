"""The port `Speech`: which models may hear a recording is decided here, the rest in the model process."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.models.models import attempts_of
from agents.models.process import GoneError, ModelProcess
from daemon.domain.catalogue import Catalogue
from daemon.domain.errors import ModelRefused, ModelUnavailable
from daemon.domain.limits import Usage
from daemon.domain.model import Attempt
from daemon.domain.speech import Heard, Recording

_ENDED = "The process that speaks with the models ended."
_HOW = "Name one in models.yaml, with model_info: {mode: audio_transcription}, or write what you want."


class Speech:
    """The models of a catalogue that write down speech."""

    def __init__(self, catalogue: Catalogue, process: ModelProcess) -> None:
        """Ask them by `process`, which was given the same catalogue."""
        self._catalogue = catalogue
        self._process = process

    async def price(self, recording: Recording) -> Usage:
        """Give what the dearest of the models that may hear it takes at most, with its retries."""
        names = self._names(recording)
        told = await self._ask(
            {"do": "price speech", "names": names, "seconds": recording.seconds, "private": recording.private}
        )
        dearest = max(told["done"]["prices"], default=0)
        return Usage(model_calls=1, money=dearest * (self._catalogue.retries + 1))

    async def transcribe(self, recording: Recording, most: Usage) -> Heard:
        """Let the models in their order listen until one has written it down."""
        names = self._names(recording)
        what = {
            "do": "transcribe",
            "names": names,
            "path": str(recording.path),
            "name": recording.name,
            "seconds": recording.seconds,
            "private": recording.private,
            "most": most.money,
        }
        try:
            answer = await self._ask(what)
        except ModelUnavailable as problem:
            # What was under way may have been billed: nobody can say that it took less than all.
            lost = Attempt(names[0], Usage(money=most.money), 0.0, _ENDED)
            raise ModelUnavailable(_ENDED, attempts=(lost,)) from problem
        if "failed" in answer:
            failed = answer["failed"]
            raise ModelUnavailable(failed["text"], attempts=attempts_of(failed), wait=failed["wait"])
        attempts = attempts_of(answer["done"])
        usage = sum((attempt.usage for attempt in attempts), Usage(model_calls=1))
        return Heard(answer["done"]["text"], answer["done"]["model"], usage, attempts)

    async def close(self) -> None:
        """End the model process."""
        await self._process.close()

    def _names(self, recording: Recording) -> Sequence[str]:
        names = self._catalogue.transcribing(private=recording.private)
        if names:
            return names
        if self._catalogue.transcribing(private=False):
            raise ModelRefused("This is private, and no model of your own can write down speech.", _HOW)
        if any(one.transcribes for one in self._catalogue.deployments):
            raise ModelRefused("Only your own models may hear it (local_only), and none can.", _HOW)
        raise ModelRefused("No model that writes down speech is configured.", _HOW)

    async def _ask(self, what: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await self._process.ask(what)
        except GoneError as problem:
            raise ModelUnavailable(_ENDED) from problem
