"""The parse mode MarkdownV2, by https://core.telegram.org/bots/api#markdownv2-style."""

from dataclasses import dataclass

from tests.rigs.bot_server.refusal import Refused
from tests.rigs.bot_server.text.fence import after_fence
from tests.rigs.bot_server.text.link import checked, person_of
from tests.rigs.bot_server.text.units import bytes_before
from tests.rigs.bot_server.text.writing import Writing

_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_ENDS = {
    "bold": "*",
    "italic": "_",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "code": "`",
    "pre": "```",
    "text_link": "]",
    "custom_emoji": "]",
}
_NAMES = {
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}


@dataclass(slots=True)
class _Open:
    kind: str
    offset: int
    at: int
    length: int
    language: str = ""


def parse(source: str) -> Writing:
    """Read a text with stars and underscores; raises Refused."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._writing = Writing()
        self._open: list[_Open] = []
        self._quoting = False
        self._line_begins = True

    def read(self) -> Writing:
        while self._at < len(self._source):
            char = self._source[self._at]
            if char == "\\" and "\0" < self._source[self._at + 1 : self._at + 2] <= "~":
                self._at += 1
                self._plain(self._source[self._at])
            elif char not in ("`" if self._kind in {"code", "pre"} else _RESERVED):
                self._plain(char)
            elif self._ends(char):
                self._end(char)
            else:
                self._begin(char)
        self._finish()
        return self._writing

    @property
    def _kind(self) -> str:
        return self._open[-1].kind if self._open else ""

    def _plain(self, char: str) -> None:
        self._writing.put(char)
        if char != "\r":
            self._line_begins = char == "\n"
        self._at += 1

    def _next(self, text: str, ahead: int = 0) -> bool:
        return self._source.startswith(text, self._at + ahead)

    def _ends(self, char: str) -> bool:
        if not self._open:
            return False
        if self._quoting and char == "\n" and not self._next(">", 1):
            return True
        if self._kind == "italic":
            return char == "_" and not self._next("__")
        return self._kind != "blockquote" and self._next(_ENDS[self._kind])

    def _unclosed(self) -> Refused:
        last = self._open[-1]
        name = _NAMES.get(last.kind) or ("PreCode" if last.language else last.kind.capitalize())
        offset = bytes_before(self._source, last.at)
        return Refused(f"can't parse entities: Can't find end of {name} entity at byte offset {offset}")

    def _reserved(self, char: str) -> Refused:
        return Refused(
            f"can't parse entities: Character '{char}' is reserved and must be escaped with the preceding '\\'"
        )

    def _begin(self, char: str) -> None:
        start, language = self._at, ""
        if char == "\n":
            self._plain(char)
            return
        if char == ">":
            self._quote()
            return
        sign, kind = self._sign(char)
        self._at += len(sign)
        if kind == "pre":
            language, self._at = after_fence(self._source, self._at)
        self._open.append(_Open(kind, self._writing.units, start, self._writing.length, language))

    def _sign(self, char: str) -> tuple[str, str]:
        for sign, kind in (
            ("__", "underline"),
            ("_", "italic"),
            ("*", "bold"),
            ("~", "strikethrough"),
            ("||", "spoiler"),
            ("```", "pre"),
            ("`", "code"),
            ("![", "custom_emoji"),
            ("[", "text_link"),
        ):
            if self._next(sign):
                return sign, kind
        raise self._reserved(char)

    def _quote(self) -> None:
        if not self._line_begins:
            raise self._reserved(">")
        if not self._quoting:
            self._open.append(_Open("blockquote", self._writing.units, self._at, self._writing.length))
            self._quoting = True
        self._at += 1

    def _end(self, char: str) -> None:
        if char == "\n":
            self._end_quote()
            return
        last = self._open.pop()
        self._at += len(_ENDS[last.kind])
        if last.kind == "text_link":
            self._link(last)
        elif last.kind == "custom_emoji":
            self._emoji(last)
        else:
            self._writing.mark(last.kind, last.offset, **({"language": last.language} if last.language else {}))

    def _end_quote(self) -> None:
        """End a quotation with its last line; two bars before the end make it one that can be unfolded."""
        kind = "blockquote"
        if self._kind == "spoiler" and self._source[self._open[-1].at + 2 : self._at] in {"", "\r"}:
            self._open.pop()
            kind = "expandable_blockquote"
        if self._kind != "blockquote":
            raise self._unclosed()
        last = self._open.pop()
        self._quoting = False
        self._plain("\n")
        self._writing.mark(kind, last.offset)

    def _finish(self) -> None:
        if self._quoting:
            kind = "blockquote"
            if self._kind == "spoiler" and self._open[-1].at == len(self._source) - 2:
                self._open.pop()
                kind = "expandable_blockquote"
            if self._kind == "blockquote":
                self._writing.mark(kind, self._open.pop().offset)
        if self._open:
            raise self._unclosed()

    def _address(self) -> str:
        """Read an address in round brackets."""
        start, url = self._at + 1, ""
        self._at = start
        while not self._next(")"):
            if self._at >= len(self._source):
                offset = bytes_before(self._source, start)
                raise Refused(f"can't parse entities: Can't find end of a URL at byte offset {offset}")
            self._at += self._next("\\") and self._at + 1 < len(self._source)
            url += self._source[self._at]
            self._at += 1
        self._at += 1
        return url

    def _link(self, last: _Open) -> None:
        self._writing.link(self._address() if self._next("(") else self._writing.since(last.length), last.offset)

    def _emoji(self, last: _Open) -> None:
        if not self._next("("):
            raise Refused("can't parse entities: The entity must contain a tg://emoji or tg://time URL")
        url = checked(self._address())
        scheme, _, identifier = url.partition("?id=")
        if scheme.rstrip("/") != "tg://emoji" or not identifier.isdecimal() or person_of(url):
            raise Refused("can't parse entities: Invalid tg://emoji or tg://time URL specified")
        self._writing.mark("custom_emoji", last.offset, custom_emoji_id=identifier)
