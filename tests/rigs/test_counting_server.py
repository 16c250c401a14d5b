"""What a storm concludes rests on this server: it counts what came, and says so only when it knows."""

import http.client
import threading
from collections.abc import Iterator

import pytest

from tests.fakes.count_tool import Caller
from tests.rigs.counting_server import Behaviour, CountingServer, counting_server


@pytest.fixture(scope="module")
def server() -> Iterator[CountingServer]:
    with counting_server() as running:
        yield running


def test_every_request_is_counted_once_also_when_many_come_at_the_same_time(server: CountingServer) -> None:
    callers = [threading.Thread(target=Caller(server.url).count, args=("many/1", 3)) for _ in range(40)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert (server.counts()["many/1"].count, server.counts()["many/1"].amount) == (40, 120)


@pytest.mark.parametrize(("cut", "counted"), [("before", 0), ("after", 1)])
def test_a_connection_is_cut_before_or_after_counting(server: CountingServer, cut: str, counted: int) -> None:
    server.behave(f"cut-{cut}/", Behaviour(cut=cut, times=1))
    caller = Caller(server.url)
    with pytest.raises((OSError, http.client.HTTPException)):
        caller.count(f"cut-{cut}/1")
    assert caller.counted(f"cut-{cut}/1") == counted
    assert caller.count(f"cut-{cut}/1") == counted + 1


def test_no_is_only_said_once_nothing_is_on_its_way_any_more(server: CountingServer) -> None:
    server.behave("slow/", Behaviour(delay=0.3))
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("POST", "/effect/slow/1")
    connection.close()
    assert Caller(server.url).counted("slow/1") == 1


def test_a_server_that_cannot_tell_says_so(server: CountingServer) -> None:
    server.behave("blind/", Behaviour(authoritative=False))
    caller = Caller(server.url)
    caller.count("blind/1")
    assert caller.counted("blind/1") is None
    assert server.counts()["blind/1"].count == 1
