"""The program behind `make_pdf`: a request as JSON on standard input; `paper.pdf` beside it."""

import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from skills.report.fonts import code_fonts, text_fonts
from skills.report.paper.reading import Paper, as_json, read
from skills.report.paper.wish import Wish, wish_of
from skills.report.script import Unusable, now, run
from skills.report.visible import clipped, visible

_MOST_TAGGED_CELLS = 3000
_TEMPLATES = {"main.typ": "paper/paper.typ", "style.typ": "style.typ", "figure.typ": "chart/figure.typ"}


def main() -> str:
    """Make the paper that is asked for on standard input."""
    asked: Mapping[str, Any] = json.load(sys.stdin)
    wish = wish_of(asked)
    paper = read(wish)
    data = made(paper, wish)
    Path("paper.pdf").write_bytes(data)
    pages = data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") + data.count(b"/Type/Page/") or _pages(data)
    count = f"{pages:,} page{'s' if pages != 1 else ''}, " if pages else ""
    return "\n".join([f"{count}{max(1, len(data) // 1024):,} KB", *paper.problems])


def made(paper: Paper, wish: Wish, system_fonts: bool = True) -> bytes:
    """Give the PDF of a paper, the same bytes for the same paper and fonts; pictures that are broken are left out."""
    fonts = typst.Fonts(include_system_fonts=system_fonts)
    try:
        return _compiled(paper, wish, fonts)
    except (typst.TypstError, RuntimeError) as problem:
        broken = [name for name, data in paper.files.items() if not _can_be_set(name, data, fonts)]
        if not broken:
            raise Unusable(
                f"The paper could not be set: {clipped(visible(str(problem)), 300)}.", "Please report it with the file."
            ) from problem
        for name in broken:
            del paper.files[name]
        shown = "picture is" if len(broken) == 1 else "pictures are"
        paper.problems.append(f"{len(broken)} {shown} not shown: what is in the file is damaged.")
        return _compiled(paper, wish, fonts)


def _compiled(paper: Paper, wish: Wish, fonts: Any) -> bytes:
    above = Path(__file__).parents[1]
    files = {name: (above / path).read_bytes() for name, path in _TEMPLATES.items()}
    files["data.json"] = as_json(_data(paper, wish, fonts.families()))
    return _set(files | paper.files, fonts, tagged=paper.cells <= _MOST_TAGGED_CELLS)


def _set(files: Mapping[str, bytes], fonts: Any, *, tagged: bool) -> bytes:
    """Compile `main.typ` in a folder that holds these files and nothing else: pictures cannot be handed over else."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return typst.compile(
            str(Path(folder) / "main.typ"),
            root=folder,
            format="pdf",
            font_paths=fonts,
            timestamp=now(),
            pdf_tags=tagged,
        )


def _data(paper: Paper, wish: Wish, families: Any) -> dict[str, Any]:
    facts = paper.facts
    first = next((block for block in paper.blocks if block["k"] == "heading"), None)
    title = wish.title or facts.get("title", "")
    # A title page, or a title above the text, stands for a first heading that says the same.
    return {
        "title": title,
        "subtitle": facts.get("subtitle", ""),
        "author": facts.get("author", ""),
        "date": facts.get("date") or datetime.fromtimestamp(now(), UTC).strftime("%Y-%m-%d"),
        "dated": "date" in facts or wish.theme == "report",
        "lang": facts.get("lang", "en")[:2].lower() or "en",
        "theme": wish.theme,
        "paper": wish.paper,
        "contents": wish.contents and not any(block["k"] == "contents" for block in paper.blocks),
        "fonts": text_fonts(families),
        "code_fonts": code_fonts(families),
        "pictures": sorted(paper.files),
        "headed": first is not None and first["level"] == 1,
        "blocks": paper.blocks,
    }


def _can_be_set(name: str, data: bytes, fonts: Any) -> bool:
    source = f'#set page(width: auto, height: auto)\n#image("{name}", width: 10pt)'
    try:
        _set({"main.typ": source.encode(), name: data}, fonts, tagged=False)
    except (typst.TypstError, RuntimeError):
        return False
    return True


def _pages(data: bytes) -> int:
    """Count the pages by the number that their tree says, where it is not packed."""
    start = data.rfind(b"/Type /Pages")
    count = data.find(b"/Count", start)
    digits = data[count + 6 : count + 16].split() if start >= 0 and count >= 0 else []
    return int(digits[0]) if digits and digits[0].isdigit() else 0


if __name__ == "__main__":
    run(main)
