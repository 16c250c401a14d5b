"""The outbox: sent once, put off, looked up after a crash, repeated at most once and marked."""

from collections.abc import Callable

import pytest

from daemon.domain.errors import AgentError, NotNow, Undeliverable
from daemon.domain.message import Outgoing, OutgoingKind, OutgoingState, Part
from daemon.engine.deliver import Delivery
from daemon.engine.queue_message import queue
from daemon.store import database, outbox, rows
from daemon.store.rows import DATABASE
from tests.daemon.engine.workbench import Workbench

Make = Callable[..., Workbench]


class PushChannel:
    """The port Channel; notes what it sent."""

    name = "push"

    def __init__(self, problems: list[BaseException] | None = None, known: str | None = None) -> None:
        self.problems = problems or []
        self.known = known
        self.sent: list[tuple[str, bool]] = []

    async def send(self, message: Outgoing) -> str:
        if self.problems:
            raise self.problems.pop(0)
        self.sent.append((message.text, message.repeated))
        return f"id-{len(self.sent)}"

    async def sent_before(self, message: Outgoing) -> str | None:
        return self.known


def with_messages(bench: Make, count: int) -> Workbench:
    b = bench()
    task = b.submit(channel="push", external_thread="chat")
    with database.transaction():
        for number in range(count):
            queue(task, OutgoingKind.MESSAGE, f"m{number}", b.clock.now(), run_id=task.run_id)
    return b


def states(b: Workbench) -> list[tuple[str, str | None, int]]:
    found = rows.Outbox.select().order_by(rows.Outbox.id)
    return [(row.state, row.external_id, row.attempts) for row in found]


async def test_what_is_due_is_sent_once_in_order(bench: Make) -> None:
    b, channel = with_messages(bench, 3), PushChannel()
    for _ in range(2):
        await Delivery(b.parts, [channel]).send_due()
    assert channel.sent == [("m0", False), ("m1", False), ("m2", False)]
    assert states(b) == [("sent", f"id-{n}", 1) for n in (1, 2, 3)]


async def test_what_was_not_sent_is_put_off_longer_each_time_and_given_up_after_a_day(bench: Make) -> None:
    b = with_messages(bench, 1)
    channel = PushChannel([AgentError("no network")] * 999)
    pauses = []
    while states(b)[0][0] == "queued":
        before = b.clock.time
        b.clock.time = max(b.clock.time, rows.Outbox.get().next_at)
        pauses.append(b.clock.time - before)
        await Delivery(b.parts, [channel]).send_due()
    assert pauses[1:5] == [2.0, 4.0, 8.0, 16.0]
    assert max(pauses) == 600.0
    assert states(b)[0][0] == OutgoingState.FAILED
    assert b.clock.time - b.service.reads.task(1).created_at > 86_400


async def test_a_message_that_breaks_the_channel_holds_its_conversation_alone_and_is_repeated_marked_once(
    bench: Make,
) -> None:
    b = with_messages(bench, 2)
    other = b.submit(channel="push", external_thread="another chat")
    with database.transaction():
        queue(other, OutgoingKind.MESSAGE, "other", b.clock.now())
    channel = PushChannel([KeyError("broken")])
    await Delivery(b.parts, [channel]).send_due()
    assert channel.sent == [("other", False)]
    b.clock.time += 5
    await Delivery(b.parts, [channel]).send_due()
    assert channel.sent == [("other", False), ("m0", True), ("m1", False)]


async def test_who_wants_to_be_asked_later_is_asked_then_and_it_counts_as_no_failure(bench: Make) -> None:
    b = with_messages(bench, 1)
    channel = PushChannel([NotNow("too many", 33.0), NotNow("too many", 33.0)])
    for _ in range(2):
        await Delivery(b.parts, [channel]).send_due()
        assert (rows.Outbox.get().state, rows.Outbox.get().next_at) == ("queued", b.clock.time + 33)
        b.clock.time += 33
    await Delivery(b.parts, [channel]).send_due()
    assert channel.sent == [("m0", False)]


async def test_what_is_never_taken_is_given_up_at_once_and_the_next_is_sent(bench: Make) -> None:
    b = with_messages(bench, 2)
    channel = PushChannel([Undeliverable("no such chat")])
    await Delivery(b.parts, [channel]).send_due()
    assert channel.sent == [("m1", False)]
    assert [state for state, _, _ in states(b)] == ["failed", "sent"]


class InParts(PushChannel):
    """Sends a message as three."""

    async def send(self, message: Outgoing) -> Part:  # type: ignore[override]
        number = len(message.parts) + 1
        if self.problems and self.problems[0]:
            raise self.problems.pop(0)
        self.problems = self.problems[1:]
        self.sent.append((f"{message.text}/{number}", message.repeated))
        return Part(f"{message.id}.{number}", number == 3)


async def test_of_a_message_in_parts_only_the_part_that_is_unknown_is_repeated_and_marked(bench: Make) -> None:
    b = with_messages(bench, 1)
    channel = InParts([None, KeyError("cut off"), None, None])  # type: ignore[list-item]
    await Delivery(b.parts, [channel]).send_due()
    b.clock.time += 5
    await Delivery(b.parts, [channel]).send_due()
    assert channel.sent == [("m0/1", False), ("m0/2", True), ("m0/3", False)]
    (message,) = b.service.reads.messages(1)
    assert (message.state, message.parts, message.external_id) == ("sent", ("1.1", "1.2", "1.3"), "1.1")
    assert [outbox.called("push", part) for part in message.parts] == [message] * 3


@pytest.mark.parametrize(
    ("known", "repeated", "state"),
    [("their-id", False, "sent"), (None, False, "queued"), (None, True, "failed")],
)
async def test_a_message_left_in_sending_is_looked_up_else_sent_again_at_most_once(
    bench: Make, known: str | None, repeated: bool, state: str
) -> None:
    b = with_messages(bench, 1)
    rows.Outbox.update(state="sending", attempts=1, repeated=repeated).execute()
    (message,) = outbox.left_sending()
    await Delivery(b.parts, [PushChannel(known=known)])._after_a_crash(message)
    row = rows.Outbox.get()
    assert (row.state, row.external_id) == (state, known)
    assert row.repeated is (repeated or state == "queued")


async def test_to_anyone_but_the_owner_nothing_is_repeated(bench: Make) -> None:
    b = with_messages(bench, 1)
    rows.Outbox.update(state="sending", recipient="bob@example.com").execute()
    (message,) = outbox.left_sending()
    await Delivery(b.parts, [PushChannel()])._after_a_crash(message)
    assert rows.Outbox.get().state == "failed"


async def test_a_message_for_a_channel_that_is_not_there_stays_queued(bench: Make) -> None:
    b = with_messages(bench, 1)
    await Delivery(b.parts, []).send_due()
    assert states(b) == [("queued", None, 0)]


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_what_is_due_is_found_by_an_index(bench: Make, state: str) -> None:
    b = with_messages(bench, 1)
    query = {"queued": outbox.due_query(b.clock.now()), "sending": outbox.sending_query()}[state]
    plan = DATABASE.execute_sql("EXPLAIN QUERY PLAN " + query.sql()[0], query.sql()[1]).fetchall()
    assert any(f"outbox_{state}" in str(step) for step in plan), plan


async def test_a_channel_that_cannot_look_up_what_it_sent_stops_no_delivery(bench: Make) -> None:
    class Broken(PushChannel):
        async def sent_before(self, message: Outgoing) -> str | None:
            raise ConnectionResetError

    b = with_messages(bench, 1)
    rows.Outbox.update(state="sending").execute()
    (message,) = outbox.left_sending()
    await Delivery(b.parts, [Broken()])._after_a_crash(message)
    assert (rows.Outbox.get().state, rows.Outbox.get().repeated) == ("queued", True)
