"""Running one piece of code: its names stay, its last expression is shown, its output and errors come back as text."""

import ast
import asyncio
import contextlib
import inspect
import linecache
import signal
import traceback
from collections.abc import Mapping
from typing import Any

from .capture import Capture
from .shown import Shown

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_HEAD = "Traceback (most recent call last):\n"
_MOST_FRAMES = 12
_MOST_MESSAGE = 2_000


class Namespace:
    """The names that stay from one piece of code to the next."""

    def __init__(self) -> None:
        """Begin with none but `display`."""
        self._names: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
        self._loop: asyncio.Runner | None = None

    def run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Run `code`; files are named after `name`, and `room` characters of text are shown."""
        name, code = str(request["name"]), str(request["code"])
        shown = Shown(name)
        self._names["display"] = shown.display
        error = ""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with Capture() as capture:
            try:
                value = self._evaluated(code, f"<{name}>")
                if value is not None:
                    self._names["_"] = value
                    shown.display(value)
                shown.figures()
            except SystemExit as left:
                error = f"exit({left.code!r}) was called: nothing ends by that here, and all variables are kept."
            except BaseException as problem:  # noqa: BLE001 - whatever the code does is told to whoever wrote it
                error = _told(problem, name)
        text = capture.text(int(request["room"]), name)
        return {"name": name, "text": text, "error": error, "files": shown.files}

    def _evaluated(self, code: str, name: str) -> Any:
        """Run all statements; gives the value of the last one where it is an expression without a semicolon."""
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        self._do(compile(tree, name, "exec", _FLAGS))
        if not isinstance(last, ast.Expr):
            return None
        value = self._do(compile(ast.Expression(last.value), name, "eval", _FLAGS))
        return None if code.rstrip().endswith(";") else value

    def _do(self, code: Any) -> Any:
        result = eval(code, self._names)  # noqa: S307 - this is what the interpreter is for, in its sandbox
        if inspect.iscoroutine(result) and code.co_flags & inspect.CO_COROUTINE:
            self._loop = self._loop or asyncio.Runner()
            return self._loop.run(result)
        return result


def _told(problem: BaseException, name: str) -> str:
    """Give the traceback of the code alone, the innermost frames first to be kept."""
    with contextlib.suppress(Exception):
        told = traceback.TracebackException.from_exception(problem, capture_locals=False, limit=-4 * _MOST_FRAMES)
        own = [frame for frame in told.stack if frame.filename.startswith("<python-")]
        told.stack = traceback.StackSummary.from_list(own[-_MOST_FRAMES:])
        text = "".join(told.format(chain=False)).removeprefix(_HEAD).strip()
        return text if len(text) <= 3 * _MOST_MESSAGE else f"{text[:_MOST_MESSAGE]}\n…\n{text[-_MOST_MESSAGE:]}"
    return f"{type(problem).__name__} in <{name}>, which cannot even be shown."
