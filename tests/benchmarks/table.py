"""Prints figures: for the terminal, as Markdown, as JSON."""

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure

_HEAD = ("what", "unit", "median", "min", "max", "count", "wanted", "holds")


def machine() -> str:
    """Say in one line on what this runs."""
    said = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in said if line.startswith("model name")), "unknown processor"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release()}, CPython {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {system}"


def plain(figures: Sequence[Figure]) -> str:
    """Write columns for a terminal."""
    rows = [_HEAD, *(_cells(one) for one in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def markdown(figures: Mapping[str, Sequence[Figure]]) -> str:
    """Write two tables for a README below the date and the machine: what is promised, and everything."""
    promised = {name: [one for one in found if one.most is not None] for name, found in figures.items()}
    kept = {name: found for name, found in promised.items() if found}
    return "\n".join((f"{datetime.now(UTC):%Y-%m-%d}, {machine()}", "", *_rows(kept), "", *_rows(figures), ""))


def _rows(figures: Mapping[str, Sequence[Figure]]) -> Iterator[str]:
    yield f"| {' | '.join(_HEAD)} |"
    yield "|---|---|--:|--:|--:|--:|---|---|"
    for name, found in figures.items():
        yield f"| **{name}** |{' |' * (len(_HEAD) - 1)}"
        yield from (f"| {' | '.join(_cells(one))} |" for one in found)


def as_json(figures: Mapping[str, Sequence[Figure]]) -> str:
    """Write everything, with each single value."""
    value = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "benchmarks": {name: [_facts(one) for one in found] for name, found in figures.items()},
    }
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _facts(one: Figure) -> dict[str, Any]:
    return {
        "name": one.name,
        "unit": one.unit,
        "median": one.median,
        "min": min(one.values),
        "max": max(one.values),
        "count": len(one.values),
        "wanted_at_most": one.most,
        "holds": one.holds,
        "values": list(one.values),
    }


def _cells(one: Figure) -> tuple[str, ...]:
    wanted = "" if one.most is None else f"{'max' if one.strict else 'median'} ≤ {_short(one.most)}"
    held = {None: "", True: "yes", False: "NO"}[one.holds]
    numbers = (_short(one.median), _short(min(one.values)), _short(max(one.values)), str(len(one.values)))
    return (one.name, one.unit, *numbers, wanted, held)


def _short(value: float) -> str:
    if value == int(value) and abs(value) < 1e9:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
