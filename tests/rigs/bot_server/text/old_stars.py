"""The parse mode Markdown, by https://core.telegram.org/bots/api#markdown-style: the old one, without nesting."""

from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.text.fence import after_fence
from tests.rigs.bot_server.text.units import bytes_before
from tests.rigs.bot_server.text.writing import Writing

_SIGNS = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}


def parse(source: str) -> Writing:
    """Read a text with stars and underscores; raises Refused."""
    writing, at = Writing(), 0
    while at < len(source):
        if source[at] == "\\" and source[at + 1 : at + 2] in {"_", "*", "`", "["}:
            writing.put(source[at + 1])
            at += 2
        elif source[at] in _SIGNS:
            at = _entity(source, at, writing)
        else:
            writing.put(source[at])
            at += 1
    return writing


def _entity(source: str, start: int, writing: Writing) -> int:
    """Read one entity; gives where it ends."""
    kind, sign, language, at, offset = _SIGNS[source[start]], source[start], "", start + 1, writing.units
    if source.startswith("```", start):
        kind, sign = "pre", "```"
        language, at = after_fence(source, start + 3)
    end = source.find("]" if sign == "[" else sign, at)
    if end < 0:
        where = bytes_before(source, start)
        raise Refused(f"can't parse entities: Can't find end of the entity starting at byte offset {where}")
    writing.put(source[at:end])
    after = end + len(sign)
    if kind != "text_link":
        writing.mark(kind, offset, **({"language": language} if language else {}))
        return after
    if not source.startswith("(", after):
        writing.link(source[at:end], offset)
        return after
    closed = source.find(")", after)
    writing.link(source[after + 1 : closed if closed >= 0 else None], offset)
    return closed + 1 if closed >= 0 else len(source)
