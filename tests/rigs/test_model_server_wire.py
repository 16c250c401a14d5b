"""What goes over the wire is what the story says, also where it breaks the rules, and all that comes is recorded."""

import gzip
import http.client
import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

import pytest

from tests.rigs.model_server import (
    MODEL,
    Call,
    Failure,
    Halt,
    ModelServer,
    Reply,
    Text,
    Transit,
    across_events,
    by_size,
    each_event,
    every_byte,
    garbled,
    inside_characters,
    inside_lines,
    page,
    redirect,
    together,
)
from tests.rigs.model_server.transit import Cut
from tests.rigs.waiting import wait_until

BODY = json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "Hello"}], "stream": True}).encode()
WHOLE = BODY.replace(b"true", b"false")
CHAT = json.dumps(json.loads(BODY) | {"max_tokens": 9, "contents": [{"parts": [{"text": "Hello"}]}]}).encode()
PATHS = {
    "openai": "/v1/chat/completions",
    "openrouter": "/api/v1/chat/completions",
    "anthropic": "/v1/messages",
    "gemini": f"/v1beta/models/{MODEL}:streamGenerateContent?alt=sse",
    "ollama": "/api/chat",
}
CANARY = "sk-canary-7f3a"


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def _ask(server: ModelServer, body: bytes = BODY, path: str = "/v1/chat/completions", **headers: str) -> Told:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Told(response.status, {name.lower(): value for name, value in response.headers.items()}, response.read())


def _raw(server: ModelServer, *sent: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    for piece in sent:
        client.sendall(piece)
    return client


def _request(body: bytes = BODY, *headers: str, path: str = "/v1/chat/completions") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: model", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def _rest(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(65536), b""))


def test_a_request_is_kept_byte_by_byte() -> None:
    with ModelServer("openai", "Hello.") as server:
        before = time.monotonic()
        sent = _request(BODY, f"Authorization: Bearer {CANARY}", "Connection: close")
        with _raw(server, sent) as client:
            assert b"Hello." in _rest(client)
        request = server.requests[0]
        assert (request.head + request.body, request.size) == (sent, len(sent))
        assert server.received == sent
        assert request.headers["authorization"] == f"Bearer {CANARY}"
        assert before <= request.arrived <= time.monotonic()
        assert (request.answered, request.closed_early) == (True, False)


def test_nothing_came_where_nobody_called() -> None:
    with ModelServer("openai", "Hello.") as server:
        assert (server.received, server.connections, server.requests) == (b"", 0, [])


def test_bytes_that_make_no_whole_request_are_kept_too() -> None:
    with ModelServer("openai", "Hello.") as server:
        sent = _request(BODY)[:-20]
        _raw(server, sent).close()
        assert wait_until(lambda: server.received == sent, 10)
        assert server.requests == []


def test_a_request_in_pieces_and_in_chunks_is_put_together() -> None:
    with ModelServer("openai", "Hello.") as server:
        head = b"POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        chunks = b"5\r\n" + BODY[:5] + b"\r\n" + f"{len(BODY) - 5:x}\r\n".encode() + BODY[5:] + b"\r\n0\r\n\r\n"
        with _raw(server, *(bytes([one]) for one in head + chunks)) as client:
            assert b"Hello." in _rest(client)
        assert server.requests[0].body == BODY


def test_a_connection_serves_many_requests_also_when_they_come_at_once() -> None:
    with ModelServer("openai", ["One.", "Two.", "Three."]) as server:
        with _raw(server, _request() * 2 + _request(BODY, "Connection: close")) as client:
            told = _rest(client)
        assert [told.find(word) > 0 for word in (b"One.", b"Two.", b"Three.")] == [True] * 3
        assert (len(server.requests), server.connections) == (3, 1)


def test_what_is_not_http_fails_the_test() -> None:
    server = ModelServer("openai", "Hello.")
    with pytest.raises(Exception, match="not the head of a request"), server, _raw(server, b"HELO\r\n\r\n") as client:
        assert _rest(client) == b""


def test_a_story_that_fails_fails_the_test() -> None:
    def tell(asked: object) -> str:
        raise KeyError("path")

    with pytest.raises(KeyError, match="path"), ModelServer("openai", tell) as server:
        assert _ask(server).status == 500


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_a_client_that_leaves_early_is_seen(stream: bool) -> None:
    with ModelServer(
        "openai", Reply((Text("word " * 50),), transit=Transit(between=0.05, halt=Halt("hang", 1)))
    ) as server:
        with _raw(server, _request(BODY if stream else WHOLE)) as client:
            assert client.recv(10) == b"HTTP/1.1 2"
        assert wait_until(lambda: server.requests[0].closed_early, 10)
        assert not server.requests[0].answered


def test_compression_is_only_for_who_takes_it() -> None:
    with ModelServer("openai", Reply((Text("Hello."),), transit=Transit(gzip=True))) as server:
        squeezed = _ask(server, WHOLE, accept_encoding="gzip")
        plain = _ask(server, WHOLE, accept_encoding="identity")
        assert squeezed.headers["content-encoding"] == "gzip"
        assert b"Hello." in gzip.decompress(squeezed.body)
        assert "content-encoding" not in plain.headers
        assert b"Hello." in plain.body


EVENTS = ["data: é\n\n".encode(), b"data: ab\n\n"]


@pytest.mark.parametrize(
    ("cut", "pieces"),
    [
        (each_event, EVENTS),
        (every_byte, [bytes([one]) for event in EVENTS for one in event]),
        (inside_characters, [b"data: \xc3", b"\xa9\n\n", b"data: ab\n\n"]),
        (inside_lines, [b"da", b"ta: \xc3\xa9\n", b"\n", b"da", b"ta: ab\n", b"\n"]),
        (across_events, [b"data:", b" \xc3\xa9\n\ndata:", b" ab\n\n"]),
        (together(2), [b"".join(EVENTS)]),
        (by_size(15), [b"data: \xc3\xa9\n\ndata:", b" ab\n\n"]),
    ],
)
def test_a_stream_is_cut_where_the_cut_says(cut: Cut, pieces: list[bytes]) -> None:
    assert list(cut(EVENTS)) == pieces


HALTED = [
    pytest.param(Halt("reset", -1), b"", ConnectionResetError, id="reset before the head"),
    pytest.param(Halt("reset", 0), b"HTTP/1.1 200 OK", ConnectionResetError, id="reset after the head"),
    pytest.param(Halt("reset", 2), b'"content":"One"', ConnectionResetError, id="reset in the middle"),
    pytest.param(Halt("close", -1), b"", None, id="end before the head"),
    pytest.param(Halt("close", 0), b"HTTP/1.1 200 OK", None, id="end after the head"),
    pytest.param(Halt("close", 2), b'"content":"One"', None, id="end in the middle"),
    pytest.param(Halt("end", 2), b'"content":"One"', None, id="content that is not complete"),
]


@pytest.mark.parametrize(("halt", "last", "error"), HALTED)
def test_a_stream_stops_where_the_story_says(halt: Halt, last: bytes, error: type[Exception] | None) -> None:
    with ModelServer("openai", Reply((Text("One two three"),), transit=Transit(halt=halt))) as server:
        with _raw(server, _request(BODY, "Connection: close")) as client:
            told, failed = b"", None
            try:
                while piece := client.recv(65536):
                    told += piece
            except OSError as problem:
                failed = type(problem)
        assert (last in told, failed) == (True, error)
        assert b"two" not in told
        assert told.endswith(b"0\r\n\r\n") == (halt.how == "end")


def _silent(client: socket.socket) -> bool:
    client.settimeout(0.2)
    try:
        return client.recv(1) != b"" and False
    except TimeoutError:
        return True


@pytest.mark.parametrize(("after", "last"), [(-1, b""), (0, b"\r\n\r\n"), (2, b'"content":"One"')])
def test_a_stream_that_hangs_says_no_more_and_does_not_end(after: int, last: bytes) -> None:
    with ModelServer("openai", Reply((Text("One two three"),), transit=Transit(halt=Halt("hang", after)))) as server:
        with _raw(server, _request()) as client:
            told = b""
            while last not in told:
                told += client.recv(65536)
            assert _silent(client)
        assert wait_until(lambda: server.requests[0].closed_early, 10)


def test_a_closed_port_refuses_and_can_be_opened_again() -> None:
    with ModelServer("openai", "Hello.") as server:
        assert _ask(server).status == 200
        server.close_port()
        with pytest.raises(ConnectionRefusedError):
            _ask(server)
        server.open_port()
        assert _ask(server).status == 200


def test_a_server_that_goes_down_refuses_meanwhile() -> None:
    with ModelServer("openai", [_down(600.0), "Back."]) as server:
        with pytest.raises((OSError, http.client.HTTPException)):
            _ask(server)
        assert wait_until(lambda: not _is_up(server), 10)
        server.open_port()
        assert b"Back." in _ask(server).body


def test_a_server_that_went_down_comes_back_by_itself() -> None:
    with ModelServer("openai", [_down(0.05), "Back."]) as server:
        with pytest.raises((OSError, http.client.HTTPException)):
            _ask(server)
        assert wait_until(lambda: _is_up(server), 10)
        assert b"Back." in _ask(server).body


def _down(seconds: float) -> Reply:
    return Reply((Text("One two"),), transit=Transit(halt=Halt("reset", 1, closed_for=seconds)))


def _is_up(server: ModelServer) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", server.port)) == 0


def test_a_page_broken_json_and_a_redirect_are_given_as_they_are() -> None:
    with ModelServer("openai", "trap", host="127.0.0.2") as trap:
        to = f"{trap.url}/chat/completions"
        with ModelServer("openai", [page(), page(502), garbled(), redirect(to)]) as server:
            answers = [_ask(server) for _ in range(4)]
            assert [answer.status for answer in answers] == [200, 502, 200, 307]
            assert answers[0].headers["content-type"].startswith("text/html")
            assert answers[1].body.startswith(b"<!DOCTYPE html>")
            with pytest.raises(json.JSONDecodeError):
                json.loads(answers[2].body)
            assert answers[3].headers["location"] == to
        assert trap.received == b""


def test_an_answer_of_two_megabytes_arrives() -> None:
    with ModelServer("openai", Reply((Text("x" * 2_000_000),), token=4096)) as server:
        told = _ask(server).body
        pieces = [json.loads(line[6:]) for line in told.splitlines() if line.startswith(b"data: {")]
        said = [choice["delta"].get("content") or "" for piece in pieces for choice in piece["choices"]]
        assert len("".join(said)) == 2_000_000


@pytest.mark.parametrize("form", ["openai", "openrouter", "anthropic", "gemini", "ollama"])
def test_an_endless_stream_goes_on_until_the_client_leaves_and_lets_others_be_served(form: str) -> None:
    with ModelServer(form, [Text("and on ", endless=True), "Hello."]) as server:
        path, head = PATHS[form], "anthropic-version: 2023-06-01"
        with _raw(server, _request(CHAT, head, path=path)) as client:
            read = 0
            while read < 200_000:
                read += len(client.recv(65536))
            assert b"Hello." in _ask(server, CHAT, path, anthropic_version="2023-06-01").body
        assert wait_until(lambda: server.requests[0].closed_early, 10)


def test_the_head_can_come_slowly() -> None:
    slow = Reply((Text("Hello."),), transit=Transit(head=0.1))
    with ModelServer("openai", slow) as server, _raw(server, _request()) as client:
        assert client.recv(65536) == b"H"


def test_retry_after_is_a_header_and_what_came_without_a_story_is_an_error_that_nobody_retries() -> None:
    with ModelServer("openai", [Failure(429, retry_after=3)]) as server:
        assert (_ask(server).headers["retry-after"], _ask(server).status) == ("3", 400)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer("openai", "Hello.") as running:
        yield running


CALLED = {"role": "assistant", "tool_calls": [{"id": "a", "type": "function", "function": {"name": "x"}}]}


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([{"role": "user", "content": "Hi"}, CALLED, {"role": "tool", "tool_call_id": "a", "content": "1"}], 200),
        ([{"role": "user", "content": "Hi"}, CALLED], 400),
        ([{"role": "user", "content": "Hi"}, CALLED, {"role": "user", "content": "Well?"}], 400),
        ([{"role": "user", "content": "Hi"}, {"role": "tool", "tool_call_id": "a", "content": "1"}], 400),
        ([], 400),
    ],
)
def test_calls_and_results_that_do_not_fit_are_refused_as_by_openai(
    server: ModelServer, messages: list[object], status: int
) -> None:
    assert _ask(server, json.dumps({"model": MODEL, "messages": messages}).encode()).status == status


USED = {"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "x", "input": {}}]}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "1"}]}


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([{"role": "user", "content": "Hi"}, USED, RESULT], 200),
        ([{"role": "user", "content": "Hi"}, USED, {"role": "user", "content": "Well?"}], 400),
        ([{"role": "user", "content": "Hi"}, RESULT], 400),
    ],
)
def test_calls_and_results_that_do_not_fit_are_refused_as_by_anthropic(messages: list[object], status: int) -> None:
    body = json.dumps({"model": MODEL, "max_tokens": 9, "messages": messages}).encode()
    with ModelServer("anthropic", Call("x")) as server:
        assert _ask(server, body, "/v1/messages", anthropic_version="2023-06-01").status == status
        assert _ask(server, body, "/v1/messages").status == 400
