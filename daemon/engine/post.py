"""What channels need that carry messages: taking what comes in, showing what went out, and pairing (STATES.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For their names alone: a light command loads what its own verb needs and nothing else.
    from collections.abc import Callable, Sequence

    from daemon.domain.blob import Blob
    from daemon.domain.errors import AgentError
    from daemon.domain.message import Handling, Incoming
    from daemon.domain.ports import Clock, Wake
    from daemon.domain.principal import Principal
    from daemon.engine.hearing import Hearing
    from daemon.engine.redaction.redactor import Redactor
    from daemon.store.pairings import Paired


class Post:
    """The verbs of channels, each in its own transaction; called in the store's thread."""

    def __init__(self, clock: Clock, wake: Wake, redactor: Callable[[], Redactor]) -> None:
        """Take secrets out of what comes in with the `redactor`."""
        self._clock = clock
        self._wake = wake
        self._redactor = redactor

    def receive(self, *messages: Incoming) -> int:
        """Store what came in by a channel; once this returns it may be acknowledged. Gives how many were new."""
        from daemon.engine import receive
        from daemon.engine.redaction.incoming import clean_message

        redactor = self._redactor()
        new = receive.receive([clean_message(redactor, message) for message in messages], self._clock.now())
        if new:
            self._wake.ring()
        return new

    def stored(self, channel: str) -> list[Incoming]:
        """Give what was received by a channel and is not handled yet, in the order it came."""
        from daemon.store import inbox

        return inbox.stored(channel)

    def keep_with(self, message: Incoming, files: Sequence[Blob]) -> None:
        """Write which kept files belong to a message that was received, so that they are not fetched again."""
        from daemon.engine import receive

        receive.keep(message, files)

    def write_details(self, message: Incoming) -> None:
        """Write what a channel has found out about a message that was received, so that it is not found out again."""
        from daemon.engine import receive

        receive.write_details(message)

    def handle(
        self, messages: Sequence[Incoming], act: Callable[[], Handling], sorry: Callable[[AgentError], str]
    ) -> Handling | None:
        """Do what received messages say, exactly once; `act` calls the verbs, and what it does is committed with it.

        Gives None where nothing came of them: `sorry` words the reason for the sender.
        """
        from daemon.engine import receive

        done = receive.handle(messages, act, sorry, self._clock.now())
        self._wake.ring()
        return done

    def cut_off(self, channel: str) -> list[Incoming]:
        """Give received messages whose `details["later"]` was begun and not answered: a crash came between."""
        from daemon.store import inbox

        return inbox.unanswered(channel)

    def turn_away(self, messages: Sequence[Incoming], reason: str, reply: str = "") -> None:
        """Write why nothing comes of received messages, with a reply where the sender is to know."""
        from daemon.engine import receive

        receive.refuse(messages, reason, reply, self._clock.now())
        self._wake.ring()

    def move_conversation(self, channel: str, old: str, new: str) -> None:
        """Write that a channel calls a conversation otherwise from now on."""
        from daemon.engine import receive

        receive.move_conversation(channel, old, new)

    def reached(self, channel: str) -> None:
        """Let what was put off at a channel be sent now: its other side can be reached again."""
        from daemon.store import database, outbox

        with database.transaction():
            hastened = outbox.hasten(channel, self._clock.now())
        if hastened:
            self._wake.ring()

    def show_progress(self, run_id: int) -> None:
        """Queue the message in which the progress of a run is seen, once for a run."""
        from daemon.engine import receive

        receive.show_progress(run_id, self._clock.now())
        self._wake.ring()

    def shown(self, message_id: int, what: str) -> None:
        """Write what is seen in the place of a sent message now."""
        from daemon.store import database, outbox

        with database.transaction():
            outbox.show(message_id, what)

    def heard(self) -> Hearing:
        """Give what hears of every write, from this process or another, within an event loop."""
        from daemon.engine.hearing import Hearing

        return Hearing()

    def open_door(self, channel: str, by: Principal) -> float:
        """Let accounts at a channel ask to be paired; gives until when."""
        from daemon.engine import pairing

        return pairing.open_door(channel, by, self._clock.now())

    def close_door(self, channel: str) -> None:
        """Let nobody at a channel ask to be paired any more."""
        from daemon.engine import pairing

        pairing.close_door(channel)

    def ask_to_pair(self, channel: str, who: str, name: str, thread: str) -> str | None:
        """Give the code that somebody at a channel is shown; None where nobody may ask."""
        from daemon.engine import pairing

        code = pairing.ask(channel, who, name, thread, self._clock.now())
        self._wake.ring()
        return code

    def pair(self, channel: str, code: str, by: Principal) -> Paired:
        """Make the account that was shown this code the owner's."""
        from daemon.engine import pairing

        done = pairing.confirm(channel, code, by, self._clock.now())
        self._wake.ring()
        return done

    def unpair(self, channel: str, who: str, by: Principal) -> bool:
        """Let an account no longer be the owner's; says whether it was."""
        from daemon.engine import pairing

        return pairing.forget(channel, who, by, self._clock.now())

    def show_question(self, approval_id: str, near: Incoming) -> None:
        """Ask an open question again in the conversation of a message, once for that message."""
        from daemon.engine import receive

        receive.show_question(approval_id, near, self._clock.now())

    def say(self, to: Incoming, text: str) -> None:
        """Say something in answer to a message that was handled, once."""
        from daemon.engine import receive

        receive.say(to, text, self._clock.now())
        self._wake.ring()
