"""What paper is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

THEMES = ("plain", "report", "letter")
_PAPERS = {"a4": "a4", "letter": "us-letter", "us-letter": "us-letter", "a5": "a5"}
"""Papers as they are asked for, and as typst calls them."""
_MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """A paper as it was asked for: its Markdown, the folder that its pictures are relative to, and how it looks.

    `roots` are the folders in which pictures and tables may lie; empty texts ask for nothing.
    """

    text: str
    folder: Path
    roots: tuple[Path, ...]
    title: str = ""
    theme: str = "plain"
    paper: str = "a4"
    contents: bool = False


def wish_of(asked: Mapping[str, Any]) -> Wish:
    """Read a request; raises Unusable, which names what is wrong."""
    path = str(asked.get("path") or "")
    text = _read(Path(path)) if path else str(asked.get("text") or "")
    if not text.strip():
        raise Unusable("There is nothing to set: the Markdown is empty.", "Give a text, or the path of a file.")
    if len(text.encode("utf-8", "replace")) > _MOST_BYTES:
        raise Unusable(f"The Markdown is larger than {_MOST_BYTES // 1024**2} MB.", "Make several papers of it.")
    theme, paper = str(asked.get("theme") or "plain"), str(asked.get("paper") or "a4").lower()
    if theme not in THEMES:
        raise Unusable(f"There is no theme “{clipped(one_line(theme), 40)}”.", f"Use {', '.join(THEMES)}.")
    if paper not in _PAPERS:
        raise Unusable(f"There is no paper “{clipped(one_line(paper), 40)}”.", "Use a4, letter or a5.")
    roots = tuple(Path(root) for root in asked.get("roots", ()))
    folder = Path(path).parent if path else (roots[0] if roots else Path())
    title = clipped(one_line(str(asked.get("title") or "")), 300)
    return Wish(text, folder, roots, title, theme, _PAPERS[paper], contents=asked.get("contents") is True)


def _read(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    for codec in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
