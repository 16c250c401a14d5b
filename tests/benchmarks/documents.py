"""Tools for documents and data in the real sandbox: a long paper with pictures, a chart, a table of two gigabytes."""

import asyncio
import os
import struct
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents.tools.data_view import data_view
from agents.tools.function import FunctionTool
from agents.tools.make_chart import make_chart
from agents.tools.make_pdf import make_pdf
from agents.tools.python import python
from daemon.app.compose import build_sandbox
from daemon.domain.held import Held
from daemon.domain.ports import Circumstances
from daemon.domain.principal import Principal, Role
from daemon.domain.run import Run, RunStatus
from daemon.domain.sandbox import Box
from daemon.domain.task import Task
from daemon.store.home import Home
from tests.benchmarks.csv_report import Watch
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.household import household
from tests.benchmarks.proc import memory_of
from tests.benchmarks.setting import Setting

_WORDS = "The quarterly figures of the northern region show that what was planned in spring was reached in autumn. "
_TABLE = "| Region | Plan | Reached |\n|--|--:|--:|\n" + "".join(f"| No {n} | {n * 7} | {n * 9} |\n" for n in range(12))
_GIGABYTE = 2**30


def measure(setting: Setting) -> list[Figure]:
    """Run each tool as the engine does."""
    with household(setting) as house:
        house.home.prepare()
        workspace = house.home.path / "workspace"
        for name in ("input", "output", "src"):
            (workspace / name).mkdir(parents=True)
        return asyncio.run(_measured(_Caller(house.home.path, workspace), setting, workspace))


async def _measured(caller: "_Caller", setting: Setting, workspace: Path) -> list[Figure]:
    pages, pictures = (4, 2) if setting.quick else (200, 50)
    (workspace / "src" / "paper.md").write_text(_markdown(pages, pictures))
    for number in range(pictures):
        (workspace / "src" / f"{number}.png").write_bytes(_picture(number))
    size = (1 if setting.quick else 2048) * 2**20
    _table(workspace / "input" / "big.csv", size)
    paper = {"path": "src/paper.md", "to": "output/paper.pdf", "theme": "report", "contents": True}
    chart = {"kind": "line", "data": {"x": list(range(1000)), "y": [n % 17 for n in range(1000)]}}
    view = {"path": "input/big.csv"}
    shown = f"{size / _GIGABYTE:.3g} GB"
    found = [
        *await caller.timed(f"make_pdf of about {pages} pages with {pictures} pictures", make_pdf, paper, 3),
        *await caller.timed("make_chart of 1,000 points", make_chart, chart, 5),
        *await caller.timed(f"data_view of a CSV of {shown}", data_view, view, 1),
    ]
    found += await caller.python(setting.rounds(20))
    return found


class _Caller:
    """Calls tools in one workspace."""

    def __init__(self, home: Path, workspace: Path) -> None:
        self._workspace = workspace
        self._sandbox = build_sandbox(_home(home))

    def at(self, held: Held | None = None) -> Circumstances:
        task = Task(1, 1, "", "do it", Principal(Role.OWNER, "cli", "0"), RunStatus.RUNNING, 1, 0.0)
        run = Run(id=1, task_id=1, number=1, status=RunStatus.RUNNING, epoch=1, attempt=0, created_at=0.0)
        return Circumstances(
            task=task,
            run=run,
            workspace=self._workspace,
            key="1/1",
            now=1_800_000_000.0,
            seed=7,
            frozen={},
            report=lambda _percent, _text: None,
            outputs=tuple,
            sandbox=self._sandbox,
            box=Box(self._workspace),
            held=held or Held(),
        )

    async def timed(self, name: str, tool: FunctionTool, arguments: Mapping[str, Any], rounds: int) -> list[Figure]:
        """Give the seconds of a call, and the memory that its processes take beside ours."""
        seconds, peaks = [], []
        for _ in range(rounds):
            own = memory_of(os.getpid()).proportional
            watch = Watch(os.getpid())
            began = time.perf_counter()
            await tool.invoke(arguments, self.at())
            seconds.append(time.perf_counter() - began)
            peaks.append(max(0.0, watch.end() - own))
        return [figure(name, "s", seconds), figure("  peak memory of its processes (PSS)", "MB", peaks)]

    async def python(self, rounds: int) -> list[Figure]:
        """Give the milliseconds of the first call of an interpreter, and of those that follow."""
        first: list[float] = []
        next_: list[float] = []
        for _ in range(max(2, rounds // 4)):
            held = Held()
            for times in (first, next_, next_):
                began = time.perf_counter()
                await python.invoke({"code": "1 + 1"}, self.at(held))
                times.append((time.perf_counter() - began) * 1000)
            await held.close()
        return [figure("python, first call of a run", "ms", first), figure("python, each further call", "ms", next_)]


def _home(path: Path) -> Home:
    return Home(path)


def _markdown(pages: int, pictures: int) -> str:
    parts = []
    for page in range(pages):
        parts.append(f"# Chapter {page + 1}\n\n" + "\n\n".join([_WORDS * 5] * 3) + f"\n\n{_TABLE}\n")
        if page < pictures:
            parts.append(f"![Picture {page}]({page}.png)\n")
        parts.append("\n" + "\n\n".join([_WORDS * 6] * 2) + "\n")
    return "\n".join(parts)


def _picture(number: int) -> bytes:
    """Give a PNG of 800 × 500 pixels (RFC 2083)."""
    row = b"\0" + bytes((number * 5 + column) % 256 for column in range(800 * 3))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 800, 500, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * 500)),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _table(path: Path, size: int) -> None:
    """Write a CSV of about so many bytes."""
    days = (f"2025-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(20_000))
    lines = (f"{day},region {n % 9},{n * 37 % 10_007 / 100:.2f},{n}\n" for n, day in enumerate(days))
    block = "".join(lines).encode()
    with path.open("wb") as file:
        file.write(b"day,region,amount,number\n")
        for _ in range(max(1, size // len(block))):
            file.write(block)
