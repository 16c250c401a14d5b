"""What is said is never swallowed: by a task that rests, that waits, that has no model, or that ends just then."""

import threading
from pathlib import Path

from daemon.domain.run import RunStatus
from tests.channels.telegram.test_answers import RULES, asks, commander
from tests.channels.telegram.test_talking import hello, slow
from tests.fakes.slow_skill import add_slow_skill
from tests.rigs.model_server import Asked, Call, Said, Text, Transit
from tests.rigs.model_server import Reply as Turn
from tests.rigs.phone import Phone, phone


def answered(house: Phone, text: str) -> bool:
    """Say something; tells whether it became a task, or anything at all was said about it."""
    house.bot.clock.advance(3)
    tasks, messages = len(house.service.reads.page()), len(house.ann.chat.history)
    house.ann.says(text)
    house.taken()
    house.until(lambda: not house.service.reads.unsent())
    return len(house.service.reads.page()) > tasks or len(house.ann.chat.history) > messages + 1


def test_after_a_stop_what_is_said_next_is_no_word_to_what_was_stopped(tmp_path: Path) -> None:
    with phone(tmp_path, slow) as house:
        house.start()
        house.ann.says("work")
        house.until(lambda: house.status(1) is RunStatus.RUNNING)
        house.says_until("/stop", "Everything is stopped")
        assert answered(house, "what is the weather like?")


def test_a_question_that_stays_open_does_not_swallow_what_is_said_next(tmp_path: Path) -> None:
    with phone(tmp_path, commander, rules=RULES) as house:
        house.start()
        asks(house, "echo one")
        house.bot.clock.advance(86_400)
        assert answered(house, "what is the weather like?")


def test_words_for_one_of_two_questions_in_words_are_not_handed_to_either(tmp_path: Path) -> None:
    def asking(asked: Asked) -> Said:
        if asked.turn == 1:
            return Call("ask_owner", {"question": "Which colour?"})
        return Call("finish", {"result": f"So it is {asked.last}"})

    with phone(tmp_path, asking) as house:
        house.start()
        for number in (1, 2):
            house.ann.says(f"/new paint {number}")
            house.until(lambda number=number: house.status(number) is RunStatus.WAITING)  # type: ignore[misc]
        house.until(lambda: sum("Which colour?" in text for text in house.ann.chat.texts) == 2)
        assert answered(house, "red")


def test_words_that_come_while_the_model_says_its_last_are_not_lost(tmp_path: Path) -> None:
    said = threading.Event()

    def ending(asked: Asked) -> Said:
        if "also in German" in str(asked.body):
            return Call("finish", {"result": "In German too."})
        said.wait(60)
        return Call("finish", {"result": "In English."})

    with phone(tmp_path, ending) as house:
        house.start()
        house.ann.says("write it")
        house.until(lambda: house.model is not None and house.model.calls)
        house.bot.clock.advance(3)
        house.ann.says("also in German")
        house.taken()
        said.set()
        house.until(lambda: all(line.status.final for line in house.service.reads.page()))
        house.until(lambda: not house.service.reads.unsent())
        assert any("In German too." in text for text in house.ann.chat.texts)


def test_a_reply_to_a_skill_at_work_is_not_handed_to_something_that_cannot_read(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        add_slow_skill(tmp_path / "config")
        house.start()
        house.ann.says("slow work")
        house.heard("At work")
        progress = house.ann.chat.history[-1]
        house.bot.clock.advance(3)
        before = len(house.ann.chat.history)
        house.ann.says("and then also the other folder", reply_to=progress)
        house.taken()
        house.until(lambda: not house.service.reads.unsent())
        told = len(house.service.reads.page()) > 1 or len(house.ann.chat.history) > before + 1
        house.service.cancel(1, house.service.reads.task(1).principal)
        assert told


def test_stop_said_to_a_skill_at_work_stops_it_or_says_how(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        add_slow_skill(tmp_path / "config")
        house.start()
        house.ann.says("slow work")
        house.heard("At work")
        house.bot.clock.advance(3)
        before = len(house.ann.chat.history)
        house.ann.says("Stop!")
        house.taken()
        house.until(lambda: all(line.status.final or line.id == 1 for line in house.service.reads.page()))
        house.until(lambda: not house.service.reads.unsent())
        status = house.status(1)
        told = any("/stop" in text or "/cancel" in text for text in house.ann.chat.texts[before:])
        house.service.cancel(1, house.service.reads.task(1).principal) if status is RunStatus.RUNNING else None
        assert status is not RunStatus.RUNNING or told


def chatty(asked: Asked) -> Said:
    """Tell of a long thought, and then work until the owner says enough."""
    if asked.turn == 1:
        return Call("note", {"text": "a long thought, " * 700})
    ended = slow(asked)
    if isinstance(ended, Call):
        return ended
    return Turn((Text("On."), Call("list_files", {"path": f"{asked.turn % 2}/.."})), transit=Transit(first=0.3))


def test_a_long_note_of_the_model_neither_breaks_nor_floods_the_message_about_progress(tmp_path: Path) -> None:
    with phone(tmp_path, chatty) as house:
        house.start()
        house.heard("at your service")
        before = len(house.ann.chat.history)
        house.ann.says("work")
        house.heard("At work", before)
        house.until(lambda: any(message.earlier for message in house.ann.chat.history[before:]))
        house.service.steer(1, "that is enough", house.service.reads.task(1).principal)
        house.heard("Heard: that is enough")
        house.until(lambda: not house.service.reads.unsent())
        told = house.ann.chat.history[before + 1 :]
        assert len(told) == 2
        assert all(len(message.text) < 2000 for message in told)
