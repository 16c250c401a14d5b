"""Running one piece of code: its names stay, its last expression is shown, its output and errors come back as text."""

import ast
import asyncio
import builtins
import contextlib
import inspect
import linecache
import sys
import traceback
from collections.abc import Coroutine, Mapping
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from types import CodeType, ModuleType
from typing import Any

from .capture import Capture
from .shown import Shown

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_HEAD = "Traceback (most recent call last):\n"
_MOST_FRAMES = 12
_MOST_MESSAGE = 2_000
_BUILTINS = dict(vars(builtins))


class Namespace:
    """The names that stay from one piece of code to the next: those of the module `__main__`, as pickle wants it."""

    def __init__(self, capture: Capture) -> None:
        """Begin with two names of our own: `display`, and an `input` that says why it cannot be."""
        self._capture = capture
        self._folder = Path.cwd()
        module = ModuleType("__main__")
        sys.modules["__main__"] = module
        self._names = vars(module)
        self._names["input"] = _nobody_types
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, request: Mapping[str, Any]) -> dict[str, str]:
        """Run `code`; files are named after `name`, and `room` bytes of what it prints and shows come back."""
        name, error = str(request["name"]), ""
        self._capture.begin()
        try:
            try:
                signal(SIGINT, _interrupt)
                self._show(str(request["code"]), name)
            finally:
                signal(SIGINT, SIG_IGN)
                vars(builtins).update(_BUILTINS)  # else code that puts others in their place breaks all that follows
        except BaseException as problem:  # noqa: BLE001 - whatever the code does is told to whoever wrote it
            error = _told(problem, name)
        return {"name": name, "text": self._capture.text(int(request["room"]), name), "error": error}

    def _show(self, code: str, name: str) -> None:
        shown = Shown(self._folder, name)
        self._names["display"] = shown.display
        value = self._evaluated(code, f"<{name}>")
        if value is not None:
            self._names["_"] = value
            shown.display(value)
        shown.figures()

    def _evaluated(self, code: str, name: str) -> Any:
        """Run all statements; gives the value of the last one where it is an expression without a semicolon."""
        linecache.cache[name] = (len(code), None, f"{code}\n".splitlines(keepends=True), name)
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        self._do(compile(tree, name, "exec", _FLAGS))
        if not isinstance(last, ast.Expr):
            return None
        value = self._do(compile(ast.Expression(last.value), name, "eval", _FLAGS))
        return None if code.rstrip().endswith(";") else value

    def _do(self, code: CodeType) -> Any:
        result = eval(code, self._names)  # noqa: S307 - this is what the interpreter is for, in its sandbox
        return self._awaited(result) if code.co_flags & inspect.CO_COROUTINE else result

    def _awaited(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        self._loop = self._loop or asyncio.new_event_loop()
        task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        finally:
            if not task.done():  # interrupted while it waited; it must not go on with the next code
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    self._loop.run_until_complete(task)


def _interrupt(*_: object) -> None:
    # Not Python's own handler: asyncio puts one in its place that busy code does not heed.
    raise KeyboardInterrupt


def _nobody_types(*_: object) -> str:
    raise EOFError("nobody can type here; write the value into the code")


def _told(problem: BaseException, name: str) -> str:
    """Give the traceback of the code alone, with the innermost frames where there are many."""
    with contextlib.suppress(BaseException):  # its words are the code's own, too
        if isinstance(problem, SystemExit):
            return f"exit({problem.code!r:.100}) was called: nothing ends by that here, and all variables are kept."
        told = traceback.TracebackException.from_exception(problem, limit=-4 * _MOST_FRAMES)
        own = [frame for frame in told.stack if frame.filename.startswith("<python-")]
        told.stack = traceback.StackSummary.from_list(own[-_MOST_FRAMES:])
        text = "".join(told.format(chain=False)).removeprefix(_HEAD).strip()
        return text if len(text) <= 3 * _MOST_MESSAGE else f"{text[:_MOST_MESSAGE]}\n…\n{text[-_MOST_MESSAGE:]}"
    return f"An error in <{name}> that cannot even be shown."
