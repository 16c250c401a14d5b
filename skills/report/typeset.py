"""Documents to PDF by typst: fixed templates that read the texts as JSON, so that no text is ever a program."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import cast

import typst

from skills.report.blocks import Document, Section, Table
from skills.report.fonts import code_fonts, text_fonts
from skills.report.visible import BREAK, clipped

_TEMPLATES = ("document.typ", "charts.typ", "style.typ")
# Tags (for readers that speak) cost 200 bytes and 50 µs a table cell.
_MOST_TAGGED_CELLS = 3000
_RUNNING_TITLE = 70


def typeset(document: Document, system_fonts: bool = True) -> bytes:
    """Give `document` as a PDF, the same bytes for the same document and fonts.

    Characters that no font has are shown as empty boxes. `system_fonts` off uses only those that typst carries.
    """
    fonts = typst.Fonts(include_system_fonts=system_fonts)
    files = {name: (Path(__file__).parent / name).read_bytes() for name in _TEMPLATES}
    files["data.json"] = _data(document, fonts)
    # The first entry named "main.typ" is what is compiled; the others are all that it can read.
    files["main.typ"] = files.pop("document.typ")
    return typst.compile(
        # Several files in memory are documented, but missing from the type hints.
        cast(bytes, files),
        format="pdf",
        font_paths=fonts,
        timestamp=document.created,
        pdf_tags=_cells(document.sections) <= _MOST_TAGGED_CELLS,
    )


def _data(document: Document, fonts: typst.Fonts) -> bytes:
    families = fonts.families()
    running = clipped(document.title.replace(BREAK, ""), _RUNNING_TITLE)
    whole = {
        **asdict(document),
        "running_title": running,
        "fonts": text_fonts(families),
        "code_fonts": code_fonts(families),
    }
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")


def _cells(sections: tuple[Section, ...]) -> int:
    tables = [block for section in sections for block in section.blocks if isinstance(block, Table)]
    return sum(len(table.rows) * len(table.columns) for table in tables)
