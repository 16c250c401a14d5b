"""The parse mode HTML, by https://core.telegram.org/bots/api#html-style."""

import re
from dataclasses import dataclass, field

from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.text.units import bytes_before
from tests.rigs.bot_server.text.writing import Writing

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_KNOWN = {*_KINDS, "a", "pre", "code", "blockquote", "tg-emoji", "tg-time"}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_BEGIN = re.compile(r"<([^\s>]*)")
_END = re.compile(r"</([^\s>]*)\s*(>?)")
_ATTRIBUTE = re.compile(r"([^\s=>/\"']*)\s*(=?)\s*")
_VALUE = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.\-]*)(?=[\s>])")


@dataclass(slots=True)
class _Tag:
    name: str
    offset: int
    length: int
    attributes: dict[str, str] = field(default_factory=dict)


def parse(source: str) -> Writing:
    """Read a text with tags; raises Refused."""
    return _Reader(source).read()


def _decoded(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    code = int(found[1], 16) if found[1] else int(found[2])
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else found[0]


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._writing = Writing()
        self._open: list[_Tag] = []

    def read(self) -> Writing:
        while self._at < len(self._source):
            if self._source.startswith("</", self._at):
                self._end()
            elif self._source[self._at] == "<":
                self._begin()
            else:
                self._character()
        if self._open:
            raise Refused(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self._open[-1].name}\""
            )
        return self._writing

    def _wrong(self, what: str, at: int, after: str = "") -> Refused:
        return Refused(f"can't parse entities: {what} at byte offset {bytes_before(self._source, at)}{after}")

    def _character(self) -> None:
        found = _REFERENCE.match(self._source, self._at)
        self._writing.put(_decoded(found) if found else self._source[self._at])
        self._at = found.end() if found else self._at + 1

    def _begin(self) -> None:
        start = self._at
        found = _BEGIN.match(self._source, start)
        assert found is not None
        self._at, name = found.end(), found[1].lower()
        if self._at == len(self._source):
            raise self._wrong("Unclosed start tag", start)
        if name not in _KNOWN:
            raise self._wrong(f'Unsupported start tag "{name}"', start)
        tag = _Tag(name, self._writing.units, self._writing.length)
        while not self._closed(start, name):
            self._attribute(start, tag)
        if name == "span" and tag.attributes.get("class") != "tg-spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler"', start)
        self._open.append(tag)

    def _closed(self, start: int, name: str) -> bool:
        while self._source[self._at : self._at + 1].isspace():
            self._at += 1
        if self._at == len(self._source):
            raise self._wrong(f'Unclosed start tag "{name}"', start)
        closed = self._source[self._at] == ">"
        self._at += closed
        return closed

    def _attribute(self, start: int, tag: _Tag) -> None:
        found = _ATTRIBUTE.match(self._source, self._at)
        assert found is not None
        if not found[1]:
            raise self._wrong(f'Empty attribute name in the tag "{tag.name}"', start)
        self._at = found.end()
        if not found[2]:
            tag.attributes[found[1]] = "1"
            return
        value = _VALUE.match(self._source, self._at)
        if value is None:
            if self._source[self._at : self._at + 1] in {'"', "'", ""}:
                raise self._wrong("Unclosed start tag", start)
            raise self._wrong("Unexpected end of name token", self._at)
        self._at = value.end()
        given = next(group for group in value.groups() if group is not None)
        tag.attributes[found[1]] = _REFERENCE.sub(_decoded, given) if value[3] is None else given.lower()

    def _end(self) -> None:
        start = self._at
        if not self._open:
            raise self._wrong("Unexpected end tag", start)
        found = _END.match(self._source, start)
        assert found is not None
        self._at, name = found.end(), found[1].lower()
        if not found[2]:
            raise self._wrong("Unclosed end tag", start)
        tag = self._open.pop()
        if name not in {"", tag.name}:
            raise self._wrong("Unmatched end tag", start, f', expected "</{tag.name}>", found "</{name}>"')
        if self._writing.units > tag.offset:
            self._mark(tag)

    def _mark(self, tag: _Tag) -> None:
        writing, attributes = self._writing, tag.attributes
        if kind := _KINDS.get(tag.name):
            writing.mark(kind, tag.offset)
        elif tag.name == "a":
            writing.link(attributes.get("href") or writing.since(tag.length), tag.offset)
        elif tag.name == "blockquote":
            writing.mark("expandable_blockquote" if "expandable" in attributes else "blockquote", tag.offset)
        elif tag.name == "tg-emoji":
            if not attributes.get("emoji-id", "").isdecimal():
                raise Refused("can't parse entities: Invalid custom emoji identifier specified")
            writing.mark("custom_emoji", tag.offset, custom_emoji_id=attributes["emoji-id"])
        elif tag.name == "tg-time":
            moment = attributes.get("unix", "")
            if moment.isdecimal() and int(moment):
                form = attributes.get("format", "")
                writing.mark("date_time", tag.offset, unix_time=int(moment), date_time_format=form)
        else:
            self._mark_code(tag)

    def _mark_code(self, tag: _Tag) -> None:
        """Mark <pre> and <code>; where they are around the same text they are one, with its language."""
        language = tag.attributes.get("class", "").removeprefix("language-") if tag.name == "code" else ""
        before = self._writing.entities[-1] if self._writing.entities else {}
        same = before.get("offset") == tag.offset and before.get("length") == self._writing.units - tag.offset
        if same and tag.name == "pre" and before.get("type") == "code" and before.get("language"):
            before["type"] = "pre"
        elif same and tag.name == "code" and before.get("type") == "pre" and language:
            before["language"] = language
        else:
            self._writing.mark(tag.name, tag.offset, **({"language": language} if language else {}))
