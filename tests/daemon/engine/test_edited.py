"""A call that the owner changed: shown again, done as changed after a yes to that, and never as it was."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from daemon.domain.approval import ApprovalState
from daemon.domain.call import ToolCall
from daemon.domain.effect import Effect
from daemon.domain.errors import BadInput, InvalidState, Refused
from daemon.domain.principal import Principal, Role
from daemon.domain.rules import Rule, Verdict
from daemon.domain.run import RunStatus
from daemon.engine.questions import call_digest
from tests.daemon.engine.workbench import OWNER, ProbeTool, Reply, Workbench, ending

Make = Callable[..., Workbench]


async def asking(bench: Make, tool: ProbeTool, *, rules: tuple[Rule, ...] = ()) -> Workbench:
    """Have a run ask for a call."""
    b = bench([Reply(("post", {"text": "wrong"})), ending()], [tool], rules=rules)
    assert (await b.done(b.submit())).status is RunStatus.WAITING
    return b


def post() -> ProbeTool:
    return ProbeTool("post", Effect.SEND)


async def end(b: Workbench) -> str:
    """Let the run end; gives what the model was told of its call."""
    task = b.service.reads.task(1)
    assert (await b.done(task)).status is RunStatus.DONE
    return str(next(step for step in b.steps(task) if step.name == "post").output["text"])


async def test_only_the_changed_call_is_done_and_only_after_a_yes_to_it(bench: Make) -> None:
    tool = post()
    b = await asking(bench, tool)
    first = b.open_one()
    changed = b.service.edit(first.id, {"text": "right"}, OWNER)
    assert b.service.reads.approval(first.id).state is ApprovalState.EDITED
    assert b.open_one() == changed
    assert "text: right" in changed.shown
    assert changed.digest != first.digest
    assert b.service.reads.task(1).status is RunStatus.WAITING
    b.answer()
    told = await end(b)
    assert tool.invoked == ["right"]
    assert told.startswith('The owner changed the arguments. What was done: {"text":"right"}')


async def test_a_no_to_the_changed_call_is_a_no(bench: Make) -> None:
    tool = post()
    b = await asking(bench, tool)
    b.service.edit(b.open_one().id, {"text": "right"}, OWNER)
    b.answer(yes=False, text="on second thought")
    assert "on second thought" in await end(b)
    assert tool.invoked == []


async def test_it_can_be_changed_again(bench: Make) -> None:
    tool = post()
    b = await asking(bench, tool)
    for text in ("better", "best"):
        b.service.edit(b.open_one().id, {"text": text}, OWNER)
    b.answer()
    await end(b)
    assert tool.invoked == ["best"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"text": 7}, "it is wrong"), ({"colour": "red"}, "it is wrong"), ({"text": "evil"}, "denied")],
)
async def test_what_is_wrong_or_denied_is_not_done_although_the_owner_wrote_it(
    bench: Make, changes: dict[str, Any], said: str
) -> None:
    tool = post()
    b = await asking(bench, tool, rules=(Rule(Verdict.DENY, "post", arguments={"text": "evil"}),))
    b.service.edit(b.open_one().id, changes, OWNER)
    b.answer()
    assert said in await end(b)
    assert tool.invoked == []


async def test_a_changed_call_that_was_cut_off_goes_on_as_it_was_changed(bench: Make) -> None:
    tool = post()
    b = await asking(bench, tool)
    b.service.edit(b.open_one().id, {"text": "right"}, OWNER)
    b.answer()
    left = [KeyError("cut off")]
    tool.fails = lambda: left.pop() if left else None
    assert (await b.done(b.service.reads.task(1))).status is RunStatus.WAITING
    assert "right" in b.open_one().shown  # whether it happened is unknown, and asked
    b.answer()
    await end(b)
    assert tool.invoked == ["right", "right"]


async def test_nobody_but_the_owner_changes_a_call_and_none_that_is_answered(bench: Make) -> None:
    b = await asking(bench, post())
    asked = b.open_one()
    with pytest.raises(Refused):
        b.service.edit(asked.id, {"text": "x"}, Principal(Role.CONTACT, "mail", "eve"))
    with pytest.raises(BadInput, match="changes nothing"):
        b.service.edit(asked.id, {"text": "wrong"}, OWNER)
    b.answer(yes=False)
    with pytest.raises(InvalidState, match="already"):
        b.service.edit(asked.id, {"text": "x"}, OWNER)


async def test_the_digest_covers_the_changed_call_in_the_same_workspace(bench: Make) -> None:
    b = await asking(bench, post())
    changed = b.service.edit(b.open_one().id, {"text": "right"}, OWNER)
    call = json.loads(changed.call)
    made = ToolCall(call["id"], call["tool"], {"text": "right"})
    assert changed.digest == call_digest(made, call["state"], b.service.reads.task(1))
