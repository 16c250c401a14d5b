"""Which files the words of a goal can mean by a slot."""

from daemon.domain.skill import Slot


def suits(slot: Slot, value: str) -> bool:
    """Say whether words can mean `value` by `slot`; an empty value leaves the slot out."""
    return not (value and slot.endings) or value.lower().endswith(slot.endings)
