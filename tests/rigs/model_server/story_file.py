"""A story in YAML, so that a scripted model needs no code. README.md says how it is written."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from tests.rigs.model_server.answer import (
    Answer,
    Call,
    Executed,
    Failure,
    Part,
    Refusal,
    Reply,
    Text,
    Thought,
    TooLong,
    garbled,
    page,
    redirect,
)
from tests.rigs.model_server.request import MODEL, Asked
from tests.rigs.model_server.transit import (
    Cut,
    Halt,
    Transit,
    across_events,
    by_size,
    each_event,
    every_byte,
    inside_characters,
    inside_lines,
)
from tests.rigs.model_server.usage import Prices, Usage

_CUTS: dict[str, Cut] = {
    cut.__name__: cut for cut in (each_event, every_byte, inside_characters, inside_lines, across_events)
}
_NAMED: dict[str, Answer] = {"too_long": TooLong(), "page": page(), "garbled": garbled()}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An error in the provider's shape."""

    status: int
    message: str = ""
    kind: str = ""
    code: str = ""
    retry_after: float | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When it is told, what is told, and how it travels."""

    when: str = ""
    turn: int | None = None
    request: int | None = None
    model: str = ""
    times: int | None = None
    think: str = ""
    say: str = ""
    repeat: int = 1
    endless: bool = False
    call: Call | list[Call] = []
    search: Executed | None = None
    refuse: str = ""
    usage: Usage | None = None
    finish: str = ""
    token: int = 0
    interleaved: bool = False
    fault: int | Literal["too_long", "page", "garbled"] | Fault | None = None
    redirect: str = ""
    head: float = 0.0
    first: float = 0.0
    between: float = 0.0
    cut: int | Literal["each_event", "every_byte", "inside_characters", "inside_lines", "across_events"] = "each_event"
    crlf: bool = False
    comment: str = ""
    gzip: bool = False
    halt: Halt | None = None

    @property
    def turns(self) -> float:
        """Give how often it may be told: once where it has no condition, unless it says otherwise."""
        if self.times is not None:
            return self.times
        conditional = self.when or self.model or self.turn is not None or self.request is not None
        return float("inf") if conditional else 1


class StoryFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    steps: list[Step]
    form: str = "openai"
    models: tuple[str, ...] = (MODEL,)
    key: str = ""
    window: int = 0
    prices: dict[str, Prices] = {}

    def teller(self) -> Callable[[Asked], Answer]:
        """Give the story as a function of what is asked."""
        return _Teller(self.steps).tell


def load(path: Path) -> StoryFile:
    """Read a story; raises msgspec.ValidationError, which says where what is wrong."""
    return msgspec.convert(yaml.safe_load(path.read_text()), StoryFile)


class _Teller:
    def __init__(self, steps: list[Step]) -> None:
        self._steps = steps
        self._left = [step.turns for step in steps]

    def tell(self, asked: Asked) -> Answer:
        """Take the first step that fits and may still be told."""
        for at, step in enumerate(self._steps):
            words = _fits(step, asked)
            if words is not None and self._left[at] > 0:
                self._left[at] -= 1
                return _answer(step, words)
        return Failure(400, f"No step of the story fits request {asked.number}, whose last message is {asked.last!r}")


def _fits(step: Step, asked: Asked) -> Mapping[str, str] | None:
    """Give what stands for ${NAME} in the step where its conditions hold, else None."""
    wanted = ((step.turn, asked.turn), (step.request, asked.number), (step.model or None, asked.model))
    if any(value is not None and value != real for value, real in wanted):
        return None
    words = {"number": str(asked.number), "turn": str(asked.turn), "model": asked.model, "last": asked.last}
    if not (step.when.startswith("/") and step.when.endswith("/") and len(step.when) > 1):
        return words if step.when in asked.last else None
    found = re.search(step.when[1:-1], asked.last)
    if found is None:
        return None
    groups = {str(at): text or "" for at, text in enumerate((found.group(), *found.groups()))}
    return words | groups | {name: text or "" for name, text in found.groupdict().items()}


def _answer(step: Step, words: Mapping[str, str]) -> Answer:
    transit = Transit(
        head=step.head,
        first=step.first,
        between=step.between,
        cut=by_size(step.cut) if isinstance(step.cut, int) else _CUTS[step.cut],
        crlf=step.crlf,
        comment=step.comment,
        gzip=step.gzip,
        halt=step.halt,
    )
    return dataclasses.replace(_wrong(step) or _reply(step, words), transit=transit)


def _wrong(step: Step) -> Answer | None:
    if step.redirect:
        return redirect(step.redirect)
    if isinstance(step.fault, int):
        return Failure(step.fault)
    if isinstance(step.fault, Fault):
        return Failure(**msgspec.structs.asdict(step.fault))
    return None if step.fault is None else _NAMED[step.fault]


def _reply(step: Step, words: Mapping[str, str]) -> Reply:
    calls = step.call if isinstance(step.call, list) else [step.call]
    parts: list[Part | None] = [
        Thought(_filled(step.think, words)) if step.think else None,
        step.search,
        Text(_filled(step.say, words) * step.repeat, step.endless) if step.say else None,
        Refusal(_filled(step.refuse, words)) if step.refuse else None,
        *(dataclasses.replace(call, arguments=_filled(call.arguments, words)) for call in calls),
    ]
    said = tuple(part for part in parts if part is not None)
    return Reply(said, step.usage, step.finish, step.token, step.interleaved)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """Put words for ${NAME}; a name that is not known stays as it is."""
    match value:
        case str():
            return re.sub(r"\$\{(\w+)\}", lambda found: words.get(found.group(1), found.group()), value)
        case dict():
            return {key: _filled(one, words) for key, one in value.items()}
        case list():
            return [_filled(one, words) for one in value]
    return value
