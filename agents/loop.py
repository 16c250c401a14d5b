"""The loop: ask the model, make its calls, until one of them or its last words end the run."""

from agents.transcript import fold
from daemon.domain.ended import Ended, Finished
from daemon.domain.model import ModelRequest
from daemon.domain.ports import Work


class LoopAgent:
    """Does a task with a model."""

    async def run(self, work: Work) -> Ended:
        """Go on from the recorded steps to an end."""
        frozen = work.frozen
        while True:
            await work.steering()
            seen = fold(frozen["prompt"], work.task.goal, work.steps)
            if seen.open_calls:
                ended = await work.call(seen.open_calls)
            elif seen.last_words is not None:
                return Finished(seen.last_words)
            else:
                request = ModelRequest(frozen["tier"], seen.messages, tuple(frozen["tools"]))
                ended = await work.ask_model(request)
            if ended is not None:
                return ended
