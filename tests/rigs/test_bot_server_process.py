"""The server as a process of its own does what another process lets it do."""

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.bot_server import PlainClient, Remote
from tests.rigs.process import RigProcess
from tests.rigs.waiting import wait_until


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    log: Path = tmp_path_factory.mktemp("bot_server") / "log"
    with RigProcess("tests.rigs.bot_server", ["--port", "0", "--token", "42:AAToken"], {}, log) as process:
        assert process.ready()
        yield process.said[0]
    assert log.read_text() == ""


@pytest.fixture
def remote(said: dict[str, Any]) -> Iterator[Remote]:
    with Remote(said["url"]) as speaking:
        yield speaking


@pytest.fixture
def client(said: dict[str, Any]) -> Iterator[PlainClient]:
    with PlainClient(said["url"], said["token"]) as asking:
        yield asking


def test_it_says_where_it_is(said: dict[str, Any], client: PlainClient) -> None:
    assert said["url"] == f"http://127.0.0.1:{said['port']}"
    assert client.result("getMe")["id"] == 42


def test_a_user_talks_with_the_bot_from_another_process(remote: Remote, client: PlainClient) -> None:
    ann = remote.do("user", name="Ann", username="ann_w")["id"]
    remote.do("starts", user=ann)
    remote.do("sends_document", user=ann, content=b"\x00\xff", name="a.bin", caption="see")
    told = client.result("getUpdates")
    assert [one["message"].get("text", "see") for one in told] == ["/start", "see"]
    buttons = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    client.result("sendMessage", chat_id=ann, text="Send it?", reply_markup=buttons)
    tap = remote.do("taps", user=ann, button="Yes")
    client.result("answerCallbackQuery", callback_query_id=tap["id"], text="Sent.")
    assert (remote.do("callback", id=tap["id"])["answered"], remote.do("callback", id=tap["id"])["text"]) == (
        True,
        "Sent.",
    )
    client.result("sendMessageDraft", chat_id=ann, draft_id=1, text="It")
    client.result("sendChatAction", chat_id=ann, action="typing")
    assert [one["text"] for one in remote.do("drafts", chat=ann)] == ["It"]
    assert remote.do("actions", chat=ann) == ["typing"]
    assert [one.get("text") for one in remote.do("messages", chat=ann)] == ["/start", None, "Send it?"]
    group = remote.do("supergroup", title="House", members=[ann], forum=True)["id"]
    topic = remote.do("opens_topic", user=ann, name="Roof", chat=group)["id"]
    assert remote.do("says", user=ann, text="/x", chat=group, thread=topic)["message_thread_id"] == topic


def test_faults_and_time_are_set_from_another_process(remote: Remote, client: PlainClient) -> None:
    remote.do("fault", kind="failure", method="getMe", retry_after=3)
    assert client.ask("getMe").json["parameters"] == {"retry_after": 3}
    remote.do("fault", kind="reset", method="getMe", when="after", times=2)
    for _ in range(2):
        with pytest.raises((OSError, http.client.HTTPException)):
            client.ask("getMe")
    calls = remote.do("calls", methods=["getMe"])[-3:]
    assert [(call["fault"], call["taken"], call["delivered"]) for call in calls] == [
        ("Failure", False, True),
        ("Reset", True, False),
        ("Reset", True, False),
    ]
    remote.do("limits", on=True, overall=1)
    person = remote.do("user", name="Bob")["id"]
    remote.do("starts", user=person)
    told = [client.ask("sendMessage", chat_id=person, text="a").status for _ in range(2)]
    remote.do("advance", seconds=1)
    told.append(client.ask("sendMessage", chat_id=person, text="a").status)
    remote.do("limits", on=False)
    assert told == [200, 429, 200]


def test_what_a_chat_shows_and_what_was_asked_for_is_seen_from_another_process(
    remote: Remote, client: PlainClient
) -> None:
    ann = remote.do("user", name="Ann")["id"]
    assert remote.do("shown", chat=ann) == []
    said = remote.do("starts", user=ann)["message_id"]
    before = remote.do("counts").get("sendMessage", 0)
    buttons = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = client.result("sendMessage", chat_id=ann, text="one", reply_parameters={"message_id": said})["message_id"]
    client.result("editMessageText", chat_id=ann, message_id=sent, text="two", reply_markup=buttons)
    client.result("setMessageReaction", chat_id=ann, message_id=said, reaction=[{"type": "emoji", "emoji": "👀"}])
    start, edited = remote.do("shown", chat=ann)
    assert start["reactions"] == {"42": ["👀"]}
    assert (edited["text"], edited["earlier"], edited["reply_to"]) == ("two", [{"text": "one"}], said)
    assert edited["buttons"] == [{"text": "Yes", "data": "y"}]
    remote.do("deletes", user=ann, message=sent)
    assert [one["message_id"] for one in remote.do("deleted", chat=ann)] == [sent]
    left = ["sendMessage", "editMessageText", "setMessageReaction"]
    assert [call["method"] for call in remote.do("sent_to", chat=ann)] == left
    assert remote.do("counts")["sendMessage"] == before + 1


def test_bounds_are_set_and_breaches_are_counted_from_another_process(remote: Remote, client: PlainClient) -> None:
    person = remote.do("user", name="Dan")["id"]
    remote.do("starts", user=person)
    document = client.result("sendDocument", {"document": ("a", b"aaa")}, chat_id=person)["document"]
    remote.do("bounds", upload=2, download=2)
    assert client.ask("sendDocument", {"document": ("a", b"aaa")}, chat_id=person).status == 413
    assert "too big" in client.refusal("getFile", file_id=document["file_id"])
    remote.do("bounds", upload=50 << 20, download=20 << 20)
    remote.do("limits", on=True, overall=30, breaches=[])
    for _ in range(2):
        client.ask("sendMessage", chat_id=person, text="a")
    remote.do("limits", on=False)
    assert [(one["chat"], one["method"], one["retry_after"]) for one in remote.do("breaches")] == [
        (person, "sendMessage", 1)
    ]


def test_an_outage_is_made_from_another_process(said: dict[str, Any], remote: Remote, client: PlainClient) -> None:
    client.result("getMe")
    remote.do("close_port")
    with PlainClient(said["url"], said["token"]) as other:
        for asking in (client, other):
            with pytest.raises((OSError, http.client.HTTPException)):
                asking.ask("getMe")
        remote.do("open_port")
        assert other.result("getMe")["id"] == 42
    remote.do("close_port", seconds=0.01)
    assert wait_until(lambda: _is_up(client), 20)


def test_a_hanging_request_is_released_from_another_process(
    said: dict[str, Any], remote: Remote, client: PlainClient
) -> None:
    remote.do("fault", kind="hang", method="getMe")
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(client.ask, "getMe")
        assert wait_until(lambda: bool(remote.do("hanging")), 20)
        remote.do("release")
        assert told.result().status == 200


def _is_up(client: PlainClient) -> bool:
    try:
        return client.ask("getMe").status == 200
    except (OSError, http.client.HTTPException):
        return False


def test_what_cannot_be_done_is_said(remote: Remote) -> None:
    for wrong in ("no_such_thing", "__init__"):
        with pytest.raises(ValueError, match=wrong):
            remote.do(wrong)
    with pytest.raises(ValueError, match="KeyError"):
        remote.do("says", user=1, text="hello")
    person = remote.do("user", name="Cid")["id"]
    with pytest.raises(ValueError, match="does not telegram"):
        remote.do("telegram", user=person)


def test_a_new_token_is_told(remote: Remote, said: dict[str, Any], client: PlainClient) -> None:
    token = remote.do("revoke")
    assert client.ask("getMe").status == 401
    with PlainClient(said["url"], token) as renewed:
        assert renewed.result("getMe")["id"] == 42
    assert remote.do("troubles") == []
