"""Older steps become a few lines: what was noted, changed and said stays, and the newest steps stay whole."""

from agents.compaction import compacted, is_full
from agents.models.estimate import tokens_of_messages
from agents.transcript import fold
from tests.agents.steps import Recorded

ROOM = 3000


def long_run(rounds: int, text: str = "line of the log, " * 20) -> Recorded:
    run = Recorded()
    for number in range(rounds):
        run.said(f"Now part {number}.", ("shell", {"command": f"step {number}"}))
        run.did("shell", text, command=f"step {number}")
    return run


def size(run: Recorded) -> int:
    return tokens_of_messages(fold("p", "g", run.steps).messages)


def test_a_full_window_gets_room_again_and_the_newest_steps_stay() -> None:
    run = long_run(40)
    assert is_full(size(run), ROOM)
    compact = compacted(run.steps, ROOM)
    assert compact is not None
    run.compact(compact.text, compact.until)
    assert size(run) < ROOM * 0.7
    seen = fold("p", "g", run.steps).messages
    assert seen[-1]["role"] == "tool"
    assert "step 39" in str(seen[-2])
    assert seen[3]["role"] == "assistant", "a reply is never parted from the outcomes of its calls"


def test_notes_changes_and_the_owners_words_stay_through_every_compaction() -> None:
    run = (
        Recorded()
        .said("", ("note", {"text": "the key is in row 7", "key": "row"}))
        .did("note", "Noted.", text="the key is in row 7", key="row")
    )
    run.said("", ("write_file", {"path": "src/a.py"})).did("write_file", "Written.", path="src/a.py")
    run.steered("only the second sheet")
    for _ in range(4):
        for _ in range(30):
            run.said("more", ("shell", {"command": "x"})).did("shell", "y " * 200, command="x")
        compact = compacted(run.steps, ROOM)
        assert compact is not None
        run.compact(compact.text, compact.until)
        for kept in ("the key is in row 7", "src/a.py", "only the second sheet"):
            assert kept in compact.text
        assert size(run) < ROOM


def test_a_note_is_shown_as_it_was_written_last() -> None:
    run = Recorded()
    for text in ("first", "second"):
        run.said("", ("note", {})).did("note", "Noted.", text=text, key="plan")
    for _ in range(20):
        run.said("", ("shell", {})).did("shell", "y " * 400)
    compact = compacted(run.steps, ROOM)
    assert compact is not None
    assert "plan: second" in compact.text
    assert "first" not in compact.text


def test_where_nothing_is_left_to_shorten_it_says_so() -> None:
    assert compacted(Recorded().said("", ("shell", {})).did("shell", "x").steps, ROOM) is None
    assert compacted([], ROOM) is None


def huge(**more: str) -> Recorded:
    given = {"path": "src/long.md", "content": "much to write, " * 3000, **more}
    run = Recorded().said("First a look.", ("list_files", {})).did("list_files", "nothing yet")
    return run.said("I write it.", ("write_file", given)).did("write_file", "Written: 45,000 bytes.", 1, **given)


def shortened(run: Recorded) -> list[dict[str, object]]:
    """Shorten until it fits; gives the messages."""
    for _ in range(2):
        compact = compacted(run.steps, ROOM)
        assert compact is not None
        run.compact(compact.text, compact.until)
    return [dict(message) for message in fold("p", "g", run.steps).messages]


def test_the_newest_reply_is_shortened_too_where_it_alone_does_not_fit() -> None:
    run = huge()
    before = len(run.steps)
    run.steered("and in German " * 40)
    messages = shortened(run)
    assert size(run) < ROOM * 0.7
    assert [message["role"] for message in messages] == ["system", "user", "user", "user"]
    told = str(messages[2]["content"])
    assert "write_file" in told
    assert "Written: 45,000 bytes." in told
    assert "- src/long.md" in told
    assert "do not repeat a call" in told
    assert messages[3]["content"] == "and in German " * 40, "what the owner said and the model has not read stays"
    assert run.steps[-1].input["until"] == before
    assert compacted(run.steps, ROOM) is None, "there is nothing left"
    seen = fold("p", "g", run.said("Now the rest.", ("shell", {})).steps).messages
    assert [dict(message) for message in seen[:4]] == messages


def test_what_was_said_while_a_call_waited_is_whole_where_the_call_is_shortened() -> None:
    given = {"path": "src/long.md", "content": "much to write, " * 3000}
    run = Recorded().said("I write it.", ("write_file", given)).steered("only the second sheet " * 30)
    run.did("write_file", "Written.", 1, **given)
    compact = compacted(run.steps, ROOM)
    assert compact is not None
    assert "only the second sheet " * 30 in compact.text


def test_what_a_reply_that_was_too_long_was_told_stays() -> None:
    run = Recorded().said("word " * 9000, problems=["Your answer was cut off at its greatest length."])
    compact = compacted(run.steps, ROOM)
    assert compact is not None
    assert "cut off at its greatest length" in compact.text


def test_a_newest_reply_that_fits_stays_whole() -> None:
    run = Recorded().said("", ("shell", {})).did("shell", "y " * 2000)
    assert compacted(run.steps, ROOM) is None


def test_the_same_steps_give_the_same_lines() -> None:
    assert compacted(long_run(40).steps, ROOM) == compacted(long_run(40).steps, ROOM)
