"""Sends what stands in the outbox (STATES.md, outgoing message): each channel by itself, each conversation in order."""

import asyncio
from collections.abc import Callable, Iterable

from daemon.domain.errors import AgentError, NotNow, StoreError, Undeliverable
from daemon.domain.failpoint import failpoint
from daemon.domain.message import Outgoing, OutgoingKind, OutgoingState, Part
from daemon.domain.ports import Channel
from daemon.engine.hearing import Hearing
from daemon.engine.parts import Parts
from daemon.store import database, outbox, runs, tasks

_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 600.0
_GIVE_UP_AFTER = 86_400.0
_LOOK_SECONDS = 2.0
_LAST_SECONDS = 10.0
_RESTS_AFTER = 30.0
"""Seconds that the other side asks to wait beyond which it is worth a line in the log."""


class Delivery:
    """Sends by the channels that this process has; what no channel is there for stays queued."""

    name = "delivery"

    def __init__(self, parts: Parts, channels: Iterable[Channel]) -> None:
        """Send by these."""
        self._parts = parts
        self._channels = {channel.name: channel for channel in channels}
        self._sending: dict[str, asyncio.Task[None]] = {}

    async def serve(self, up: Callable[[str], None] = lambda _: None) -> None:
        """Look after what a crash left, then send whatever is due, until cancelled; a message on its way is let end."""
        hearing, looked_after = Hearing(), False
        with hearing.listening(self._parts.home.wake):
            try:
                while True:
                    try:
                        if not looked_after:
                            await self._look_after_a_crash()
                            looked_after = True
                            up("")
                        await self._begin_due(hearing.tell)
                    except StoreError as problem:
                        self._parts.log.warning("the outbox cannot be used", problem=str(problem))
                    await hearing.rest(_LOOK_SECONDS)
            finally:
                await self._let_end()

    async def send_due(self) -> None:
        """Send what is due, until nothing more is."""
        while await self._begin_due(lambda: None):
            await self._let_end()

    async def _begin_due(self, done: Callable[[], None]) -> bool:
        """Let each channel send what is due for it, unless it is at it already; says whether one began."""
        due: dict[str, list[Outgoing]] = {}
        began = False
        for message in await self._parts.thread.call(outbox.due, self._parts.clock.now()):
            name = await self._parts.thread.call(tasks.channel_of, message.conversation_id)
            due.setdefault(name, []).append(message)
        for name, messages in due.items():
            channel = self._channels.get(name)
            if channel is not None and (name not in self._sending or self._sending[name].done()):
                sending = asyncio.create_task(self._send_all(channel, messages))
                sending.add_done_callback(lambda _: done())
                self._sending[name], began = sending, True
        return began

    async def _let_end(self) -> None:
        """Let what is on its way be sent; what takes too long is found in `sending` at the next start."""
        sending = list(self._sending.values())
        if not sending:
            return
        _, late = await asyncio.wait(sending, timeout=_LAST_SECONDS)
        for one in late:
            one.cancel()
        results = await asyncio.gather(*sending, return_exceptions=True)
        self._sending.clear()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _send_all(self, channel: Channel, messages: list[Outgoing]) -> None:
        for message in messages:
            if await self._too_late(message):
                await self._mark(message, OutgoingState.DROPPED, OutgoingState.QUEUED, reason="the run has ended")
            elif await self._mark(message, OutgoingState.SENDING, OutgoingState.QUEUED):
                failpoint("deliver.sending")
                await self._send(channel, message)

    async def _too_late(self, message: Outgoing) -> bool:
        """Say whether a message about progress has nothing to say any more."""
        if message.kind is not OutgoingKind.PROGRESS or message.run_id is None or message.parts:
            return False
        return (await self._parts.thread.call(runs.status_of, message.run_id)).final

    async def _send(self, channel: Channel, message: Outgoing) -> None:
        """Send a message, part by part; each is recorded before the next is sent."""
        while True:
            try:
                sent = await channel.send(message)
            except AgentError as problem:
                await self._put_off(message, problem)
                return
            except Exception:
                self._parts.log.exception("channel failed", channel=channel.name, message=message.id)
                await self._after_a_crash(message)
                return
            failpoint("deliver.sent")
            if not await self._part_sent(channel, message, sent):
                return
            message = await self._parts.thread.call(outbox.get, message.id)

    async def _part_sent(self, channel: Channel, message: Outgoing, sent: str | Part) -> bool:
        """Record what was sent; says whether more of the message is to come."""
        part = sent if isinstance(sent, Part) else Part(sent, last=True)

        def write() -> None:
            with database.transaction():
                outbox.add_part(message, channel.name, part)
                if part.last:
                    first = (*message.parts, part.id)[0]
                    outbox.mark(message.id, OutgoingState.SENT, expected=OutgoingState.SENDING, external_id=first)

        await self._parts.thread.call(write)
        if part.last:
            self._parts.wake.ring()
        return not part.last

    async def _put_off(self, message: Outgoing, problem: AgentError) -> None:
        now, reason = self._parts.clock.now(), self._parts.redact.text(str(problem))
        if isinstance(problem, Undeliverable) or now - message.created_at > _GIVE_UP_AFTER:
            self._parts.log.warning("a message cannot be delivered", message=message.id, why=reason)
            await self._mark(message, OutgoingState.FAILED, OutgoingState.SENDING, reason=reason)
            return
        pause = min(_FIRST_PAUSE * 2.0**message.attempts, _LONGEST_PAUSE)
        if isinstance(problem, NotNow):
            pause = problem.seconds
            if pause > _RESTS_AFTER:
                self._parts.log.info("a channel rests", message=message.id, seconds=pause)
        await self._mark(message, OutgoingState.QUEUED, OutgoingState.SENDING, reason=reason, next_at=now + pause)

    async def _look_after_a_crash(self) -> None:
        for message in await self._parts.thread.call(outbox.left_sending):
            await self._after_a_crash(message)

    async def _after_a_crash(self, message: Outgoing) -> None:
        """Ask the channel whether it was sent; else send it once more, marked, to the owner only."""
        channel = await self._channel_of(message)
        if channel is None:
            return
        sent = await self._looked_up(channel, message)
        if sent is not None:
            if await self._part_sent(channel, message, sent):
                await self._mark(message, OutgoingState.QUEUED, OutgoingState.SENDING)
        elif message.repeated or message.to != "owner":
            await self._mark(message, OutgoingState.FAILED, OutgoingState.SENDING, reason="unknown whether it was sent")
        else:
            at = self._parts.clock.now() + _FIRST_PAUSE
            await self._mark(message, OutgoingState.QUEUED, OutgoingState.SENDING, repeated=True, next_at=at)

    async def _looked_up(self, channel: Channel, message: Outgoing) -> str | Part | None:
        try:
            return await channel.sent_before(message)
        except Exception:
            self._parts.log.exception("channel failed", channel=channel.name, message=message.id)
            return None

    async def _channel_of(self, message: Outgoing) -> Channel | None:
        name = await self._parts.thread.call(tasks.channel_of, message.conversation_id)
        return self._channels.get(name)

    async def _mark(
        self,
        message: Outgoing,
        state: OutgoingState,
        expected: OutgoingState,
        *,
        reason: str = "",
        next_at: float = 0.0,
        repeated: bool | None = None,
    ) -> bool:
        def write() -> bool:
            with database.transaction():
                return outbox.mark(
                    message.id, state, expected=expected, reason=reason, next_at=next_at, repeated=repeated
                )

        return await self._parts.thread.call(write)
