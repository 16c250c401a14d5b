"""The loop: ask the model, make its calls, until one of them or its last words end the run."""

from agents.compaction import compacted, is_full, room_for_steps
from agents.models.estimate import tokens_of_messages
from agents.transcript import Transcript, fold
from daemon.domain.ended import Ended, Failed, Finished
from daemon.domain.model import ModelRequest
from daemon.domain.ports import Work

_UNUSABLE = 3
"""Replies in a row that hold neither a call nor a word; then the model cannot do it."""
_CANNOT = "The model could not write a call or an answer that can be used, {count} times in a row."
_TOO_LONG = "The task is longer than the model can read, also when everything that was done is shortened."


class LoopAgent:
    """Does a task with a model."""

    async def run(self, work: Work) -> Ended:
        """Go on from the recorded steps to an end."""
        frozen = work.frozen
        while True:
            await work.steering()
            seen = fold(frozen["prompt"], frozen["goal"], work.steps)
            if seen.open_calls:
                ended = await work.call(seen.open_calls)
            elif seen.last_words is not None:
                return Finished(seen.last_words)
            elif seen.unusable >= _UNUSABLE:
                return Failed(_CANNOT.format(count=seen.unusable))
            else:
                ended = await self._ask(work, seen)
            if ended is not None:
                return ended

    async def _ask(self, work: Work, seen: Transcript) -> Ended | None:
        """Ask the model, in the room that its window has."""
        frozen = work.frozen
        tools, room = tuple(frozen["tools"]), int(frozen["room"])
        tokens = tokens_of_messages(seen.messages, tools)
        if seen.too_long or is_full(tokens, room):
            fixed = tokens_of_messages(seen.messages[:2], tools)
            # What did not fit although it was thought to: the estimate was wrong, so half of it must do.
            free = (tokens - fixed) // 2 if seen.too_long else room_for_steps(room, fixed)
            shorter = compacted(work.steps, free)
            if shorter is not None:
                await work.compact(shorter.text, shorter.until)
                return None
            if seen.too_long:
                return Failed(_TOO_LONG)
        return await work.ask_model(ModelRequest(frozen["tier"], seen.messages, tools, work.task.private))
