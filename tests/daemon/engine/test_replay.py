"""A recorded run, done again with the recorded replies, gives the same or the first difference."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from agents.tools.builtin import Builtin
from daemon.domain.call import Outcome
from daemon.domain.effect import Effect
from daemon.domain.errors import InvalidState
from daemon.domain.ports import Circumstances
from daemon.engine.replay import replay
from tests.daemon.engine.workbench import OWNER, SCHEMA, ProbeTool, Reply, Workbench, allow, calling

Make = Callable[..., Workbench]


class WritingTool(Builtin):
    """Writes what it is given, with the moment and the seed that the run saw."""

    name = "make"
    description = "For tests."
    effect_class = Effect.WRITE
    schema: Mapping[str, Any] = SCHEMA
    change = ""

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        text = f"{arguments['text']} {at.now} {at.seed} {self.change}"
        (at.workspace / "output" / "made.txt").write_text(text)
        return Outcome("made")


class CountingTool(WritingTool):
    """Counts the files of output/."""

    name = "count"

    async def invoke(self, arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        return Outcome(str(len(at.outputs())))


async def recorded(bench: Make) -> tuple[Workbench, WritingTool, ProbeTool, int]:
    make, push = WritingTool(), ProbeTool("push", Effect.CHANGE)
    ending = Reply(("finish", {"result": "done", "files": ["made.txt"]}))
    b = bench([calling("make"), calling("push"), ending], [make, push], rules=[allow("push")])
    task = b.submit()
    run = await b.done(task)
    assert run.status == "done", run.error
    b.clock.time += 1000
    return b, make, push, task.id


async def test_what_was_undone_on_the_way_is_undone_again(bench: Make) -> None:
    make, count = WritingTool(), CountingTool()
    replies = [
        calling("make"),
        calling("count"),
        calling("ask"),
        calling("count"),
        Reply(("finish", {"result": "done"})),
    ]
    b = bench(replies, [make, count, ProbeTool("ask", Effect.CHANGE)])
    task = b.submit()
    assert (await b.done(task)).status == "waiting"
    assert b.service.undo(task.id, 2, OWNER).step.name == "make"
    b.answer()
    assert (await b.done(task)).status == "waiting", "the yes was to another workspace"
    b.answer()
    assert (await b.done(task)).status == "done"
    assert [step.output["text"] for step in b.steps(task) if step.name == "count"] == ["1", "0"]
    assert await replay(b.parts, task.id) is None


async def test_the_same_is_the_same_and_nothing_goes_out_again(bench: Make) -> None:
    b, _, push, task_id = await recorded(bench)
    assert await replay(b.parts, task_id) is None
    assert push.invoked == ["x"]


async def test_a_file_with_other_bytes_is_the_difference(bench: Make) -> None:
    b, make, _, task_id = await recorded(bench)
    make.change = "!"
    assert await replay(b.parts, task_id) == "The file made.txt has other bytes."


async def test_another_request_to_the_model_is_the_first_difference(bench: Make) -> None:
    b, make, _, task_id = await recorded(bench)

    async def otherwise(arguments: Mapping[str, Any], at: Circumstances) -> Outcome:
        return Outcome("made otherwise")

    make.invoke = otherwise  # type: ignore[method-assign]
    assert await replay(b.parts, task_id) == "Step 2: make gave another outcome: made otherwise"


async def test_what_has_not_ended_is_not_replayed(bench: Make) -> None:
    b = bench([])
    with pytest.raises(InvalidState, match="pending"):
        await replay(b.parts, b.submit().id)


async def test_a_replay_leaves_no_trace(bench: Make) -> None:
    b, _, _, task_id = await recorded(bench)
    before = (b.service.reads.history(task_id), b.service.reads.audit_head(), sorted(b.home.path.iterdir()))
    await replay(b.parts, task_id)
    after = (b.service.reads.history(task_id), b.service.reads.audit_head(), sorted(b.home.path.iterdir()))
    assert before == after
