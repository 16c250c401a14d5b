"""A message as every channel can show it: blocks of text, buttons, files."""

from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.blob import Blob


class BlockKind(StrEnum):
    """How a block is to be read."""

    WORDS = "words"
    """Words of ours: shown as they are."""
    MARKDOWN = "markdown"
    """Words of a model, with Markdown in them."""
    EXACT = "exact"
    """What will happen, to the last character: in a fixed pitch, and never cut."""
    QUOTED = "quoted"
    """Words that are not ours: set apart, so that they cannot look like ours."""
    SMALL = "small"
    """Words beside the matter."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or more of one kind."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap; `action` is what `channels.commands.taps` reads."""

    text: str
    action: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A whole message. A channel that has no buttons leaves them out: the text says how to answer in words."""

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[Blob, ...] = ()


def words(text: str) -> Block:
    """Give words of ours."""
    return Block(BlockKind.WORDS, text)


def small(text: str) -> Block:
    """Give words beside the matter."""
    return Block(BlockKind.SMALL, text)


def beginning(text: str, most: int) -> str:
    """Give the beginning of a text, cut at a word and marked as cut."""
    return text if len(text) <= most else f"{text[:most].rsplit(maxsplit=1)[0]} …"


def lines(*texts: str) -> str:
    """Put texts below each other; empty ones are left out."""
    return "\n".join(text for text in texts if text)
