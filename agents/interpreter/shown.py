"""How a value is shown: as text where text says it, pictures as files (the display protocol of Jupyter's IPython)."""

import contextlib
import pprint
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MOST_ROWS, _MOST_COLUMNS = 30, 20
_WIDTH = 110
_MOST_TEXT = 8_000
_PICTURES = (("_repr_png_", "png"), ("_repr_jpeg_", "jpg"), ("_repr_svg_", "svg"))
_TEXTS = ("_repr_markdown_", "_repr_latex_")


class Shown:
    """Shows values of one piece of code; `files` are those that it wrote."""

    def __init__(self, name: str) -> None:
        """Name files after `name`."""
        self._name = name
        self.files: list[str] = []

    def display(self, *values: Any) -> None:
        """Show values: print them, or write their pictures to files and print their names."""
        for value in values:
            picture = self._picture(value)
            print(f"[picture: {picture}]" if picture else _clipped(_text(value)))

    def figures(self) -> None:
        """Write the figures of matplotlib that are open, where the code used it."""
        plots = sys.modules.get("matplotlib.pyplot")
        if plots is None:
            return
        for number in plots.get_fignums():
            figure = plots.figure(number)
            path = self._path("png")
            figure.savefig(path, dpi=150, bbox_inches="tight")
            print(f"[picture: {path}]")
        plots.close("all")

    def _picture(self, value: Any) -> str:
        if type(value).__module__.startswith("matplotlib.") and hasattr(value, "savefig"):
            path = self._path("png")
            value.savefig(path, dpi=150, bbox_inches="tight")
            sys.modules["matplotlib.pyplot"].close(value)
            return path
        for method, suffix in _PICTURES:
            data = _asked(value, method)
            if isinstance(data, str | bytes) and data:
                path = self._path(suffix)
                Path(path).write_bytes(data.encode() if isinstance(data, str) else data)
                return path
        return ""

    def _path(self, suffix: str) -> str:
        Path("research").mkdir(exist_ok=True)
        path = f"research/{self._name}-{len(self.files) + 1}.{suffix}"
        self.files.append(path)
        return path


def _asked(value: Any, method: str) -> Any:
    """Call a method of the display protocol; classes and modules have none of their own."""
    if isinstance(value, type):
        return None
    asked: Callable[[], Any] | None = getattr(value, method, None)
    if not callable(asked):
        return None
    with contextlib.suppress(Exception):
        found = asked()
        return found[0] if isinstance(found, tuple) and found else found
    return None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return repr(value)
    table = _table(value)
    if table is not None:
        return table
    for method in _TEXTS:
        found = _asked(value, method)
        if isinstance(found, str):
            return found
    if isinstance(value, list | tuple | dict | set | frozenset):
        return pprint.pformat(value, width=_WIDTH, compact=True, sort_dicts=False)
    return repr(value)


def _table(value: Any) -> str | None:
    """Give a table of pandas' kind as text, its size, and no more rows than one reads."""
    if not (hasattr(value, "to_string") and hasattr(value, "shape")):
        return None
    with contextlib.suppress(Exception):
        wide = {"max_cols": _MOST_COLUMNS} if len(value.shape) > 1 else {}
        text = str(value.to_string(max_rows=_MOST_ROWS, **wide))
        return f"{text}\n[{' × '.join(map(str, value.shape))}]"
    return None


def _clipped(text: str) -> str:
    if len(text) <= _MOST_TEXT:
        return text
    left_out = len(text) - _MOST_TEXT
    return f"{text[: _MOST_TEXT * 2 // 3]}\n… {left_out:,} characters are left out …\n{text[-(_MOST_TEXT // 3) :]}"
