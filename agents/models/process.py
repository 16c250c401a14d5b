"""The model process, as the agent sees it: it comes with the first request and goes after idle minutes."""

import asyncio
import contextlib
import itertools
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.models.wire import frame, frames

_IDLE = 300.0
_GRACE = 5.0
"""Seconds until a process that was let go is ended."""


class GoneError(Exception):
    """The model process ended before it answered."""


@dataclass(slots=True)
class _Waiting:
    answer: asyncio.Future[Mapping[str, Any]]
    on_text: Callable[[str], None] | None


@dataclass(slots=True)
class _Child:
    """One process, and the requests that wait for it."""

    program: "subprocess.Popen[bytes]"
    writer: asyncio.StreamWriter
    listening: asyncio.Task[None] | None = None
    waiting: dict[int, _Waiting] = field(default_factory=dict)


class ModelProcess:
    """Starts the process when it is needed, ends it when it is idle, and starts it anew when it died.

    `program` is called with the number of its end of a socket pair as the last argument. It is told `configuration`
    and nothing else; when our end closes, also because we are killed, it ends.
    """

    def __init__(self, program: Sequence[str], configuration: Mapping[str, Any], idle: float = _IDLE) -> None:
        """Start nothing yet."""
        self._program = program
        self._configuration = configuration
        self._idle = idle
        self._ids = itertools.count(1)
        self._child: _Child | None = None
        self._starting = asyncio.Lock()
        self._idling: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """Give the number of the process while there is one."""
        return self._child.program.pid if self._child is not None else None

    async def ask(self, what: Mapping[str, Any], on_text: Callable[[str], None] | None = None) -> Mapping[str, Any]:
        """Send one operation and give what comes of it; `on_text` gets the pieces of an answer.

        Raises GoneError when the process ends before. Cancelling it cancels the operation over there.
        """
        child = await self._running()
        number = next(self._ids)
        waiting = _Waiting(asyncio.get_running_loop().create_future(), on_text)
        child.waiting[number] = waiting
        try:
            _send(child, {"id": number, **what})
            return await waiting.answer
        except asyncio.CancelledError:
            with contextlib.suppress(GoneError):
                _send(child, {"id": number, "do": "cancel"})
            raise
        finally:
            child.waiting.pop(number, None)
            self._rest()

    async def close(self) -> None:
        """End the process."""
        self._stop_idling()
        child, self._child = self._child, None
        if child is not None:
            await _end(child)

    async def _running(self) -> _Child:
        self._stop_idling()
        async with self._starting:
            if self._child is None:
                self._child = await self._start()
            return self._child

    async def _start(self) -> _Child:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                program = _spawned([*self._program, str(theirs.fileno())], theirs.fileno())
            reader, writer = await asyncio.open_connection(sock=ours)
        except BaseException:
            ours.close()
            raise
        child = _Child(program, writer)
        child.listening = asyncio.create_task(self._listen(child, reader))
        _send(child, {"do": "configure", "catalogue": self._configuration})
        return child

    async def _listen(self, child: _Child, reader: asyncio.StreamReader) -> None:
        """Hand on what the process says until it is gone."""
        try:
            await self._hear(child, reader)
        finally:
            if self._child is child:
                self._child = None
            for waiting in child.waiting.values():
                if not waiting.answer.done():
                    waiting.answer.set_exception(GoneError("the model process ended"))
            child.writer.close()
            await asyncio.to_thread(_reap, child.program)

    async def _hear(self, child: _Child, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ValueError):  # what it says makes no sense: then it is as good as gone
            async for message in frames(reader):
                waiting = child.waiting.get(message.get("id", 0))
                if waiting is None:
                    continue
                if "text" in message:
                    if waiting.on_text is not None:
                        waiting.on_text(message["text"])
                elif not waiting.answer.done():
                    waiting.answer.set_result(message)

    def _rest(self) -> None:
        if self._child is not None and not self._child.waiting:
            self._stop_idling()
            self._idling = asyncio.get_running_loop().call_later(self._idle, self._let_go)

    def _let_go(self) -> None:
        """Close our end, on which an idle process ends by itself."""
        child, self._child = self._child, None
        if child is not None:
            child.writer.close()

    def _stop_idling(self) -> None:
        if self._idling is not None:
            self._idling.cancel()
            self._idling = None


def _spawned(program: Sequence[str], number: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        program,
        pass_fds=(number,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A Ctrl-C in the terminal is for us: we let what is under way end, or cancel it.
        start_new_session=True,
    )


def _send(child: _Child, what: Mapping[str, Any]) -> None:
    if child.writer.is_closing():
        raise GoneError("the model process ended")
    child.writer.write(frame(what))


async def _end(child: _Child) -> None:
    child.writer.close()
    if child.listening is not None:
        await child.listening


def _reap(program: "subprocess.Popen[bytes]") -> None:
    try:
        program.wait(_GRACE)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
