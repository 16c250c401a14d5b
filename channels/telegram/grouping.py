"""Messages that belong together: the parts of an album, a long text in pieces, a comment and what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.talk.desk import Said
from daemon.domain.message import Incoming

QUIET_SECONDS = 1.5
"""How long more of a group may still come."""
_LONG, _MOST = 2048, 4096
"""Characters of a text that an app has cut: in the second half of what fits, where a paragraph or a word ends."""
_NEAR_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Group:
    """Messages to be taken as one; where more may come, `wait` is for how many seconds."""

    messages: tuple[Incoming, ...]
    wait: float


def first_group(messages: Sequence[Incoming], now: float) -> Group:
    """Give the first group of the messages of one conversation, which are in the order they came."""
    count = 1
    while count < len(messages) and _belongs(messages[count - 1], messages[count]):
        count += 1
    group = tuple(messages[:count])
    grows = count == len(messages) and _may_grow(group[-1])
    return Group(group, max(0.0, group[-1].at + QUIET_SECONDS - now) if grows else 0.0)


def _belongs(before: Incoming, after: Incoming) -> bool:
    if "tap" in after.details or "edited" in after.details or "edited" in before.details:
        return False
    group = before.details.get("group")
    if group is not None or "group" in after.details:
        return bool(group == after.details.get("group"))
    if abs(after.sent_at - before.sent_at) > _NEAR_SECONDS:
        return False
    cut_by_the_app = len(before.text) >= _LONG and not after.quoted and not after.text.startswith("/")
    if _passed_on(after):
        # The apps send a comment before what it is about, and people write it after.
        return _passed_on(before) or _comments(before)
    return cut_by_the_app or (_passed_on(before) and _comments(after))


def _passed_on(message: Incoming) -> bool:
    return bool(message.details.get("forwarded"))


def _comments(message: Incoming) -> bool:
    return bool(message.text) and not message.details.get("answers") and not message.text.startswith("/")


def _may_grow(last: Incoming) -> bool:
    return "group" in last.details or _passed_on(last) or len(last.text) >= _LONG


def said(messages: tuple[Incoming, ...], remarks: str = "") -> Said:
    """Give a group as one. What was spoken is no word of the owner's own: a model has written it down."""
    cut = any(len(message.text) >= _MOST for message in messages[:-1])  # in the middle of a word
    # Nor is it ever a command.
    heard = [str(message.details["heard"]).lstrip("/ ") for message in messages if "heard" in message.details]
    passed_on = bool(heard) and all(_passed_on(message) for message in messages if "heard" in message.details)
    text = ("" if cut else "\n").join(message.text for message in messages if message.text)
    quoted = "\n\n".join(message.quoted for message in messages if message.quoted)
    if passed_on:
        quoted = "\n\n".join(part for part in (quoted, *heard) if part)
    else:
        text = "\n".join(part for part in (text, *heard) if part)
    answers = next((message.details["answers"] for message in messages if "answers" in message.details), "")
    return Said(messages, text, quoted, answers, remarks, spoken=bool(heard) and not passed_on)
