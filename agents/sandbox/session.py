"""A command that stays: one line goes in, one comes out, under the same confinement as any other."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from agents.sandbox.confinement import Confinement
from agents.sandbox.output import Kept
from daemon.domain.errors import BadInput
from daemon.domain.sandbox import Answer, BoxLimits, Completed, Ending
from daemon.domain.to_its_end import to_its_end

_GRACE = 2.0  # seconds for an answer to an interrupt


class Talk:
    """What a session says, as it comes."""

    def __init__(self, limit: int) -> None:
        """Begin with nothing; `limit` is that of a line and of stderr, in bytes."""
        self._limit = limit
        self._line = bytearray()
        self._stderr = Kept(limit)
        self.changed = asyncio.Event()

    def hear(self, name: str, piece: bytes) -> None:
        """Take a piece of a stream."""
        if name == "stderr":
            self._stderr.add(piece)
            return
        if b"\n" not in self._line:
            self._line += piece
        self.changed.set()

    @property
    def is_too_long(self) -> bool:
        """Say whether a line is longer than it may be."""
        return len(self._line) > self._limit and b"\n" not in self._line[: self._limit + 1]

    def line(self) -> bytes | None:
        """Give the first line, once it is whole."""
        line, end, _ = self._line.partition(b"\n")
        return bytes(line) if end else None

    def stderr(self) -> bytes:
        """Give what came on stderr."""
        return self._stderr.whole()

    def forget(self) -> None:
        """Begin anew."""
        self._line.clear()
        self._stderr = Kept(self._limit)
        self.changed.clear()


class LineSession:
    """The port `Session` on a confinement; made by `opened`."""

    def __init__(self, confinement: Confinement, talk: Talk, gate: socket.socket) -> None:
        """Talk with what `confinement` follows; `gate` leads to its input."""
        self._confinement = confinement
        self._talk = talk
        self._gate = gate
        self._turn = asyncio.Lock()
        self.following: asyncio.Task[Completed] = asyncio.ensure_future(confinement.follow())
        self.following.add_done_callback(lambda _: talk.changed.set())

    async def exchange(self, line: bytes, seconds: float) -> Answer:
        """Send a line and wait for one, for `seconds` and then a little longer after an interrupt."""
        if b"\n" in line:
            raise BadInput("What is sent to a session is one line.", "Encode the text so that it has no line's end.")
        async with self._turn:
            if self.following.done():
                return self._ended()
            self._talk.forget()
            self._confinement.forget_output()
            self._confinement.resume()
            try:
                answer = await self._exchanged(line, seconds)
            finally:
                # Between two exchanges nobody watches what threads that were left behind do to the workspace.
                still = await to_its_end(self._pause())
            return answer if still else self._ended()

    def interrupt(self) -> None:
        """Send SIGINT to all processes of the session."""
        self._confinement.interrupt()

    async def _exchanged(self, line: bytes, seconds: float) -> Answer:
        try:
            async with asyncio.timeout(seconds):
                await self._send(line + b"\n")
                return await self._answer()
        except TimeoutError:
            return await self._late()

    async def _pause(self) -> bool:
        still = await self._confinement.pause()
        if not still:
            await asyncio.wait([self.following])
        return still

    async def _send(self, data: bytes) -> None:
        begun = asyncio.ensure_future(self._confinement.begun.wait())
        await asyncio.wait((begun, self.following), return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        sending = asyncio.ensure_future(self._sent(data))
        try:
            await asyncio.wait((sending, self.following), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()

    async def _sent(self, data: bytes) -> None:
        try:
            await asyncio.get_running_loop().sock_sendall(self._gate, data)
        except ConnectionError:
            return  # it reads no more: it has ended, or will be late

    async def _answer(self, interrupted: bool = False) -> Answer:
        while True:
            line = self._talk.line()
            if self._talk.is_too_long:
                self._confinement.end(Ending.OUTPUT)
            elif line is not None:
                self._confinement.catch_up("stderr")
                return Answer(line, self._talk.stderr(), interrupted=interrupted)
            if self.following.done():
                return self._ended()
            self._talk.changed.clear()
            if self._talk.is_too_long:
                await asyncio.wait([self.following])
            else:
                await self._talk.changed.wait()

    def _ended(self) -> Answer:
        completed = self.following.result()
        return Answer(b"", completed.stderr, completed.ending)

    async def _late(self) -> Answer:
        self.interrupt()
        try:
            async with asyncio.timeout(_GRACE):
                return await self._answer(interrupted=True)
        except TimeoutError:
            self._confinement.end(Ending.TIMEOUT)
            await asyncio.wait([self.following])
            return await self._answer()


@asynccontextmanager
async def opened(confinement: Confinement, talk: Talk) -> AsyncIterator[LineSession]:
    """Follow `confinement` as a session, and end it on leaving; nothing of it is alive then."""
    gate = confinement.take_gate()
    session = LineSession(confinement, talk, gate)
    try:
        yield session
    finally:
        confinement.end(Ending.STOPPED)
        await to_its_end(asyncio.wait([session.following]))
        gate.close()
        session.following.exception()  # the exchange has raised it, or nobody asked


def endless(limits: BoxLimits) -> BoxLimits:
    """Give the limits of a session: the time is that of each exchange."""
    return replace(limits, seconds=float("inf"))
