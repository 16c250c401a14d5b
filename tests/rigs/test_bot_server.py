"""Updates are held, confirmed and told again as the documentation of getUpdates has it."""

import http.client
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.rigs.bot_server import BotServer, PlainClient, Reset, User, backwards, twice
from tests.rigs.waiting import wait_until

DAY, WEEK = 24 * 3600, 7 * 24 * 3600


@pytest.fixture
def server() -> Iterator[BotServer]:
    with BotServer() as running:
        yield running


@pytest.fixture
def client(server: BotServer) -> Iterator[PlainClient]:
    with PlainClient(server.url, server.token) as asking:
        yield asking


@pytest.fixture
def ann(server: BotServer) -> User:
    return server.user("Ann", username="ann_w")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def _texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def _held(server: BotServer, pool: ThreadPoolExecutor, **fields: Any) -> Future[Any]:
    """Ask for updates in another thread and wait until that is held."""

    def ask() -> Any:
        with PlainClient(server.url, server.token) as other:
            return other.ask("getUpdates", **{"timeout": 50} | fields)

    polls = len(server.calls("getUpdates"))
    told = pool.submit(ask)
    assert wait_until(lambda: server.polled and len(server.calls("getUpdates")) > polls, 20)
    return told


def test_a_hold_ends_with_the_first_update(server: BotServer, ann: User, pool: ThreadPoolExecutor) -> None:
    told = _held(server, pool)
    ann.says("hello")
    assert _texts(told.result().json["result"]) == ["hello"]
    assert not server.polled


def test_a_hold_without_an_update_ends_when_its_time_is_over(server: BotServer, pool: ThreadPoolExecutor) -> None:
    told = _held(server, pool, timeout=30)
    server.clock.advance(29)
    assert not told.done()
    server.clock.advance(1)
    assert told.result().json == {"ok": True, "result": []}


def test_nobody_is_held_longer_than_fifty_seconds(server: BotServer, pool: ThreadPoolExecutor) -> None:
    told = _held(server, pool, timeout=3600)
    server.clock.advance(50)
    assert told.result().json["result"] == []


def test_without_a_timeout_nothing_is_held(client: PlainClient) -> None:
    assert client.result("getUpdates") == []


def test_updates_are_told_until_an_offset_confirms_them(client: PlainClient, ann: User) -> None:
    for word in ("one", "two", "three"):
        ann.says(word)
    first = client.result("getUpdates")[0]["update_id"]
    assert _texts(client.result("getUpdates")) == ["one", "two", "three"]
    assert _texts(client.result("getUpdates", offset=first + 1)) == ["two", "three"]
    assert _texts(client.result("getUpdates", offset=first)) == ["two", "three"]
    assert client.result("getUpdates", offset=first + 3) == []
    assert client.result("getUpdates") == []


def test_a_limit_tells_the_oldest(client: PlainClient, ann: User) -> None:
    for number in range(120):
        ann.says(str(number))
    assert _texts(client.result("getUpdates", limit=2)) == ["0", "1"]
    assert len(client.result("getUpdates")) == len(client.result("getUpdates", limit=500)) == 100
    assert len(client.result("getUpdates", limit=0)) == 1


def test_a_negative_offset_keeps_the_newest_only(client: PlainClient, ann: User) -> None:
    for word in ("one", "two", "three"):
        ann.says(word)
    assert _texts(client.result("getUpdates", offset=-1)) == ["three"]
    assert _texts(client.result("getUpdates")) == ["three"]


def test_an_offset_far_ahead_confirms_nothing(client: PlainClient, ann: User) -> None:
    ann.says("one")
    assert _texts(client.result("getUpdates", offset=2_000_000_000)) == ["one"]
    assert _texts(client.result("getUpdates")) == ["one"]


def test_only_allowed_kinds_are_made_and_the_choice_stays(client: PlainClient, ann: User) -> None:
    message = ann.says("one")
    ann.reacts(message, "👍")
    assert [set(one) - {"update_id"} for one in client.result("getUpdates")] == [{"message"}]
    # It holds for what comes later, not for what is there.
    assert len(client.result("getUpdates", allowed_updates=["message_reaction"])) == 1
    ann.says("two")
    ann.reacts(message, "🔥")
    later = client.result("getUpdates", offset=700_000_002)
    assert [one["message_reaction"]["new_reaction"] for one in later] == [[{"type": "emoji", "emoji": "🔥"}]]
    assert later[0]["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    client.result("getUpdates", allowed_updates=[])
    ann.reacts(message)
    ann.says("three")
    assert _texts(client.result("getUpdates", offset=700_000_003)) == ["three"]


def test_kinds_that_nobody_causes_can_be_allowed_alone(client: PlainClient, ann: User) -> None:
    client.result("getUpdates", allowed_updates=["inline_query"])
    ann.says("one")
    assert client.result("getUpdates") == []
    client.result("getUpdates", allowed_updates=["no_such_kind"])
    ann.says("two")
    assert _texts(client.result("getUpdates")) == ["two"]


def test_of_two_who_are_held_the_first_is_ended(server: BotServer, ann: User, pool: ThreadPoolExecutor) -> None:
    first = _held(server, pool)
    second = _held(server, pool)
    assert first.result().status == 409
    assert first.result().words == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    ann.says("hello")
    assert _texts(second.result().json["result"]) == ["hello"]


def test_who_is_not_held_ends_nobody(
    server: BotServer, client: PlainClient, ann: User, pool: ThreadPoolExecutor
) -> None:
    told = _held(server, pool)
    assert client.result("getUpdates") == []
    ann.says("hello")
    assert _texts(told.result().json["result"]) == ["hello"]


def test_a_webhook_and_polling_exclude_each_other(
    server: BotServer, client: PlainClient, ann: User, pool: ThreadPoolExecutor
) -> None:
    told = _held(server, pool)
    assert client.ask("setWebhook", url="https://example.com/hook").words == "Webhook was set"
    assert told.result().words == "Conflict: terminated by setWebhook request"
    active = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    assert client.refusal("getUpdates") == f"Conflict: {active}"
    ann.says("hello")
    assert client.result("getWebhookInfo")["pending_update_count"] == 1
    assert client.ask("deleteWebhook").words == "Webhook was deleted"
    assert client.ask("deleteWebhook").words == "Webhook is already deleted"
    assert _texts(client.result("getUpdates")) == ["hello"]
    client.result("deleteWebhook", drop_pending_updates=True)
    assert client.result("getUpdates") == []


def test_an_answer_that_gets_lost_loses_no_update(server: BotServer, client: PlainClient, ann: User) -> None:
    ann.says("hello")
    server.fault(Reset("after"), "getUpdates")
    with pytest.raises(OSError, match="reset"):
        client.ask("getUpdates")
    assert _texts(client.result("getUpdates")) == ["hello"]
    assert [(call.taken, call.delivered) for call in server.calls()] == [(True, False), (True, True)]


def test_a_confirmation_counts_though_its_answer_gets_lost(server: BotServer, client: PlainClient, ann: User) -> None:
    for word in ("one", "two"):
        ann.says(word)
    server.fault(Reset("after"), "getUpdates")
    with pytest.raises(OSError, match="reset"):
        client.ask("getUpdates", offset=700_000_002)
    assert _texts(client.result("getUpdates")) == ["two"]


def test_a_client_that_leaves_its_hold_frees_it(server: BotServer, ann: User, pool: ThreadPoolExecutor) -> None:
    told = _held(server, pool)
    server.drop_connections()
    with pytest.raises((OSError, http.client.HTTPException)):
        told.result()
    assert not server.polled
    ann.says("hello")
    assert server.calls("getUpdates")[0].delivered is False
    with PlainClient(server.url, server.token) as other:
        assert _texts(other.result("getUpdates", timeout=50)) == ["hello"]


def test_updates_are_kept_for_a_day(server: BotServer, client: PlainClient, ann: User) -> None:
    ann.says("old")
    server.clock.advance(DAY - 60)
    ann.says("new")
    assert _texts(client.result("getUpdates")) == ["old", "new"]
    server.clock.advance(120)
    assert _texts(client.result("getUpdates")) == ["new"]


def test_after_a_week_of_silence_ids_begin_anywhere(server: BotServer, client: PlainClient, ann: User) -> None:
    ann.says("one")
    first = client.result("getUpdates")[0]["update_id"]
    server.clock.advance(WEEK + 1)
    ann.says("two")
    second = client.result("getUpdates", offset=first + 1)[0]["update_id"]
    assert second < first


def test_updates_can_come_twice_and_backwards(server: BotServer, client: PlainClient, ann: User) -> None:
    for word in ("one", "two"):
        ann.says(word)
    server.updates.tamper = backwards
    assert _texts(client.result("getUpdates")) == ["two", "one"]
    server.updates.tamper = twice
    assert _texts(client.result("getUpdates")) == ["one", "one", "two", "two"]
    assert _texts(client.result("getUpdates")) == ["one", "two"]


def test_updates_can_come_again_after_they_were_confirmed(server: BotServer, client: PlainClient, ann: User) -> None:
    ann.says("one")
    server.updates.repeat()
    ann.says("two")
    told = client.result("getUpdates")
    after = told[-1]["update_id"] + 1
    assert client.result("getUpdates", offset=after) == told[:1]
    assert client.result("getUpdates", offset=after) == []


def test_nothing_is_lost_or_told_twice_while_many_talk_at_once(server: BotServer, pool: ThreadPoolExecutor) -> None:
    people = [server.user(f"User {number}") for number in range(3)]
    wanted = {f"{person.id} {number}" for person in people for number in range(40)}

    def talk(person: User) -> None:
        for number in range(40):
            person.says(f"{person.id} {number}")

    talking = [pool.submit(talk, person) for person in people]
    heard: list[str] = []
    offset = 0
    with PlainClient(server.url, server.token) as client:
        while len(heard) < len(wanted):
            updates = client.result("getUpdates", offset=offset, timeout=20, limit=7)
            assert updates
            heard += _texts(updates)
            offset = updates[-1]["update_id"] + 1
            client.result("sendMessage", chat_id=updates[0]["message"]["chat"]["id"], text="heard")
    for one in talking:
        one.result()
    assert sorted(heard) == sorted(wanted)
    ids = [message.id for person in people for message in person.chat.history]
    assert len(ids) == len(set(ids))
