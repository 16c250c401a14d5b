"""The corpus itself: every scenario in every form, and what looks like a call and is none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.agents.models.spoken.corpus.form import FORMS, Form
from tests.agents.models.spoken.corpus.scenario import SCENARIOS, Call

_HERE = Path(__file__).parent
TOOLS: Mapping[str, Mapping[str, Any]] = yaml.safe_load((_HERE / "tools.yaml").read_text("utf-8"))
"""The JSON Schemas of the tools that are offered."""
_BETWEEN = "\n%%%%%%%%\n"
_SAID = "I will do that now."
_OTHER: Call = ("shell", {"command": "rm -rf output"})
_CUT = 0.7


@dataclass(frozen=True, slots=True)
class Entry:
    """One text, and each right reading of it; `left` is what is left for a person, where that is certain."""

    id: str
    form: str
    text: str
    readings: Sequence[Sequence[Call]]
    left: str | None = None


@cache
def calls() -> tuple[Entry, ...]:
    """Give the texts in which a call is meant, or was meant and broke off."""
    return tuple(entry for name, form in FORMS.items() for entry in _of_form(name, form))


@cache
def near_misses() -> tuple[Entry, ...]:
    """Give the texts in which none is meant."""
    written = (_HERE / "near_misses.txt").read_text("utf-8").removesuffix("\n").split(_BETWEEN)
    found = [Entry(f"near-{number}", "near", text, [[]]) for number, text in enumerate(written)]
    return (*found, *(Entry(name, "near", text, [[]]) for name, text in _talked_about()))


def _of_form(name: str, form: Form) -> Iterator[Entry]:
    for number, (scenario, meant) in enumerate(SCENARIOS.items()):
        if (len(meant) > 1 and not form.several) or (form.plain and not all(map(_is_plain, meant))):
            continue
        yield _told(f"{name}-{scenario}", name, form, meant, number % 4)
    whole = form.write(SCENARIOS["mail"])
    yield Entry(f"{name}-cut", name, whole[: int(len(whole) * _CUT)], [[]])


def _told(entry_id: str, name: str, form: Form, meant: Sequence[Call], way: int) -> Entry:
    """Say it as it stands, with the token that ends it, after some words, or after a thought about another call."""
    text, readings = form.write(meant), [meant]
    if way == 1:
        return Entry(entry_id, name, text + form.end, readings, "")
    if way == 2 and name != "harmony":
        # Bare JSON after words is a call for one reader, and an answer in JSON for another.
        either = readings if form.strong or name in ("fenced", "fenced_tool", "call_line") else [meant, []]
        return Entry(entry_id, name, f"{_SAID}\n\n{text}", either)
    if way == 3 and name != "harmony":
        thought = f"<think>\nI could clean up first:\n{form.write([_OTHER])}\nNo.\n</think>\n\n"
        return Entry(entry_id, name, thought + text, readings, "")
    return Entry(entry_id, name, text, readings, "")


def _is_plain(call: Call) -> bool:
    """Say whether all texts of a call can be told from the white space of the markup."""
    return all(value == value.strip() for value in call[1].values() if isinstance(value, str))


def _talked_about() -> Iterator[tuple[str, str]]:
    """Quote a call in each form, in the ways in which people quote."""
    for name, form in FORMS.items():
        text = form.write(SCENARIOS["list"])
        lines = text.split("\n")
        yield f"{name}-fence", f"Such a model writes its calls so:\n\n~~~~\n{text}\n~~~~\n\nThe server reads them."
        yield (
            f"{name}-quote",
            "The log has this:\n\n" + "\n".join(f"> {line}" for line in lines) + "\n\nIt was refused.",
        )
        yield (
            f"{name}-thought",
            f"<think>\nI could write:\n{text}\nBut nobody asked for it.\n</think>\nWhat shall I do?",
        )
        yield f"{name}-indented", "The documentation says:\n\n" + "\n".join(f"    {line}" for line in lines) + "\n"
        if len(lines) == 1 and "`" not in text:
            yield f"{name}-inline", f"Models of this family write `{text}` when they call a tool."
            yield f"{name}-row", f"| family | a call |\n|---|---|\n| {name} | {text} |"
