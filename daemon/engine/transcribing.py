"""Speech that came in: heard by a model before anything is made of it, within the limits of the day and the month."""

from daemon.domain.errors import InvalidState, ModelUnavailable
from daemon.domain.limits import Usage
from daemon.domain.ports import Speech
from daemon.domain.speech import Recording
from daemon.engine import budget
from daemon.engine.parts import Parts
from daemon.store import daily, database, ledger

_AGENT = "speech"


class Transcribing:
    """The port `Transcriber`."""

    def __init__(self, parts: Parts, speech: Speech) -> None:
        """Let `speech` hear it."""
        self._parts = parts
        self._speech = speech

    async def transcribe(self, recording: Recording) -> str:
        """Give what was said, without secrets; what a kill leaves unsettled counts as spent."""
        reserved = await self._speech.price(recording)
        call = self._parts.thread.call
        await call(self._reserve, reserved)
        try:
            heard = await self._speech.transcribe(recording, reserved)
        except ModelUnavailable as problem:
            taken = sum((attempt.usage for attempt in problem.attempts), Usage(model_calls=1))
            await call(self._settle, reserved, taken, "")
            raise
        await call(self._settle, reserved, heard.usage, heard.model)
        return self._parts.redact.text(heard.text)

    def _reserve(self, amount: Usage) -> None:
        now = self._parts.clock.now()
        with database.transaction():
            shortage = budget.reserve_apart(amount, self._parts.limits, now)
        if shortage is not None:
            raise InvalidState(shortage.reached(), "Write it, or raise the limit in config.yaml.")

    def _settle(self, reserved: Usage, used: Usage, model: str) -> None:
        now = self._parts.clock.now()
        with database.transaction():
            ledger.charge_apart(used - reserved, now)
            daily.add_step(_AGENT, model, used, now)
