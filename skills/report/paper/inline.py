"""Text within a paragraph: a list of nodes, each a JSON object whose `t` says what it is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.token import Token

from skills.report.visible import breakable, visible

Node = dict[str, Any]
_LONGEST_WORD = 40
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
_HTML = {
    "sub": "sub",
    "sup": "sup",
    "u": "under",
    "ins": "under",
    "kbd": "code",
    "mark": "mark",
    "b": "strong",
    "i": "em",
}
_TAG = re.compile(r"<(/?)([a-zA-Z]+)\s*/?>")
_PAIRS = {"strong": "strong", "em": "em", "s": "strike"}


@dataclass(slots=True)
class Inline:
    """Turns the tokens of one paragraph into nodes; `picture` and `footnote` give what they refer to."""

    picture: Callable[[str], str]
    footnote: Callable[[Token], Node]
    headings: Callable[[str], int | None]
    _stack: list[tuple[str, list[Node], Node]] = field(default_factory=list)
    _here: list[Node] = field(default_factory=list)

    def nodes(self, tokens: Sequence[Token]) -> list[Node]:
        """Give the nodes; what was opened and never closed ends with the paragraph."""
        self._stack, self._here = [], []
        for token in tokens:
            self._take(token)
        while self._stack:
            self._close(self._stack[-1][0])
        return self._here

    def _take(self, token: Token) -> None:
        kind = token.type
        if kind == "text":
            self._text(token.content)
        elif kind in ("softbreak", "hardbreak"):
            self._here.append({"t": "text", "v": " "} if kind == "softbreak" else {"t": "break"})
        elif kind == "code_inline":
            self._here.append({"t": "code", "v": breakable(visible(token.content), _LONGEST_WORD)})
        elif kind == "link_open":
            self._open("link", self._link(str(token.attrs.get("href", ""))))
        elif kind == "link_close":
            self._close("link")
        elif kind == "image":
            self._image(token)
        elif kind == "footnote_ref":
            self._here.append(self.footnote(token))
        elif kind == "html_inline":
            self._html(token.content)
        elif kind.endswith("_open") and kind[:-5] in _PAIRS:
            self._open(_PAIRS[kind[:-5]], {"t": _PAIRS[kind[:-5]]})
        elif kind.endswith("_close") and kind[:-6] in _PAIRS:
            self._close(_PAIRS[kind[:-6]])

    def _text(self, text: str) -> None:
        if text:
            self._here.append({"t": "text", "v": breakable(_shown(text), _LONGEST_WORD)})

    def _image(self, token: Token) -> None:
        name = self.picture(str(token.attrs.get("src", "")))
        alt = _shown(token.content)[:300]
        if name:
            self._here.append(
                {"t": "image", "v": name, "alt": alt, "title": _shown(str(token.attrs.get("title", "")))[:300]}
            )
        else:
            self._here.append({"t": "missing", "v": alt or "picture"})

    def _link(self, href: str) -> Node:
        """Give a link that leads somewhere: to the web, to mail, or to a heading of this paper."""
        if href.startswith("#"):
            number = self.headings(href[1:])
            return {"t": "group"} if number is None else {"t": "jump", "v": number}
        return {"t": "link", "v": href[:2000]} if _SAFE.fullmatch(href) else {"t": "group"}

    def _html(self, source: str) -> None:
        """Take the few tags that say how a text looks; the rest stands there as it is written, comments do not."""
        tag = _TAG.fullmatch(source)
        name = tag[2].lower() if tag else ""
        if source.startswith("<!--"):
            return
        if name == "br":
            self._here.append({"t": "break"})
        elif tag and name in _HTML:
            if tag[1]:
                self._close(name)
            else:
                self._open(name, {"t": _HTML[name]})
        else:
            self._text(source)

    def _open(self, name: str, node: Node) -> None:
        self._stack.append((name, self._here, node))
        self._here = []

    def _close(self, name: str) -> None:
        if not any(opened == name for opened, _, _ in self._stack):
            return
        while True:
            opened, before, node = self._stack.pop()
            before.append(node | {"c": self._here})
            self._here = before
            if opened == name:
                return


def plain(nodes: Sequence[Node]) -> str:
    """Give the words of nodes, without those of footnotes."""
    return "".join(map(_plain, nodes))


def _plain(node: Node) -> str:
    if node["t"] in ("text", "code") and "v" in node:
        return str(node["v"])
    return "" if node["t"] == "note" else plain(node.get("c", ()))


def _shown(text: str) -> str:
    return visible(text.replace("\t", " ").replace("\n", " "))
