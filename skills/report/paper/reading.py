"""Markdown (CommonMark, with tables, footnotes, task and definition lists) read into a tree for the template."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from skills.report.paper.direction import runs_to_the_left
from skills.report.paper.drawn import chart_of
from skills.report.paper.headings import Headings
from skills.report.paper.inline import Inline, Node, plain
from skills.report.paper.pictures import Pictures
from skills.report.paper.tables import widths
from skills.report.paper.wish import Wish
from skills.report.visible import breakable, visible

_LONGEST_CODE_WORD = 90
_MOST_NOTES = 12


@dataclass(slots=True)
class Paper:
    """A paper as the template has it: JSON values, the pictures by their names, and what could not be set."""

    blocks: list[Node]
    facts: dict[str, str]
    files: dict[str, bytes]
    problems: list[str] = field(default_factory=list)
    cells: int = 0


def read(wish: Wish) -> Paper:
    """Read the Markdown of a wish."""
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False})
    parser.enable(["table", "strikethrough"]).use(front_matter_plugin).use(footnote_plugin, inline=False)
    parser.use(deflist_plugin).use(tasklists_plugin)
    # Only what a person typed may become a link; addresses like file: and javascript: never are any.
    tokens = parser.parse(wish.text)
    return _Reader(wish, tokens).paper()


class _Reader:
    def __init__(self, wish: Wish, tokens: Sequence[Token]) -> None:
        self._wish = wish
        self._tree = SyntaxTreeNode(tokens)
        self._pictures = Pictures(wish.folder, wish.roots)
        self._headings = Headings(self._tree)
        self._notes = self._footnotes()
        self._told: set[int] = set()
        self._problems: list[str] = []
        self._cells = 0

    def paper(self) -> Paper:
        front = _facts(self._tree)
        blocks = self._blocks(self._tree.children)
        problems = [*self._problems, *self._pictures.problems]
        return Paper(blocks, front, self._pictures.files, problems[:_MOST_NOTES], self._cells)

    def _blocks(self, nodes: Sequence[SyntaxTreeNode]) -> list[Node]:
        return [block for node in nodes for block in self._block(node)]

    def _block(self, node: SyntaxTreeNode) -> list[Node]:
        reader = getattr(self, f"_{node.type}", None)
        found: list[Node] = reader(node) if reader is not None else self._blocks(node.children)
        return found

    def _heading(self, node: SyntaxTreeNode) -> list[Node]:
        nodes = self._inline(node)
        if not nodes:
            return []
        block = {"k": "heading", "level": int(node.tag[1]), "id": self._headings.number(node), "c": nodes}
        return [block | _direction(nodes)]

    def _paragraph(self, node: SyntaxTreeNode) -> list[Node]:
        nodes = self._inline(node)
        if plain(nodes).strip().upper() in ("[TOC]", "[[TOC]]", r"\TOC"):
            return [{"k": "contents"}]
        telling = [each for each in nodes if each["t"] != "break" and (each["t"] != "text" or each["v"].strip())]
        if len(telling) == 1 and telling[0]["t"] == "image":
            return [{"k": "figure", **{name: telling[0][name] for name in ("v", "alt", "title")}}]
        return [{"k": "paragraph", "c": nodes} | _direction(nodes)] if nodes else []

    def _inline_block(self, node: SyntaxTreeNode) -> list[Node]:
        return self._inline_nodes(node)

    def _blockquote(self, node: SyntaxTreeNode) -> list[Node]:
        return [{"k": "quote", "c": self._blocks(node.children)}]

    def _bullet_list(self, node: SyntaxTreeNode) -> list[Node]:
        return [{"k": "list", "ordered": False, "items": [self._item(item) for item in node.children]}]

    def _ordered_list(self, node: SyntaxTreeNode) -> list[Node]:
        start = int(node.attrs.get("start", 1))
        return [{"k": "list", "ordered": True, "start": start, "items": [self._item(item) for item in node.children]}]

    def _item(self, node: SyntaxTreeNode) -> Node:
        blocks = self._blocks(node.children)
        task = None
        if "task-list-item" in str(node.attrs.get("class", "")):
            boxes = [child for token in node.to_tokens() for child in token.children or () if _is_box(child)]
            task = bool(boxes) and 'checked="checked"' in boxes[0].content
        return {"c": blocks, "task": task}

    def _dl(self, node: SyntaxTreeNode) -> list[Node]:
        items: list[Node] = []
        for child in node.children:
            if child.type == "dt":
                items.append({"term": self._inline(child), "c": []})
            elif items:
                items[-1]["c"] += self._blocks(child.children)
        return [{"k": "terms", "items": items}]

    def _fence(self, node: SyntaxTreeNode) -> list[Node]:
        word = (node.info or "").strip().split(" ")[0].lower()
        if word == "chart":
            return self._chart(node.content)
        return [_code(node.content, word)]

    def _code_block(self, node: SyntaxTreeNode) -> list[Node]:
        return [_code(node.content, "")]

    def _chart(self, source: str) -> list[Node]:
        drawing, problem = chart_of(source, self._wish)
        if drawing is None:
            self._problems.append(f"A chart is shown as its text: {problem}")
            return [_code(source, "json")]
        return [{"k": "chart", "v": drawing}]

    def _hr(self, node: SyntaxTreeNode) -> list[Node]:
        del node
        return [{"k": "rule"}]

    def _html_block(self, node: SyntaxTreeNode) -> list[Node]:
        text = node.content.strip()
        if text.startswith("<!--"):
            return [{"k": "break"}] if "pagebreak" in text.replace(" ", "").lower() else []
        return [_code(node.content, "html")]

    def _front_matter(self, node: SyntaxTreeNode) -> list[Node]:
        del node
        return []

    def _footnote_block(self, node: SyntaxTreeNode) -> list[Node]:
        del node
        return []

    def _table(self, node: SyntaxTreeNode) -> list[Node]:
        rows = [row for part in node.children for row in part.children]
        if not rows:
            return []
        cells = [[self._inline(cell) for cell in row.children] for row in rows]
        self._cells += sum(map(len, cells))
        columns = max(map(len, cells))
        texts = [[plain(cell) for cell in row] for row in cells]
        aligned = [_alignment(cell) for cell in rows[0].children]
        return [
            {
                "k": "table",
                "head": cells[0],
                "rows": [[*row, *([[]] * (columns - len(row)))] for row in cells[1:]],
                "align": aligned,
                "widths": widths(texts),
            }
        ]

    def _inline(self, node: SyntaxTreeNode) -> list[Node]:
        return [found for child in node.children if child.type == "inline" for found in self._inline_nodes(child)]

    def _inline_nodes(self, node: SyntaxTreeNode) -> list[Node]:
        tokens = [token for token in node.to_tokens() if token.type == "inline"]
        reader = Inline(self._pictures.take, self._footnote, self._headings.of_slug)
        return reader.nodes([child for token in tokens for child in token.children or () if not _is_box(child)])

    def _footnote(self, token: Token) -> Node:
        number = int(token.meta.get("id", 0))
        if number in self._told or number not in self._notes:
            return {"t": "again", "v": number} if number in self._told else {"t": "text", "v": "[?]"}
        self._told.add(number)
        blocks = self._blocks(self._notes[number])
        short = len(blocks) == 1 and blocks[0]["k"] == "paragraph"
        return {"t": "note", "v": number, "short": short, "c": blocks[0]["c"] if short else blocks}

    def _footnotes(self) -> dict[int, list[SyntaxTreeNode]]:
        found: dict[int, list[SyntaxTreeNode]] = {}
        for node in self._tree.walk():
            if node.type == "footnote":
                found[int(node.meta.get("id", 0))] = [
                    child for child in node.children if child.type != "footnote_anchor"
                ]
        return found


def _is_box(token: Token) -> bool:
    return token.type == "html_inline" and token.content.startswith('<input class="task-list-item-checkbox"')


def _code(source: str, word: str) -> Node:
    lines = (breakable(visible(line.expandtabs(4)), _LONGEST_CODE_WORD) for line in source.rstrip("\n").split("\n"))
    return {"k": "code", "v": "\n".join(lines), "lang": "".join(filter(str.isalnum, word))[:20]}


def _direction(nodes: Sequence[Node]) -> Node:
    return {"rtl": True} if runs_to_the_left(plain(nodes)) else {}


def _alignment(cell: SyntaxTreeNode) -> str:
    style = str(cell.attrs.get("style", ""))
    return style.removeprefix("text-align:") if style.startswith("text-align:") else "auto"


def _facts(tree: SyntaxTreeNode) -> dict[str, str]:
    """Read `key: value` lines of the front matter; it is no program, so no YAML is needed."""
    found: dict[str, str] = {}
    for node in tree.children:
        if node.type != "front_matter":
            continue
        for line in node.content.splitlines():
            key, colon, value = line.partition(":")
            if colon and key.strip().lower() in ("title", "subtitle", "author", "date", "lang"):
                found[key.strip().lower()] = visible(value.strip().strip("\"'"))[:300]
    return found


def as_json(value: Any) -> bytes:
    """Write a tree for the template."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
