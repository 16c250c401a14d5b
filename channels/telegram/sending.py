"""A rendered message as Telegram takes it: parts, each one message, of which files and long texts make several."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from channels.rendering.amounts import size
from channels.rendering.rendered import Block, BlockKind, Rendered
from channels.telegram.api import Keyboard
from channels.telegram.text.commands import without_commands
from channels.telegram.text.formatted import Formatted, code, joined, plain, quote, units
from channels.telegram.text.pieces import pieces
from daemon.domain.blob import Blob
from daemon.domain.visible import exact
from daemon.domain.words import Words

LONGEST_TEXT, LONGEST_CAPTION = 4096 - 256, 1024 - 256
"""UTF-16 units (https://core.telegram.org/bots/api#sendmessage), with room for the mark of a repeat."""
MOST_SENT = 50_000_000
"""Bytes of a file that a bot may send."""
_MOST_PIECES = 3
"""Messages that a text may take; a longer one is sent as a file."""
_FORMATTED = 40_000
"""Characters of a text that is sent as a file without formatting it before: only its beginning is shown."""
_IN_A_GROUP = 10


@dataclass(frozen=True, slots=True)
class Sendable:
    """One message to be sent: a text, a file with a caption, or a group of files."""

    text: Formatted | None = None
    files: tuple[tuple[Path, str], ...] = ()
    keyboard: Keyboard = ()
    document: bytes | None = None
    """A text that is sent as a file, whose name is that of `files`."""


def marked(message: Sendable, mark: str) -> Sendable:
    """Give a message that says that it may be a repeat."""
    text = [message.text] if message.text is not None else []
    return replace(message, text=joined([plain(mark), *text]))


def formatted(rendered: Rendered) -> Formatted:
    """Give the text of a message."""
    return joined([_formatted(block) for block in rendered.blocks if block.text.strip()])


def _formatted(block: Block) -> Formatted:
    if block.kind is BlockKind.MARKDOWN:
        from channels.telegram.text.markdown import from_markdown

        return without_commands(from_markdown(block.text))
    if block.kind is BlockKind.EXACT:
        return code(block.text)
    if block.kind is BlockKind.QUOTED:
        return quote(plain(block.text))
    return plain(block.text)


def keyboard(rendered: Rendered) -> Keyboard:
    """Give the buttons."""
    return [[(button.text, button.action) for button in row] for row in rendered.buttons]


def sendables(rendered: Rendered, path_of: Callable[[Blob], Path | None], say: Words) -> list[Sendable]:
    """Give the messages that a message becomes; the buttons are on the last of its text."""
    files, remarks = _files(rendered, path_of, say)
    long = sum(len(block.text) for block in rendered.blocks) > _FORMATTED
    text = joined([formatted(_beginning(rendered) if long else rendered), *(plain(remark) for remark in remarks)])
    buttons = keyboard(rendered)
    # Nothing that can be seen is nothing that can be sent.
    parts = pieces(text, LONGEST_TEXT) or [plain(say.say("result.no_words"))]
    if not long and len(files) == 1 and len(parts) == 1 and units(parts[0].text) <= LONGEST_CAPTION:
        return [Sendable(parts[0], tuple(files), buttons)]
    if long or len(parts) > _MOST_PIECES:
        messages = _as_file(rendered, parts[0], buttons, say)
    else:
        messages = [Sendable(part) for part in parts[:-1]] + [Sendable(parts[-1], (), buttons)]
    return messages + [Sendable(None, tuple(files[at : at + _IN_A_GROUP])) for at in range(0, len(files), _IN_A_GROUP)]


def _beginning(rendered: Rendered) -> Rendered:
    return replace(rendered, blocks=tuple(replace(block, text=block.text[:LONGEST_TEXT]) for block in rendered.blocks))


def _as_file(rendered: Rendered, head: Formatted, buttons: Keyboard, say: Words) -> list[Sendable]:
    """Give the whole text as a file, and its beginning as a message."""
    name = "question.txt" if any(block.kind is BlockKind.EXACT for block in rendered.blocks) else "answer.md"
    whole = "\n\n".join(block.text for block in rendered.blocks).encode()
    begin = pieces(head, LONGEST_TEXT // 4)[0]
    text = joined([begin, plain("…"), plain(say.say("result.whole_text", name=name))])
    return [Sendable(None, ((Path(name), name),), document=whole), Sendable(text, (), buttons)]


def shown_name(name: str) -> str:
    """Give the name of a file in one line, with signs that cannot be seen written out."""
    return exact(name.replace("\n", " "))


def _files(
    rendered: Rendered, path_of: Callable[[Blob], Path | None], say: Words
) -> tuple[list[tuple[Path, str]], list[str]]:
    """Give the files that can be sent, and a sentence about each that cannot."""
    files: list[tuple[Path, str]] = []
    remarks: list[str] = []
    for blob in rendered.files:
        path = path_of(blob)
        name = blob.name.rsplit("/", 1)[-1]
        if path is None or not path.is_file():
            remarks.append(say.say("result.gone", name=shown_name(name)))
        elif blob.size == 0:
            remarks.append(say.say("result.empty", name=shown_name(name)))
        elif blob.size > MOST_SENT:
            told = {"name": shown_name(name), "size": size(blob.size), "path": exact(str(path))}
            remarks.append(say.say("result.too_big", **told))
        else:
            files.append((path, name))
    return files, remarks
