"""The headings of a paper, by number and by the anchor that links name (GitHub's rule for them)."""

import re

from markdown_it.tree import SyntaxTreeNode


class Headings:
    """Numbers the headings in their order."""

    def __init__(self, tree: SyntaxTreeNode) -> None:
        """Find all of them."""
        self._numbers: dict[int, int] = {}
        self._slugs: dict[str, int] = {}
        for node in tree.walk():
            if node.type == "heading":
                number = len(self._numbers) + 1
                self._numbers[node.map[0] if node.map else -number] = number
                self._name(_slug(_words(node)), number)

    def number(self, node: SyntaxTreeNode) -> int:
        """Give the number of a heading."""
        return self._numbers.get(node.map[0] if node.map else 0, 0)

    def of_slug(self, slug: str) -> int | None:
        """Give the number of the heading that an anchor names."""
        return self._slugs.get(slug.lower())

    def _name(self, slug: str, number: int) -> None:
        free, count = slug, 0
        while free in self._slugs:
            count += 1
            free = f"{slug}-{count}"
        self._slugs[free] = number


def _words(node: SyntaxTreeNode) -> str:
    return "".join(token.content for token in node.to_tokens() if token.type == "inline")


def _slug(text: str) -> str:
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
