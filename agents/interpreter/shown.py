"""How a value is shown: as text where text says it, else by a file (the display protocol of Jupyter's IPython)."""

import contextlib
import pprint
import re
import sys
from pathlib import Path
from typing import Any

from .trimmed import trimmed

_MOST_ROWS, _MOST_COLUMNS = 30, 20
_WIDTH = 110
_MOST_TEXT = 200_000
_PICTURES = (("_repr_png_", "png"), ("_repr_jpeg_", "jpg"), ("_repr_svg_", "svg"))
_TEXTS = ("_repr_markdown_", "_repr_latex_")
_PAGE = "_repr_html_"
_ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,}")


class Shown:
    """Shows values of one piece of code."""

    def __init__(self, folder: Path, name: str) -> None:
        """Write files into `research/` of the folder, named after `name`."""
        self._folder = folder
        self._name = name
        self._files = 0

    def display(self, *values: Any) -> None:
        """Show values: print them, or write them to files and print their names."""
        for value in values:
            print(self._picture(value) or self._page(value) or _clipped(_text(value)))

    def figures(self) -> None:
        """Write the figures of matplotlib that are open, where the code used it."""
        plots = sys.modules.get("matplotlib.pyplot")
        if plots is None:
            return
        for number in plots.get_fignums():
            print(self._figure(plots.figure(number)))
        plots.close("all")

    def _picture(self, value: Any) -> str:
        if str(type(value).__module__).startswith("matplotlib.") and hasattr(value, "savefig"):
            words = self._figure(value)
            with contextlib.suppress(KeyError):
                sys.modules["matplotlib.pyplot"].close(value)  # else it is written once more, as one that is open
            return words
        for method, suffix in _PICTURES:
            data = _asked(value, method)
            if isinstance(data, str | bytes) and data:
                return self._written(data, "picture", suffix)
        return ""

    def _page(self, value: Any) -> str:
        """Write what is only a page: whose own text says nothing but its type."""
        if not _is_plain(value) or any(_asked(value, method) for method in _TEXTS):
            return ""
        data = _asked(value, _PAGE)
        return self._written(data, "page", "html") if isinstance(data, str) and data else ""

    def _figure(self, figure: Any) -> str:
        path = self._path("png")
        figure.savefig(self._folder / path, dpi=150, bbox_inches="tight")
        return f"[picture: {path}]"

    def _written(self, data: str | bytes, what: str, suffix: str) -> str:
        path = self._path(suffix)
        (self._folder / path).write_bytes(data.encode("utf-8", "replace") if isinstance(data, str) else data)
        return f"[{what}: {path}]"

    def _path(self, suffix: str) -> str:
        (self._folder / "research").mkdir(exist_ok=True)
        self._files += 1
        return f"research/{self._name}-{self._files}.{suffix}"


def _is_plain(value: Any) -> bool:
    """Say whether the representation of a value is only that of any object: its type and address."""
    shows: object = type(value).__repr__
    return shows is object.__repr__


def _asked(value: Any, method: str) -> Any:
    """Call a method of the display protocol; classes and modules have none of their own."""
    if isinstance(value, type):
        return None
    with contextlib.suppress(Exception):
        found = getattr(value, method)()
        return found[0] if isinstance(found, tuple) and found else found
    return None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return repr(value)
    for text in (_table(value), *(_asked(value, method) for method in _TEXTS)):
        if isinstance(text, str):
            return text
    if isinstance(value, list | tuple | dict | set | frozenset):
        text = pprint.pformat(trimmed(value), width=_WIDTH, compact=True, sort_dicts=False)
    else:
        text = repr(value)
    return _ADDRESS.sub("0x…", text)  # says nothing, and is another in each interpreter


def _table(value: Any) -> str | None:
    """Give a table of pandas' kind as text, its size, and no more rows than one reads."""
    with contextlib.suppress(Exception):
        if not (hasattr(value, "to_string") and hasattr(value, "shape")):
            return None
        wide = {"max_cols": _MOST_COLUMNS} if len(value.shape) > 1 else {}
        text = str(value.to_string(max_rows=_MOST_ROWS, **wide))
        return f"{text}\n[{' × '.join(map(str, value.shape))}]"
    return None


def _clipped(text: str) -> str:
    if len(text) <= _MOST_TEXT:
        return text
    left_out = len(text) - _MOST_TEXT
    return f"{text[: _MOST_TEXT * 2 // 3]}\n… {left_out:,} characters are left out …\n{text[-(_MOST_TEXT // 3) :]}"
