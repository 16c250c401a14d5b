"""Sends what stands in the outbox (STATES.md, outgoing message)."""

from collections.abc import Iterable

from daemon.domain.errors import AgentError, StoreError
from daemon.domain.failpoint import failpoint
from daemon.domain.message import Outgoing, OutgoingState
from daemon.domain.ports import Channel
from daemon.engine.hearing import Hearing
from daemon.engine.parts import Parts
from daemon.store import database, outbox, tasks

_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 600.0
_GIVE_UP_AFTER = 86_400.0
_LOOK_SECONDS = 2.0


class Delivery:
    """Sends by the channels that this process has; what no channel is there for stays queued."""

    def __init__(self, parts: Parts, channels: Iterable[Channel]) -> None:
        """Send by these."""
        self._parts = parts
        self._channels = {channel.name: channel for channel in channels}

    async def serve(self) -> None:
        """Look after what a crash left, then send whatever is due, until cancelled."""
        hearing, looked_after = Hearing(), False
        with hearing.listening(self._parts.home.wake):
            while True:
                try:
                    if not looked_after:
                        await self._look_after_a_crash()
                        looked_after = True
                    await self.send_due()
                except StoreError as problem:
                    self._parts.log.warning("the outbox cannot be used", problem=str(problem))
                await hearing.rest(_LOOK_SECONDS)

    async def _look_after_a_crash(self) -> None:
        for message in await self._parts.thread.call(outbox.left_sending):
            await self._after_a_crash(message)

    async def send_due(self) -> None:
        """Send what is due once."""
        for message in await self._parts.thread.call(outbox.due, self._parts.clock.now()):
            channel = await self._channel_of(message)
            if channel is not None and await self._mark(message, OutgoingState.SENDING, OutgoingState.QUEUED):
                failpoint("deliver.sending")
                await self._send(channel, message)

    async def _send(self, channel: Channel, message: Outgoing) -> None:
        try:
            external_id = await channel.send(message)
        except AgentError as problem:
            await self._put_off(message, str(problem))
            return
        except Exception:
            self._parts.log.exception("channel failed", channel=channel.name, message=message.id)
            await self._after_a_crash(message)
            return
        failpoint("deliver.sent")
        await self._mark(message, OutgoingState.SENT, OutgoingState.SENDING, external_id=external_id)

    async def _put_off(self, message: Outgoing, reason: str) -> None:
        now, reason = self._parts.clock.now(), self._parts.redact.text(reason)
        if now - message.created_at > _GIVE_UP_AFTER:
            await self._mark(message, OutgoingState.FAILED, OutgoingState.SENDING, reason=reason)
            return
        pause = min(_FIRST_PAUSE * 2.0**message.attempts, _LONGEST_PAUSE)
        await self._mark(message, OutgoingState.QUEUED, OutgoingState.SENDING, reason=reason, next_at=now + pause)

    async def _after_a_crash(self, message: Outgoing) -> None:
        """Ask the channel whether it was sent; else send it once more, marked, to the owner only."""
        channel = await self._channel_of(message)
        if channel is None:
            return
        external_id = await self._looked_up(channel, message)
        if external_id is not None:
            await self._mark(message, OutgoingState.SENT, OutgoingState.SENDING, external_id=external_id)
        elif message.repeated or message.to != "owner":
            await self._mark(message, OutgoingState.FAILED, OutgoingState.SENDING, reason="unknown whether it was sent")
        else:
            now = self._parts.clock.now()
            await self._mark(
                message, OutgoingState.QUEUED, OutgoingState.SENDING, repeated=True, next_at=now + _FIRST_PAUSE
            )

    async def _looked_up(self, channel: Channel, message: Outgoing) -> str | None:
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
        external_id: str | None = None,
        reason: str = "",
        next_at: float = 0.0,
        repeated: bool = False,
    ) -> bool:
        def write() -> bool:
            with database.transaction():
                return outbox.mark(
                    message.id,
                    state,
                    expected=expected,
                    external_id=external_id,
                    reason=reason,
                    next_at=next_at,
                    repeated=repeated,
                )

        return await self._parts.thread.call(write)
