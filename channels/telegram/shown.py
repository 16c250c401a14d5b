"""What is sent without being written: a place, a contact, a poll, a list; and what nobody says at all."""

from telegram import Message

_SAID = (
    *("text", "photo", "live_photo", "animation", "document", "audio", "video", "voice", "video_note", "paid_media"),
    *("sticker", "story", "contact", "dice", "game", "poll", "venue", "location", "checklist", "invoice", "giveaway"),
)
"""The fields of a message that hold what somebody sends; all others tell of what happened in the chat."""

_OLDER = frozenset({"new_chat_participant", "new_chat_member", "left_chat_participant"})
"""Names that earlier versions of the API had for members who come and go; Telegram still sends them."""


def is_said(message: Message) -> bool:
    """Say whether somebody sends something; a field that the library does not know yet may be that too."""
    return any(getattr(message, name) for name in _SAID) or bool(set(message.api_kwargs) - _OLDER)


def own_words(message: Message) -> str:
    """Give in words what the sender shows: where, or a list."""
    if message.location is not None:
        return f"📍 {message.location.latitude:.6f}, {message.location.longitude:.6f}"
    if message.checklist is not None:
        marks = [(task.completion_date is not None, task.text) for task in message.checklist.tasks]
        return "\n".join([message.checklist.title, *(f"[{'x' if done else ' '}] {text}" for done, text in marks)])
    return ""


def others_words(message: Message) -> str:
    """Give in words what the sender hands on: how others call a place, a contact, a poll."""
    if message.venue is not None:
        return f"{message.venue.title}, {message.venue.address}"
    if message.contact is not None:
        contact = message.contact
        name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
        return f"👤 {name}, {contact.phone_number}"
    if message.poll is not None:
        return "\n".join([message.poll.question, *(f"- {option.text}" for option in message.poll.options)])
    return ""
