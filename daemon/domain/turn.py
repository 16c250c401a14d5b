"""What was asked before in a conversation, and what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier task of the conversation that a task follows: its goal, its result and the names of its files."""

    goal: str
    result: str
    files: tuple[str, ...] = ()
