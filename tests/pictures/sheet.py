"""The first pages of a PDF side by side, as a PNG."""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

PAGES = 2
PAGE = (744, 1052)
"""Pixels of a page: A4 at 90 dots per inch."""

GAP = 28
SIZE = (GAP + PAGES * (PAGE[0] + GAP), PAGE[1] + 2 * GAP)

_GROUND = "#e8eaed"
_SHADOW = "#c3c7cd"
_COLOURS = 64
"""Enough for dark text, two blues and their soft edges, in a third of the bytes."""


def lay_out(pdf: Path) -> Image.Image:
    """Lay the first pages on a light ground, each with a thin line of shadow at its right and below."""
    sheet = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(sheet)
    for number, page in enumerate(_pages(pdf)):
        left, top = GAP + number * (PAGE[0] + GAP), GAP
        pen.rectangle((left + 2, top + 2, left + PAGE[0] + 1, top + PAGE[1] + 1), fill=_SHADOW)
        sheet.paste(page, (left, top))
    return sheet.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _pages(pdf: Path) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as folder:
        scale = ["-scale-to-x", str(PAGE[0]), "-scale-to-y", str(PAGE[1])]
        subprocess.run(["pdftoppm", "-png", "-l", str(PAGES), *scale, str(pdf), f"{folder}/page"], check=True)
        return [Image.open(path).convert("RGB") for path in sorted(Path(folder).iterdir())]
