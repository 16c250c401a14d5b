"""A chat with the bot as an SVG: what the Bot API server of the tests holds of a real session."""

import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.pictures.sales import sales_csv
from tests.rigs.bot_server.message import Message
from tests.rigs.model_server import Asked, Call, Reply, Said, Text, Transit
from tests.rigs.phone import Phone, phone

_WIDTH, _BUBBLE, _LINE, _PAD, _GAP = 520, 400, 19, 12, 10
_COLUMNS = 50
_GROUND, _OURS, _THEIRS, _INK, _BUTTON = "#e6ebee", "#ffffff", "#e3f7c9", "#1c2126", "#3a7fb5"
_RULES = [{"verdict": "ask", "tool": "shell", "reason": "I want to see commands"}]


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as it is drawn: its lines, the file it carries, and its buttons."""

    lines: tuple[str, ...]
    file: str
    buttons: tuple[str, ...]
    owner: bool

    @property
    def height(self) -> int:
        """Give how high it is, with its buttons."""
        rows = len(self.lines) + bool(self.file)
        return 2 * _PAD + _LINE * rows - 4 + (34 if self.buttons else 0)


def analyst(asked: Asked) -> Said:
    """Make a short report of the attached table; the owner is asked before a command."""
    told: list[Said] = [
        Reply((Call("data_view", {"path": "input/sales.csv"}),), transit=Transit(first=5)),
        Call("shell", {"command": "sort -t, -k5 -nr input/sales.csv | head -3"}),
        Call("make_pdf", {"to": "output/sales.pdf", "text": "# Sales\n\nNorth leads."}),
        Call("finish", {"result": "Sales grew by 12 % over the year.\nNorth leads with 36 %.", "files": ["sales.pdf"]}),
    ]
    return told[asked.turn - 1] if asked.turn <= len(told) else Text("Done.")


def play() -> list[Bubble]:
    """Have the session, and give what the chat showed: the question as it was asked, all else as it is at the end."""
    with tempfile.TemporaryDirectory() as folder, phone(Path(folder), analyst, rules=_RULES) as house:
        house.start()
        house.heard("at your service")
        house.ann.sends_document(sales_csv().encode(), "sales.csv", caption="What do my sales say? As a PDF, please")
        house.heard("sort -t,")
        asked = house.ann.chat.history[-1]
        question = _bubble(asked)
        house.taps("Yes")
        house.until(lambda: any("North leads" in text for text in house.ann.chat.texts))
        house.until(lambda: _settled(house))
        return [question if shown is asked else _bubble(shown) for shown in house.ann.chat.history[2:]]


def _settled(house: Phone) -> bool:
    return not any(message.buttons for message in house.ann.chat.history) and not house.service.reads.unsent()


def draw(bubbles: Sequence[Bubble]) -> str:
    """Draw a chat."""
    height = sum(bubble.height + _GAP for bubble in bubbles) + _GAP
    parts, top = [], _GAP
    for bubble in bubbles:
        parts.append(_drawn(bubble, top))
        top += bubble.height + _GAP
    style = "text{font:14px system-ui,sans-serif}"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}"'
            f' viewBox="0 0 {_WIDTH} {height}" xml:space="preserve" role="img" aria-label="A chat with the agent">',
            f'<style>{style}</style><rect width="100%" height="100%" rx="10" fill="{_GROUND}"/>',
            *parts,
            "</svg>\n",
        )
    )


def _bubble(message: Message) -> Bubble:
    told: dict[str, Any] = message.json()
    text = message.text
    lines = [wrapped for line in text.split("\n") for wrapped in (textwrap.wrap(line, _COLUMNS) or [""])]
    names = tuple(button["text"] for button in message.buttons)
    return Bubble(tuple(lines), told.get("document", {}).get("file_name", ""), names, not told["from"]["is_bot"])


def _drawn(bubble: Bubble, top: int) -> str:
    left = _WIDTH - _BUBBLE - 2 * _GAP if bubble.owner else 2 * _GAP
    body = bubble.height - (34 if bubble.buttons else 0)
    fill = _THEIRS if bubble.owner else _OURS
    found = [f'<rect x="{left}" y="{top}" width="{_BUBBLE}" height="{body}" rx="12" fill="{fill}"/>']
    y = top + _PAD + 12
    if bubble.file:
        found.append(f'<text x="{left + _PAD}" y="{y}" fill="{_BUTTON}">▤ {escape(bubble.file)}</text>')
        y += _LINE
    for line in bubble.lines:
        found.append(f'<text x="{left + _PAD}" y="{y}" fill="{_INK}">{escape(line)}</text>')
        y += _LINE
    width = (_BUBBLE - 6 * (len(bubble.buttons) - 1)) / max(1, len(bubble.buttons))
    for number, name in enumerate(bubble.buttons):
        x = left + number * (width + 6)
        found.append(
            f'<rect x="{x:.0f}" y="{top + body + 4}" width="{width:.0f}" height="30" rx="8" fill="{_BUTTON}"/>'
        )
        middle = x + width / 2
        found.append(
            f'<text x="{middle:.0f}" y="{top + body + 24}" text-anchor="middle" fill="#fff">{escape(name)}</text>'
        )
    return "\n".join(found)
