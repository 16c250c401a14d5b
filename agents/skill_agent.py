"""Does a task by one skill that has a script; no model takes part."""

from daemon.domain.call import ToolCall
from daemon.domain.ended import Ended, Failed, Finished
from daemon.domain.ports import Work
from daemon.domain.step import Step

_CALL_ID = "skill"


class SkillAgent:
    """Calls `run_skill` once and ends with what it gave."""

    async def run(self, work: Work) -> Ended:
        """Go on from the recorded steps to an end."""
        skill = work.frozen["skill"]
        call = ToolCall(_CALL_ID, "run_skill", {"skill": skill["name"], "arguments": skill["arguments"]})
        ended = await work.call([call])
        if ended is not None:
            return ended
        step = next(step for step in work.steps if step.call_id == _CALL_ID)
        return _end_of(step)


def _end_of(step: Step) -> Ended:
    if step.output["failed"]:
        return Failed(step.output["text"])
    return Finished(step.output["text"], tuple(step.output["files"]))
