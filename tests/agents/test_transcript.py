"""The messages of a run are a fold over its steps: the same bytes each time, and only ever more at the end."""

import json

from agents.transcript import calls_of, fold
from tests.agents.steps import Recorded


def test_a_further_step_leaves_what_was_there_as_it_was() -> None:
    run = Recorded().said("I look.", ("read_file", {"path": "b", "lines": 1}), ("list_files", {}))
    run.did("read_file", "text", 1, path="b").did("list_files", "a", 2).steered("be quick").said("", ("note", {}))
    run.did("note", "Noted.").said("done")
    before: list[str] = []
    for end in range(len(run.steps) + 1):
        messages = [json.dumps(dict(one)) for one in fold("p", "g", run.steps[:end]).messages]
        assert messages[: len(before)] == before
        before = messages
    assert len(before) == 9


def test_calls_without_an_outcome_are_open_and_their_ids_are_ones_that_every_provider_takes() -> None:
    run = Recorded().said("", ("a", {"x": 1}), ("b", {}))
    run.did("a", "done")
    seen = fold("p", "g", run.steps)
    assert [call.tool for call in seen.open_calls] == ["b"]
    assert all(call.id.isalnum() and len(call.id) == 9 for call in calls_of(run.steps[0]))
    assert seen.last_words is None


def test_words_without_a_call_are_the_last_unless_the_owner_says_more() -> None:
    run = Recorded().said("That is it.")
    assert fold("p", "g", run.steps).last_words == "That is it."
    assert fold("p", "g", run.steered("no").steps).last_words is None


def test_an_empty_reply_is_answered_and_counted() -> None:
    run = Recorded().said(" ").said("").said("")
    seen = fold("p", "g", run.steps)
    assert seen.unusable == 3
    assert seen.last_words is None
    assert seen.messages[-1]["role"] == "user"
    assert "empty" in seen.messages[-1]["content"]
    assert fold("p", "g", run.said("", ("a", {})).steps).unusable == 0


def test_a_malformed_call_is_told_to_the_model_and_is_no_last_word() -> None:
    run = Recorded().said("I call it {", problems=["The call of note is not JSON."])
    seen = fold("p", "g", run.steps)
    assert seen.last_words is None
    assert "not JSON" in seen.messages[-1]["content"]
    assert seen.unusable == 1


def test_problems_beside_calls_come_after_the_outcomes() -> None:
    run = Recorded().said("", ("a", {}), problems=["The arguments of b are not JSON."]).did("a", "x")
    roles = [message["role"] for message in fold("p", "g", run.steps).messages]
    assert roles == ["system", "user", "assistant", "tool", "user"]


def test_after_a_compaction_it_stands_in_the_place_of_the_older_steps() -> None:
    run = Recorded().said("", ("a", {})).did("a", "old").said("", ("b", {})).did("b", "new").compact("so far: a", 2)
    seen = fold("p", "g", run.steps)
    assert [message["role"] for message in seen.messages] == ["system", "user", "user", "assistant", "tool"]
    assert "so far: a" in seen.messages[2]["content"]
    assert "old" not in json.dumps([dict(message) for message in seen.messages])


def test_a_request_that_was_too_long_shows_until_something_follows() -> None:
    run = Recorded().said("", ("a", {})).did("a", "x").too_long()
    assert fold("p", "g", run.steps).too_long
    assert not fold("p", "g", run.compact("short", 0).steps).too_long


def test_what_a_model_wants_to_see_again_stays_with_its_reply() -> None:
    run = Recorded().said("hm", kept={"model": "m", "message": {"thinking_blocks": [{"signature": "s"}]}})
    assert fold("p", "g", run.steps).messages[-1]["kept"]["model"] == "m"
