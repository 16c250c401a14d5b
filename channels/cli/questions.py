"""How a question to the owner is shown, and how it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels.cli import moments
from channels.cli.text import block, flat

if TYPE_CHECKING:
    from channels.cli.screen import Screen
    from daemon.domain.approval import Approval

SHORT = 8
"""Characters of an id that are shown; 40 random bits are told apart."""


def whole(screen: Screen, asked: Approval) -> str:
    """Show a question exactly and whole, in a block of its own: no text in it can look like another question."""
    head = f"{asked.id[:SHORT]}  task {asked.task_id}  {asked.kind.value}  expires {_expiry(screen, asked)}"
    parts = [screen.paint(head, "bold"), block(asked.shown, "    ")]
    if asked.choices:
        parts.append(f"    Choices: {', '.join(map(flat, asked.choices))}")
    return "\n".join([*parts, f"  {how_to_answer(asked)}"])


def how_to_answer(asked: Approval) -> str:
    """Give the commands that answer."""
    short = asked.id[:SHORT]
    if asked.kind.value == "question":
        return f'agent approve {short} "your answer"   or   agent reject {short}'
    return f'agent approve {short}   or   agent reject {short} "why"'


def _expiry(screen: Screen, asked: Approval) -> str:
    return moments.within(asked.expires_at) if screen.terminal else moments.plain(asked.expires_at)
