"""Everything that is said to an owner who speaks German is German, also what the engine has to say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.channels.telegram.test_answers import RULES, _let_expire, commander
from tests.channels.telegram.test_first_minutes import BIG
from tests.channels.telegram.test_talking import hello
from tests.rigs.bot_server import Failure
from tests.rigs.model_server import Asked, Call, Said
from tests.rigs.phone import Phone, phone

ENGLISH = re.compile(r"\b(the|is|are|were|wants|steps|calls|to use|cannot|tokens|seconds|no model)\b", re.IGNORECASE)


@contextmanager
def speaking(folder: Path, story: Any, **more: Any) -> Iterator[Phone]:
    settings = {"AGENT_OWNER_LANGUAGE": "de"} | more.pop("settings", {})
    with phone(folder, story, settings=settings, **more) as house:
        house.start()
        yield house


def english(house: Phone) -> list[str]:
    """Give what of ours is English, but for names of tools and what the owner wrote."""
    mine = [message.text for message in house.ann.chat.history if message.sender is house.bot.telegram.bot]
    return [found[0] for text in mine if (found := ENGLISH.search(text))]


def noting(asked: Asked) -> Said:
    return Call("note", {"text": f"Zug {asked.turn}"})


def test_a_limit_is_told_with_its_unit(tmp_path: Path) -> None:
    with speaking(tmp_path, noting, settings={"AGENT_LIMITS_RUN_STEPS": "4"}) as house:
        house.ann.says("arbeite")
        house.heard("Das Limit")
        assert english(house) == []


def test_what_was_not_answered_in_time_is_told(tmp_path: Path) -> None:
    with speaking(tmp_path, commander, rules=RULES) as house:
        house.ann.says("/new please: echo eins")
        house.heard("möchte shell benutzen")
        _let_expire(house)
        told = house.heard("Niemand hat rechtzeitig geantwortet, darum")
        assert ENGLISH.search(told) is None


def test_why_a_file_could_not_be_fetched_is_told(tmp_path: Path) -> None:
    with speaking(tmp_path, hello) as house:
        house.ann.sends_document(None, "a.bin", size=BIG)
        house.heard("ist zu groß")
        house.bot.fault(Failure(400), "getFile", times=1)
        house.ann.sends_document(b"x", "b.bin")
        told = house.heard("b.bin konnte nicht geladen werden")
        assert ENGLISH.search(told) is None


def test_an_unknown_task_in_why_and_task_is_told(tmp_path: Path) -> None:
    with speaking(tmp_path, hello) as house:
        house.says_until("/task 99", "Aufgabe 99 gibt es nicht")
        house.says_until("/why 99", "Aufgabe 99 gibt es nicht")
        house.says_until("/undo 99", "Aufgabe 99 gibt es nicht")
        house.says_until("/resume 0", "Aufgabe 0 gibt es nicht")
