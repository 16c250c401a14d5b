"""Markdown as language models write it, read into a text and its entities."""

import functools

from markdown_it import MarkdownIt

from channels.telegram.text.accepted import limited
from channels.telegram.text.characters import cleaned
from channels.telegram.text.chunks import chunks
from channels.telegram.text.formatted import Formatted, plain, units
from channels.telegram.text.reader import Reader
from channels.telegram.text.syntax import add_syntax
from channels.telegram.text.writing import Writing

_ONE_MESSAGE = 4096
_DEEPEST = 12
"""Quotations, lists and brackets within each other; what is deeper is text."""


def from_markdown(text: str) -> Formatted:
    """Read any text at all. What fits one message has as many entities as one may have; `pieces` limits the others."""
    try:
        found = read(text)
    except Exception:  # noqa: BLE001 - an answer must get to its owner, be it without bold letters
        found = plain(text)
    return limited(found) if units(found.text) <= _ONE_MESSAGE else found


def read(text: str) -> Formatted:
    """Read a text, and raise what the parser raises."""
    writing = Writing()
    defined: dict[str, object] = {}
    for chunk in chunks(cleaned(text)):
        if chunk.gap:
            writing.gap(chunk.gap)
        else:
            writing.glue()
        Reader(writing, chunk.text).read(_parser().parse(chunk.text, defined))
    return writing.result()


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    parser.disable(["html_block", "html_inline"])
    # Every address is read as one; `Reader` decides which become links.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    add_syntax(parser)
    return parser
