"""The one place that invokes tools."""

from collections.abc import Callable
from typing import Any

import pytest

from daemon.domain.approval import ApprovalState
from daemon.domain.call import Happened
from daemon.domain.effect import Effect
from daemon.domain.errors import ToolError
from daemon.domain.rules import Rule, Verdict
from daemon.domain.run import RunStatus, WaitingFor
from daemon.domain.step import StepStatus
from tests.daemon.engine.workbench import OWNER, ProbeTool, Reply, Workbench, allow, calling, ending

Make = Callable[..., Workbench]


async def test_a_run_makes_its_calls_in_order_and_ends(bench: Make) -> None:
    tool = ProbeTool("look", Effect.READ)
    b = bench([Reply(("look", {"text": "a"}), ("look", {"text": "b"})), ending("two looks")], [tool])
    task = b.submit()
    run = await b.done(task)
    assert (run.status, run.result) == (RunStatus.DONE, "two looks")
    assert tool.invoked == ["a", "b"]
    assert [(s.kind, s.name, s.status) for s in b.steps(task)] == [
        ("model", "fast", "done"),
        ("tool", "look", "done"),
        ("tool", "look", "done"),
        ("model", "fast", "done"),
        ("tool", "finish", "done"),
    ]
    assert b.messages(task) == ["result"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "lacks 'text'"),
        ({"text": 1}, "must be string, not integer"),
        ({"text": "x", "txt": "y"}, "has no 'txt'"),
        ({"text": None}, "must be string, not null"),
    ],
)
async def test_bad_arguments_never_run_and_are_answered_in_one_line(
    bench: Make, arguments: dict[str, Any], said: str
) -> None:
    tool = ProbeTool("look", Effect.READ)
    b = bench([Reply(("look", arguments)), ending()], [tool])
    task = b.submit()
    await b.done(task)
    step = b.steps(task)[1]
    assert tool.invoked == []
    assert step.status is StepStatus.FAILED
    assert said in step.output["text"]
    assert "\n" not in step.output["text"]


async def test_an_unknown_tool_is_answered_with_the_names_that_there_are(bench: Make) -> None:
    b = bench([calling("lok"), ending()], [ProbeTool("look", Effect.READ)])
    task = b.submit()
    await b.done(task)
    assert "no tool 'lok'" in b.steps(task)[1].output["text"]
    assert "look" in b.steps(task)[1].output["text"]


async def test_a_deny_rule_comes_before_an_allow_rule(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    rules = [allow("push"), Rule(verdict=Verdict.DENY, tool="p*", reason="no pushing", source="policy.yaml, line 9")]
    b = bench([calling("push"), ending()], [tool], rules=rules)
    task = b.submit()
    await b.done(task)
    assert tool.invoked == []
    assert b.steps(task)[1].output["text"] == "Refused: no pushing."


async def test_what_asks_waits_with_no_worker_and_runs_once_after_a_yes(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push", "v1"), ending()], [tool])
    task = b.submit()
    run = await b.done(task)
    assert (run.status, run.waiting_for, run.worker) == (RunStatus.WAITING, WaitingFor.OWNER, None)
    assert tool.invoked == []
    assert "text: v1" in b.open_one().shown
    assert b.messages(task) == ["approval"]
    b.answer(True)
    run = await b.done(task)
    assert run.status is RunStatus.DONE
    assert tool.invoked == ["v1"]
    assert b.service.reads.approvals_of(run.id)[0].used == 2


async def test_a_no_goes_to_the_model_with_its_reason_and_nothing_runs(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push"), ending()], [tool])
    task = b.submit()
    await b.done(task)
    b.answer(False, "not today")
    run = await b.done(task)
    assert run.status is RunStatus.DONE
    assert tool.invoked == []
    assert b.steps(task)[1].output["text"] == "Not done: the owner said no: not today"


async def test_a_question_that_nobody_answers_expires_with_a_notice(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push"), ending()], [tool])
    task = b.submit()
    await b.done(task)
    b.clock.time += 7 * 86_400 + 1
    run = await b.done(task)
    assert run.status is RunStatus.DONE
    assert tool.invoked == []
    assert "did not answer in time" in b.steps(task)[1].output["text"]
    assert b.messages(task) == ["approval", "notice", "result"]


async def test_several_calls_that_ask_are_asked_together_and_run_in_order(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([Reply(("push", {"text": "1"}), ("push", {"text": "2"})), ending()], [tool])
    task = b.submit()
    await b.done(task)
    first, second = b.service.reads.approvals()
    b.service.decide(second.id, True, "", OWNER)
    assert (await b.run(task.run_id)) is None, "it goes on only when everything is answered"
    b.service.decide(first.id, True, "", OWNER)
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == ["1", "2"]


async def test_a_yes_is_worth_nothing_once_the_workspace_has_changed(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push"), ending()], [tool])
    task = b.submit()
    await b.done(task)
    b.answer(True)
    (b.home.run_folder(task.id, 1) / "src" / "changed.py").write_text("evil")
    run = await b.done(task)
    assert run.status is RunStatus.WAITING
    assert tool.invoked == []
    assert [a.state for a in b.service.reads.approvals_of(run.id)] == [ApprovalState.APPROVED, ApprovalState.OPEN]


async def test_what_the_owner_spelled_out_is_not_asked(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push", to="release-2"), ending()], [tool])
    task = b.submit("push it to release-2, please")
    assert (await b.done(task)).status is RunStatus.DONE
    assert tool.invoked == ["x"]


async def test_what_a_model_heard_spells_nothing_out(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push", to="release-2"), ending()], [tool])
    run = await b.done(b.submit("push it to release-2, please", spoken=True))
    assert (run.status, tool.invoked) == (RunStatus.WAITING, [])


async def test_a_longer_word_than_the_owner_wrote_is_not_spelled_out(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE)
    b = bench([calling("push", to="release-2"), ending()], [tool])
    run = await b.done(b.submit("push it to release-25, please"))
    assert run.status is RunStatus.WAITING


async def test_the_same_call_is_stopped_at_the_third_time_and_the_run_ended_at_the_fourth(bench: Make) -> None:
    tool = ProbeTool("look", Effect.READ)
    b = bench([calling("look")] * 9, [tool])
    task = b.submit()
    run = await b.done(task)
    assert tool.invoked == ["x", "x"]
    assert run.status is RunStatus.ERROR
    assert run.error == "It kept making the same call: look."


async def test_another_call_between_makes_it_no_repetition(bench: Make) -> None:
    look, see = ProbeTool("look", Effect.READ), ProbeTool("see", Effect.READ)
    b = bench(
        [calling("look"), calling("see"), calling("look"), calling("see"), calling("look"), ending()], [look, see]
    )
    assert (await b.done(b.submit())).status is RunStatus.DONE
    assert len(look.invoked) == 3


async def test_at_most_three_calls_of_one_reply_are_made_unless_they_only_read(bench: Make) -> None:
    make, look = ProbeTool("make", Effect.WRITE), ProbeTool("look", Effect.READ)
    many = [("make", {"text": str(i)}) for i in range(5)] + [("look", {"text": str(i)}) for i in range(5)]
    b = bench([Reply(*many), ending()], [make, look])
    task = b.submit()
    await b.done(task)
    assert make.invoked == ["0", "1", "2"]
    assert look.invoked == ["0", "1", "2", "3", "4"]
    assert sum("at most 3 calls" in step.output["text"] for step in b.steps(task)) == 2


async def test_a_tools_own_error_goes_to_the_model_and_the_run_goes_on(bench: Make) -> None:
    tool = ProbeTool("push", Effect.CHANGE, fails=lambda: ToolError("the branch is protected"))
    b = bench([calling("push"), ending()], [tool], rules=[allow("push")])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.DONE
    assert b.steps(task)[1].output["text"] == "the branch is protected"
    assert tool.checked == 0


async def test_a_fault_inside_a_tool_is_no_traceback_for_the_model(bench: Make) -> None:
    tool = ProbeTool("look", Effect.READ, fails=lambda: KeyError("secret path"))
    b = bench([calling("look"), ending()], [tool])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.DONE
    assert b.steps(task)[1].output["text"] == "look failed inside: KeyError."


@pytest.mark.parametrize(
    ("happened", "invoked", "status"),
    [
        (Happened.DONE, 1, RunStatus.DONE),
        (Happened.NOT_DONE, 1, RunStatus.DONE),
        (Happened.CANNOT_TELL, 1, RunStatus.WAITING),
    ],
)
async def test_after_an_effect_outside_that_broke_off_the_tools_check_decides_or_the_owner(
    bench: Make, happened: Happened, invoked: int, status: RunStatus
) -> None:
    problems = [ConnectionResetError()]
    tool = ProbeTool("push", Effect.CHANGE, happened=happened, fails=lambda: problems.pop() if problems else None)
    b = bench([calling("push"), ending()], [tool], rules=[allow("push")])
    run = await b.done(b.submit())
    assert (len(tool.invoked), run.status) == (invoked, status)


async def test_a_question_of_the_agents_own_gets_its_answer_as_the_outcome(bench: Make) -> None:
    b = bench([Reply(("ask_owner", {"question": "Which?", "choices": ["red", "blue"]})), ending()], [])
    task = b.submit()
    assert (await b.done(task)).status is RunStatus.WAITING
    b.answer(True, "blue")
    assert (await b.done(task)).status is RunStatus.DONE
    assert b.steps(task)[1].output["text"] == "blue"


async def test_the_last_words_of_a_model_that_calls_nothing_are_the_result(bench: Make) -> None:
    b = bench([Reply(text="It is 42.")], [])
    run = await b.done(b.submit())
    assert (run.status, run.result) == (RunStatus.DONE, "It is 42.")


async def test_notes_and_progress_are_part_of_the_one_history(bench: Make) -> None:
    b = bench(
        [
            Reply(("note", {"text": "tried a", "key": "a"}), ("progress", {"percent": 40, "stage": "build"})),
            ending(),
        ],
        [],
    )
    task = b.submit()
    run = await b.done(task)
    assert b.service.reads.notes(task.id) == {"a": "tried a"}
    assert [(line.kind.value, line.text) for line in b.service.reads.history(task.id)] == [
        ("status", "pending"),
        ("status", "running"),
        ("note", "tried a"),
        ("progress", "40%"),
        ("status", "done"),
    ]
    assert run.stage == "build"


async def test_a_message_to_a_running_task_reaches_the_model_at_its_next_step(bench: Make) -> None:
    box: list[Workbench] = []

    async def say(at: Any) -> None:
        await box[0].parts.thread.call(box[0].service.steer, at.task.id, "in French, please", OWNER)

    b = bench([calling("look"), ending()], [ProbeTool("look", Effect.READ, during=say)])
    box.append(b)
    await b.done(b.submit())
    assert b.parts.model is not None
    last = b.parts.model.requests[-1].messages[-1]  # type: ignore[attr-defined]
    assert last == {"role": "user", "content": "in French, please"}


async def test_a_call_after_one_that_changes_the_workspace_is_asked_once(bench: Make) -> None:
    async def write(at: Any) -> None:
        (at.workspace / "output" / "a.txt").write_text("new")

    push = ProbeTool("push", Effect.CHANGE)
    make = ProbeTool("make", Effect.WRITE, during=write)
    b = bench([Reply(("make", {"text": "1"}), ("push", {"text": "2"})), ending()], [make, push])
    task = b.submit()
    await b.done(task)
    b.answer(True)
    assert (await b.done(task)).status is RunStatus.DONE
    assert push.invoked == ["2"]
    assert b.messages(task) == ["approval", "result"]


async def test_calls_on_both_sides_of_one_that_is_not_asked_are_not_asked_together(bench: Make) -> None:
    push, make = ProbeTool("push", Effect.CHANGE), ProbeTool("make", Effect.WRITE)
    b = bench(
        [Reply(("push", {"text": "1"}), ("make", {"text": "2"}), ("push", {"text": "3"})), ending()], [push, make]
    )
    task = b.submit()
    await b.done(task)
    assert "text: 1" in b.open_one().shown
    b.answer(True)
    await b.done(task)
    assert (push.invoked, make.invoked) == (["1"], ["2"])
    assert "text: 3" in b.open_one().shown


@pytest.mark.parametrize("final", ["cancelled", "error"])
async def test_a_run_that_has_ended_leaves_no_step_open(bench: Make, final: str) -> None:
    b = bench([Reply(("ask_owner", {"question": "Which?"})), ending()], [])
    task = b.submit()
    await b.done(task)
    assert b.steps(task)[1].ended_at is None
    if final == "cancelled":
        b.service.cancel(task.id, OWNER)
    else:
        b.use(tools={})
        b.answer(True, "blue")
        assert (await b.done(task)).status is RunStatus.ERROR
    assert b.steps(task)[1].status is StepStatus.UNKNOWN
    assert b.steps(task)[1].ended_at is not None
