"""A server outside of the agent that counts effects: a process of its own, which no kill of the agent reaches.

POST /effect/KEY?amount=N counts one effect of KEY and adds N to its amount; GET /effect/KEY tells the count, or 404
where it cannot tell. How the keys of a prefix are treated is a `Behaviour`.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

_SETTLING_SECONDS = 20.0
"""How long a question waits for requests that came before it."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How requests for the keys of a prefix are treated; times in seconds.

    `delay` before it is counted, `late` between counting and answering, `cut` "before" or "after": the connection is
    cut without an answer, before or after counting. `times` is how many requests of each key are treated so. Whether
    the server can tell the count afterwards is `authoritative`.
    """

    delay: float = 0.0
    late: float = 0.0
    cut: str = ""
    times: int = 1_000_000_000
    authoritative: bool = True


@dataclass(slots=True)
class Tally:
    """What is known of one key: effects, their amount, and requests that were answered or cut."""

    count: int = 0
    amount: int = 0
    requests: int = 0


class Book:
    """The counts, and which requests are on their way.

    A count is only told once every request that was accepted before the question is dealt with: else "no" would not
    be authoritative while a request of a killed agent is still being worked on.
    """

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._changed = threading.Condition()
        self._tallies: dict[str, Tally] = {}
        self._behaviours: dict[str, Behaviour] = {}
        self._on_their_way: set[int] = set()
        self._last = 0

    def arrived(self) -> int:
        """Give a ticket to a connection that was accepted."""
        with self._changed:
            self._last += 1
            self._on_their_way.add(self._last)
            return self._last

    def left(self, ticket: int) -> None:
        """Say that nothing more comes of a ticket."""
        with self._changed:
            self._on_their_way.discard(ticket)
            self._changed.notify_all()

    def behave(self, prefix: str, behaviour: Behaviour) -> None:
        """Treat the keys that begin with `prefix` so."""
        with self._changed:
            self._behaviours[prefix] = behaviour

    def treatment(self, key: str) -> Behaviour:
        """Say how this request for a key is treated: by the longest prefix that fits."""
        with self._changed:
            fitting = [prefix for prefix in self._behaviours if key.startswith(prefix)]
            chosen = self._behaviours[max(fitting, key=len)] if fitting else Behaviour()
            tally = self._tallies.setdefault(key, Tally())
            tally.requests += 1
            spent = tally.requests > chosen.times
            return Behaviour(authoritative=chosen.authoritative) if spent else chosen

    def count(self, key: str, amount: int) -> int:
        """Count one effect."""
        with self._changed:
            tally = self._tallies.setdefault(key, Tally())
            tally.count += 1
            tally.amount += amount
            return tally.count

    def tell(self, key: str, ticket: int) -> Tally | None:
        """Give the count of a key once all that came before is dealt with; None where it cannot be told."""
        with self._changed:
            fitting = [prefix for prefix in self._behaviours if key.startswith(prefix)]
            if fitting and not self._behaviours[max(fitting, key=len)].authoritative:
                return None
            settled = self._changed.wait_for(
                lambda: not any(other < ticket for other in self._on_their_way), _SETTLING_SECONDS
            )
            found = self._tallies.get(key, Tally())
            return Tally(found.count, found.amount, found.requests) if settled else None

    def everything(self) -> dict[str, dict[str, int]]:
        """Give all counts."""
        with self._changed:
            return {key: asdict(tally) for key, tally in self._tallies.items()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int) -> None:
        self.book = Book()
        self.tickets: dict[int, int] = {}
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        # In the accepting thread, so that tickets are in the order of the connections.
        self.tickets[id(request)] = self.book.arrived()
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.book.left(self.tickets.pop(id(request), 0))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: an agent that was killed does not read its answer."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SETTLING_SECONDS

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        key = address.path.removeprefix("/effect/")
        amount = int(parse_qs(address.query).get("amount", ["0"])[0])
        how = self.server.book.treatment(key)
        time.sleep(how.delay)
        if how.cut == "before":
            return
        count = self.server.book.count(key, amount)
        # Counted: nothing more comes of this request, however late its answer is.
        self.server.book.left(self.server.tickets.get(id(self.request), 0))
        time.sleep(how.late)
        if how.cut != "after":
            self._answer(200, {"count": count})

    def do_GET(self) -> None:
        book = self.server.book
        if self.path == "/all":
            self._answer(200, book.everything())
            return
        ticket = self.server.tickets.get(id(self.request), 0)
        book.left(ticket)
        found = book.tell(urlsplit(self.path).path.removeprefix("/effect/"), ticket)
        if found is None:
            self._answer(404, {"error": "cannot tell"})
        else:
            self._answer(200, asdict(found))

    def do_PUT(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.book.behave(self.path.removeprefix("/behaviour/"), Behaviour(**given))
        self._answer(200, {})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by http.server
        """Say nothing."""

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class CountingServer:
    """The running server as a test sees it."""

    def __init__(self, port: int) -> None:
        """Talk to the server on this port of loopback."""
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def behave(self, prefix: str, behaviour: Behaviour) -> None:
        """Treat the keys that begin with `prefix` so from now on."""
        self._ask("PUT", f"/behaviour/{prefix}", json.dumps(asdict(behaviour)))

    def counts(self) -> dict[str, Tally]:
        """Give all counts by key."""
        return {key: Tally(**found) for key, found in self._ask("GET", "/all").items()}

    def _ask(self, method: str, path: str, body: str | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def counting_server() -> Iterator[CountingServer]:
    """Run the server in a process of its own while the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.rigs.counting_server"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with process:
        try:
            assert process.stdout is not None
            yield CountingServer(int(process.stdout.readline()))
        finally:
            process.kill()


def main() -> None:
    """Serve until standard input ends, which it does when whoever started this is gone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    server = _Server(parser.parse_args().port)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while os.read(0, 1):
        continue


if __name__ == "__main__":
    main()
