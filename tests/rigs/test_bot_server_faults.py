"""What goes wrong on purpose goes wrong as it does with the real one, and the record says what became of it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.rigs.bot_server import DOWNLOAD, BotServer, Call, Failure, Hang, Page, PlainClient, Reset, User
from tests.rigs.waiting import wait_until

BROKEN = (OSError, http.client.HTTPException)


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
    user = server.user("Ann")
    user.starts()
    return user


def test_one_method_is_told_to_wait(server: BotServer, client: PlainClient, ann: User) -> None:
    server.fault(Failure(retry_after=7), "sendMessage", times=2)
    for _ in range(2):
        told = client.ask("sendMessage", chat_id=ann.id, text="a")
        assert told.json == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
        assert (told.status, told.headers["retry-after"]) == (429, "7")
    assert client.result("getMe")["is_bot"]
    client.result("sendMessage", chat_id=ann.id, text="a")
    assert ann.chat.texts == ["/start", "a"]
    assert [call.fault for call in server.calls()] == ["Failure", "Failure", "", ""]


def test_all_methods_or_one_chat_are_told_to_wait(server: BotServer, client: PlainClient, ann: User) -> None:
    server.fault(Failure(retry_after=1), times=2)
    assert client.ask("getMe").status == client.ask("getUpdates").status == 429
    bob = server.user("Bob")
    bob.starts()
    server.fault(Failure(retry_after=1), chat=ann.id)
    assert client.ask("sendMessage", chat_id=bob.id, text="a").status == 200
    assert client.ask("sendMessage", chat_id=ann.id, text="a").status == 429
    server.fault(Failure(retry_after=1))
    server.no_faults()
    assert client.ask("getMe").status == 200


def test_a_second_message_within_a_second_is_refused(server: BotServer, client: PlainClient, ann: User) -> None:
    server.telegram.limits.on = True
    sent = client.result("sendMessage", chat_id=ann.id, text="a")
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    assert client.ask("editMessageText", **where, text="b").json["parameters"] == {"retry_after": 1}
    assert client.ask("getMe").status == client.ask("sendChatAction", chat_id=ann.id, action="typing").status == 200
    server.clock.advance(1)
    client.result("editMessageText", **where, text="b")
    assert client.ask("sendMessage", chat_id=ann.id, text="c").status == 429
    breaches = [(one.method, one.chat, one.retry_after) for one in server.telegram.limits.breaches]
    assert breaches == [("editMessageText", ann.id, 1), ("sendMessage", ann.id, 1)]
    assert server.counts() == {"sendMessage": 2, "editMessageText": 2, "getMe": 1, "sendChatAction": 1}


def test_all_that_left_for_a_chat_is_seen_and_nothing_that_did_not(
    server: BotServer, client: PlainClient, ann: User
) -> None:
    bob = server.user("Bob")
    bob.starts()
    buttons = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    for person in (ann, bob):
        sent = client.result("sendMessage", chat_id=person.id, text="a", reply_markup=buttons)
    server.fault(Reset("after"), "editMessageText")
    with pytest.raises(BROKEN):
        client.ask("editMessageText", chat_id=bob.id, message_id=sent["message_id"], text="b", reply_markup=buttons)
    server.fault(Failure(500), "sendMessage")
    client.ask("sendMessage", chat_id=bob.id, text="c")
    client.result("answerCallbackQuery", callback_query_id=bob.taps("Yes").id)
    client.result("getChatMenuButton", chat_id=bob.id)
    left = [call.method for call in server.sent_to(bob.id)]
    assert left == ["sendMessage", "editMessageText", "answerCallbackQuery"]
    assert [call.method for call in server.sent_to(ann.chat)] == ["sendMessage"]


def test_thirty_a_second_are_the_most_over_all_chats(server: BotServer, client: PlainClient) -> None:
    people = [server.user(f"User {number}") for number in range(31)]
    for person in people:
        person.starts()
    server.telegram.limits.on = True
    told = [client.ask("sendMessage", chat_id=person.id, text="a").status for person in people]
    assert told == [200] * 30 + [429]
    server.clock.advance(1)
    client.result("sendMessage", chat_id=people[-1].id, text="a")


def test_twenty_a_minute_are_the_most_in_a_group(server: BotServer, client: PlainClient, ann: User) -> None:
    group = server.group("Team", ann)
    server.telegram.limits.on = True
    for _ in range(20):
        client.result("sendMessage", chat_id=group.id, text="a")
        server.clock.advance(1)
    told = client.ask("sendMessage", chat_id=group.id, text="a").json["parameters"]["retry_after"]
    assert 35 <= told <= 40
    server.clock.advance(told)
    client.result("sendMessage", chat_id=group.id, text="a")


def test_a_closed_port_refuses_and_can_be_opened_again(server: BotServer, client: PlainClient, ann: User) -> None:
    client.result("getMe")
    server.close_port()
    for _ in range(2):
        with pytest.raises(BROKEN):
            client.ask("getMe")
    with PlainClient(server.url, server.token) as other, pytest.raises(ConnectionRefusedError):
        other.ask("getMe")
    ann.says("are you there?")
    server.open_port()
    assert [one["message"]["text"] for one in client.result("getUpdates")] == ["/start", "are you there?"]


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        pytest.param(Reset("before"), False, id="reset before it was taken"),
        pytest.param(Reset("after"), True, id="reset after it was taken"),
        pytest.param(Reset("after", after_bytes=30), True, id="reset in the head of the answer"),
        pytest.param(Reset("after", after_bytes=200), True, id="reset in the body of the answer"),
    ],
)
def test_a_connection_is_reset(server: BotServer, client: PlainClient, ann: User, fault: Reset, taken: bool) -> None:
    server.fault(fault, "sendMessage")
    with pytest.raises(BROKEN):
        client.ask("sendMessage", chat_id=ann.id, text="a")
    assert ann.chat.texts == ["/start"] + ["a"] * taken
    call = server.calls("sendMessage")[0]
    assert (call.taken, call.delivered, call.fault) == (taken, False, "Reset")
    client.result("sendMessage", chat_id=ann.id, text="b")


def _raw(server: BotServer, target: str) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    client.sendall(f"GET {target} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    return client


@pytest.mark.parametrize("count", [1, 30, 300])
def test_as_much_of_an_answer_gets_through_as_the_reset_says(server: BotServer, count: int) -> None:
    server.fault(Reset("after", after_bytes=count))
    with _raw(server, f"/bot{server.token}/getMe") as client:
        told = b""
        with pytest.raises(ConnectionResetError):
            while piece := client.recv(65536):
                told += piece
    assert (len(told), told[:1]) == (count, b"H")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_gateway_answers_with_a_page(server: BotServer, client: PlainClient, ann: User, when: Any) -> None:
    server.fault(Page(502, when), "sendMessage")
    told = client.ask("sendMessage", chat_id=ann.id, text="a")
    assert (told.status, told.headers["content-type"]) == (502, "text/html")
    assert b"<title>502 Bad Gateway</title>" in told.content
    assert ann.chat.texts == ["/start"] + ["a"] * (when == "after")
    assert server.calls()[0].taken is (when == "after")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_request_hangs_until_it_is_released(server: BotServer, ann: User, when: Any) -> None:
    hang = Hang(when)
    server.fault(hang, "sendMessage")
    with ThreadPoolExecutor(1) as pool, PlainClient(server.url, server.token) as client:
        told = pool.submit(client.ask, "sendMessage", chat_id=ann.id, text="a")
        assert hang.arrived.wait(20)
        assert ann.chat.texts == ["/start"] + ["a"] * (when == "after")
        assert not told.done()
        hang.release()
        assert told.result().status == 200
    assert ann.chat.texts == ["/start", "a"]


def test_who_leaves_while_a_request_hangs_is_seen_to_have_left(server: BotServer, ann: User) -> None:
    hang = Hang("before")
    server.fault(hang)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    body = json.dumps({"chat_id": ann.id, "text": "a"})
    connection.request("POST", f"/bot{server.token}/sendMessage", body, {"content-type": "application/json"})
    assert hang.arrived.wait(20)
    connection.close()
    with PlainClient(server.url, server.token) as client:
        client.result("getMe")
    assert ann.chat.texts == ["/start"]
    assert [(call.taken, call.delivered) for call in server.calls()] == [(False, False), (True, True)]


def test_a_refusal_of_any_kind(server: BotServer, client: PlainClient) -> None:
    server.fault(Failure(403, "user is deactivated"))
    assert client.refusal("getMe") == "Forbidden: user is deactivated"
    server.fault(Failure(400, "group chat was upgraded", parameters={"migrate_to_chat_id": -1005}))
    assert client.ask("getMe").json["parameters"] == {"migrate_to_chat_id": -1005}


def test_a_revoked_token_is_no_token(server: BotServer, client: PlainClient) -> None:
    with ThreadPoolExecutor(1) as pool, PlainClient(server.url, server.token) as other:
        held = pool.submit(other.ask, "getUpdates", timeout=50)
        assert wait_until(lambda: server.polled, 20)
        server.revoke()
        assert held.result().status == 401
    told = client.ask("getMe")
    assert (told.status, told.words) == (401, "Unauthorized")
    with PlainClient(server.url, server.token) as renewed:
        assert renewed.result("getMe")["is_bot"]


@pytest.mark.parametrize(("token", "status"), [("7000000001:other", 401), ("none", 401), ("", 404)])
def test_a_wrong_token_is_refused(server: BotServer, token: str, status: int) -> None:
    with PlainClient(server.url, token) as client:
        assert client.ask("getMe").status == status


def test_logging_out_lasts_ten_minutes(server: BotServer, client: PlainClient) -> None:
    assert client.ask("close").json["parameters"]["retry_after"] == 600
    assert client.result("logOut") is True
    assert client.refusal("getMe") == "Bad Request: Logged out"
    server.clock.advance(600)
    assert client.result("getMe")["is_bot"]
    assert client.result("close") is True
    assert client.refusal("close") == "Bad Request: the bot has already been closed"


def test_a_method_that_the_server_does_not_know_fails_the_test() -> None:
    server = BotServer()
    with (
        pytest.raises(NotImplementedError, match="sendCheque"),
        server,
        PlainClient(server.url, server.token) as client,
    ):
        told = client.ask("sendCheque")
        assert (told.status, told.words) == (404, "Not Found: method not found")


def test_a_parameter_that_the_server_does_not_know_is_recorded(server: BotServer, client: PlainClient) -> None:
    client.result("getMe", colour="red")
    assert server.calls()[0].unread == {"colour"}


def test_a_hook_hears_of_requests_and_lets_them_fail(ann: User) -> None:
    heard: list[tuple[str, Mapping[str, str]]] = []

    def hear(method: str, fields: Mapping[str, str]) -> Failure | None:
        heard.append((method, fields))
        return Failure(500, "Internal Server Error") if fields.get("text") == "b" else None

    taken: list[Call] = []
    with BotServer(on_request=hear, on_taken=taken.append) as server:
        bob = server.user("Bob")
        bob.starts()
        with PlainClient(server.url, server.token) as client:
            told = [client.ask("sendMessage", chat_id=bob.id, text=text).status for text in ("a", "b")]
    assert told == [200, 500]
    assert heard == [("sendMessage", {"chat_id": str(bob.id), "text": text}) for text in ("a", "b")]
    assert [call.fields["text"] for call in taken] == ["a"]


def test_a_hook_that_fails_fails_the_test() -> None:
    def hear(method: str, fields: Mapping[str, str]) -> None:
        raise KeyError(method)

    server = BotServer(on_request=hear)
    with pytest.raises(KeyError, match="getMe"), server, PlainClient(server.url, server.token) as client:
        client.ask("getMe")


ASKING = "import sys, urllib.request as web; web.urlopen(sys.argv[1])"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_is_killed_between_request_and_answer_did_what_it_asked(when: str) -> None:
    started, killed = threading.Event(), list[int]()

    def kill(*_: object) -> None:
        if not killed and started.wait(20):
            os.kill(asking.pid, signal.SIGKILL)
            killed.append(asking.wait())

    hooks: dict[str, Any] = {"on_request": kill} if when == "before" else {"on_taken": kill}
    with BotServer(**hooks) as server:
        ann = server.user("Ann")
        ann.starts()
        url = f"{server.url}/bot{server.token}/sendMessage?chat_id={ann.id}&text=a"
        asking = subprocess.Popen([sys.executable, "-c", ASKING, url])
        started.set()
        assert wait_until(lambda: bool(killed), 20)
        # Once others are served, the call is done with.
        with PlainClient(server.url, server.token) as client:
            client.result("getMe")
        call = server.calls("sendMessage")[0]
        assert (call.taken, call.delivered, ann.chat.texts) == (True, False, ["/start", "a"])
    assert killed == [-signal.SIGKILL]


def test_an_answer_that_was_not_read_was_not_delivered(server: BotServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", f"/bot{server.token}/getMe")
    assert wait_until(lambda: bool(server.calls()) and server.calls()[0].delivered, 20)
    connection.close()
    assert wait_until(lambda: not server.calls()[0].delivered, 20)


def test_an_answer_that_broke_off_was_not_delivered(server: BotServer, client: PlainClient, ann: User) -> None:
    ann.sends_document(None, "film.bin", size=20 << 20)
    file_id = client.result("getUpdates")[-1]["message"]["document"]["file_id"]
    path = client.result("getFile", file_id=file_id)["file_path"]
    with _raw(server, f"/file/bot{server.token}/{path}"):
        assert wait_until(lambda: any(call.taken for call in server.calls(DOWNLOAD)), 20)
        server.drop_connections()
    assert [(call.taken, call.delivered) for call in server.calls(DOWNLOAD)] == [(True, False)]
