"""The texts that were written one by one, after the documentation of each form and without sight of the reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.agents.models.spoken.corpus.entry import TOOLS
from tests.agents.models.spoken.corpus.scenario import Call


@dataclass(frozen=True, slots=True)
class Written:
    """One text, and each right reading of it; `problem` says that the model has to be told."""

    id: str
    form: str
    text: str
    tools: Mapping[str, Mapping[str, Any]]
    readings: Sequence[Sequence[Call]]
    left: str | None
    problem: bool


@cache
def written() -> tuple[Written, ...]:
    """Give all of them, in the order of the files."""
    files = sorted(path for path in Path(__file__).parent.glob("*.yaml") if path.stem != "tools")
    return tuple(_written(one) for path in files for one in yaml.safe_load(path.read_text("utf-8")))


def _written(one: Mapping[str, Any]) -> Written:
    readings = [
        [(call["name"], call["arguments"]) for call in meant] for meant in one.get("calls_or") or [one["calls"]]
    ]
    tools = {name: TOOLS[name] for name in one.get("tools", TOOLS)}
    return Written(one["id"], one["form"], one["text"], tools, readings, one.get("text_left"), bool(one.get("problem")))
