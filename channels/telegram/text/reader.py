"""What a parser found in Markdown, written block by block."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from channels.telegram.text.link import link_of, shown_address
from channels.telegram.text.table import Table
from channels.telegram.text.writing import Writing

_RULE = "─" * 10
_STYLES = {"strong": "bold", "em": "italic", "s": "strikethrough"}
_TASK = re.compile(r"\[([ xX])\] ")
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_BLANK = re.compile(r"[\s>]*")


class Reader:
    """Writes the blocks of one text; a blank line is kept where the text has one."""

    def __init__(self, writing: Writing, source: str) -> None:
        """Write them here; the tokens are those of `source`."""
        self._writing = writing
        self._lines = source.split("\n")
        self._numbers: list[int | None] = []
        self._links: list[tuple[str, int]] = []

    def read(self, tokens: Sequence[Token]) -> None:
        """Write all blocks."""
        at = 0
        while at < len(tokens):
            at = self._block(tokens, at)

    def _block(self, tokens: Sequence[Token], at: int) -> int:
        """Write the block that a token begins or ends; gives where the next one is."""
        token = tokens[at]
        self._space(token)
        match token.type:
            case "inline":
                self.inline(token.children or ())
            case "fence" | "code_block":
                self._code(token)
            case "formula":
                self._writing.put(token.content.strip("\n"))
            case "hr":
                self._writing.put(_RULE)
            case "heading_open":
                self._writing.gap(2)
                self._writing.open("bold")
            case "heading_close":
                self._writing.close()
            case "blockquote_open":
                self._writing.open_quote()
            case "blockquote_close":
                self._writing.close_quote()
            case "table_open":
                return self._table(tokens, at)
            case _:
                self._list(tokens, at)
        return at + 1

    def _space(self, token: Token) -> None:
        """Keep the blank line before a block, or at least begin a new one."""
        if token.map is None or token.nesting < 0 or token.type == "inline":
            return
        begin = token.map[0]
        self._writing.gap(2 if begin > 0 and _BLANK.fullmatch(self._lines[begin - 1]) else 1)

    def _list(self, tokens: Sequence[Token], at: int) -> None:
        token = tokens[at]
        match token.type:
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                self._numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
            case "list_item_open":
                self._item(tokens, at)
            case "list_item_close":
                self._writing.dedent()

    def _item(self, tokens: Sequence[Token], at: int) -> None:
        number, token = self._numbers[-1], tokens[at]
        sign = "•"
        if number is not None:
            # As they are written where they grow, else counted on: many number every item with 1.
            number = max(number, int(token.info))
            self._numbers[-1] = number + 1
            sign = f"{number}{token.markup}"
        if box := _box(tokens[at + 1 : at + 3]):
            sign = box if number is None else f"{sign} {box}"
        self._writing.indent(f"{sign} ", "  " if number is None else "   ")

    def _code(self, token: Token) -> None:
        lines = token.content.expandtabs(4).split("\n")
        deep = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        language = _LANGUAGE.match(token.info.strip())
        self._writing.put_block("\n".join(line[deep:] for line in lines), language[0].lower() if language else "")

    def _table(self, tokens: Sequence[Token], at: int) -> int:
        rows: list[list[Sequence[Token]]] = []
        sides: list[str] = []
        while tokens[at].type != "table_close":
            token = tokens[at]
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token.children or ())
            elif token.type == "th_open":
                sides.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
            at += 1
        Table(rows, sides).write(self._writing, lambda writing, cell: Reader(writing, "").inline(cell))
        return at + 1

    def inline(self, tokens: Sequence[Token]) -> None:
        """Write what stands within a block."""
        for token in tokens:
            self._word(token)

    def _word(self, token: Token) -> None:
        writing = self._writing
        match token.type:
            case "text":
                writing.put(token.content)
            case "code_inline":
                writing.put_code(token.content)
            case "softbreak" | "hardbreak":
                # Models do not fold their lines: where one ends, it is meant to.
                writing.line()
            case "image":
                self._open_link(str(token.attrs.get("src", "")))
                writing.put(token.content or shown_address(str(token.attrs.get("src", ""))))
                self._close_link()
            case "link_open":
                self._open_link("" if token.markup == "autolink" else str(token.attrs.get("href", "")))
            case "link_close":
                self._close_link()
            case kind if kind.endswith("_open"):
                writing.open(_STYLES[kind.removesuffix("_open")])
            case _:
                writing.close()

    def _open_link(self, address: str) -> None:
        """Begin a link; what Telegram takes for none has its address told behind it, if there is something to tell."""
        url = link_of(address)
        within = self._writing.has("text_link")
        self._writing.open("text_link" if url else "", url or None)
        self._links.append(("" if url or within else shown_address(address), self._writing.pieces))

    def _close_link(self) -> None:
        told, pieces = self._links.pop()
        self._writing.close()
        shown = self._writing.since(pieces).strip()
        if told and told != shown:
            self._writing.put(f" ({told})" if shown else told)


def _box(tokens: Sequence[Token]) -> str:
    """Give the box of a task's item, and take its sign out of the words; empty for other items."""
    if len(tokens) < 2 or tokens[0].type != "paragraph_open" or not tokens[1].children:
        return ""
    first = tokens[1].children[0]
    found = _TASK.match(first.content) if first.type == "text" else None
    if not found:
        return ""
    first.content = first.content[found.end() :]
    return "☐" if found[1] == " " else "☑"
