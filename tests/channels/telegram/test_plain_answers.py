"""Answers as people type them on a phone: what is meant is taken, and what is not taken is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.domain.approval import ApprovalState
from daemon.domain.run import RunStatus
from tests.channels.telegram.test_answers import RULES, asked, asks, commander, made, questions
from tests.rigs.model_server import Asked, Call, Said
from tests.rigs.model_server import Reply as Turn
from tests.rigs.phone import Phone, phone


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Phone]:
    with phone(tmp_path, commander, rules=RULES) as opened:
        opened.start()
        yield opened


def choosing(*choices: str) -> object:
    """Give a model that lets the owner choose and says what was chosen."""

    def story(asked: Asked) -> Said:
        if asked.turn == 1:
            return Call("ask_owner", {"question": "Which one?", "choices": list(choices)})
        return Call("finish", {"result": f"So it is {asked.last}."})

    return story


def test_a_change_is_taken_though_the_keyboard_begins_it_with_a_capital(house: Phone) -> None:
    question = asks(house, "echo wrong")
    house.ann.says("Command: echo right", reply_to=question)
    house.taken()
    assert asked(house, "echo wrong").state is ApprovalState.EDITED
    house.until(lambda: questions(house, "echo right"))
    assert made(house) == []


def test_a_thumb_of_any_colour_is_a_yes(house: Phone) -> None:
    question = asks(house, "echo thumb")
    house.ann.says("👍🏽", reply_to=question)
    house.taken()
    assert asked(house, "echo thumb").state is ApprovalState.APPROVED


def test_who_means_to_approve_without_a_reply_is_told_that_nothing_is_approved(house: Phone) -> None:
    question = asks(house, "echo meant")
    house.ann.says("yes please")
    house.taken()
    house.until(lambda: not house.service.reads.unsent())
    assert asked(house, "echo meant").state is ApprovalState.OPEN
    last = house.ann.chat.history[-1]
    assert last is not question
    assert any(word in last.text.lower() for word in ("reply", "tap", "approved"))


def test_where_one_question_is_open_nobody_is_told_of_several(house: Phone) -> None:
    asks(house, "echo alone")
    house.ann.says("yes")
    assert "Several" not in house.heard("Reply to")


def test_a_choice_is_taken_however_the_keyboard_writes_it(tmp_path: Path) -> None:
    with phone(tmp_path, choosing("small", "large")) as house:
        house.start()
        house.ann.says("paint it")
        house.heard("Which one?")
        house.ann.says("Large.", reply_to=house.ann.chat.history[-1])
        house.taken()
        assert house.service.reads.approvals() == []


def test_long_choices_can_be_read_to_their_end(tmp_path: Path) -> None:
    same = "Move the old photos of the holidays to the archive and then"
    choices = f"{same} keep them there", f"{same} delete the originals"
    with phone(tmp_path, choosing(*choices)) as house:
        house.start()
        house.ann.says("tidy up")
        house.heard("Which one?")
        question = house.ann.chat.history[-1]
        seen = "\n".join([question.text, *(button["text"] for button in question.buttons)])
        assert all(choice in seen for choice in choices)


@pytest.mark.parametrize("choices", [("", " ", "a", "a"), tuple(map(str, range(101)))])
def test_a_question_with_odd_choices_reaches_the_owner_or_goes_back_to_the_model(
    tmp_path: Path, choices: tuple[str, ...]
) -> None:
    with phone(tmp_path, choosing(*choices)) as house:
        house.start()
        house.ann.says("paint it")
        house.until(lambda: house.status(1) in (RunStatus.WAITING, RunStatus.DONE))
        house.until(lambda: not house.service.reads.unsent())
        assert house.status(1) is RunStatus.DONE or any("Which one?" in text for text in house.ann.chat.texts)
        shown = [button["text"] for button in house.ann.chat.history[-1].buttons]
        assert len(set(shown)) == len(shown)


def test_each_of_two_questions_in_words_is_answered_by_a_reply_to_it(tmp_path: Path) -> None:
    def story(asked: Asked) -> Said:
        if asked.turn == 1:
            return Turn((Call("ask_owner", {"question": "Which colour?"}),))
        return Call("finish", {"result": f"So it is {asked.last}"})

    with phone(tmp_path, story) as house:
        house.start()
        for number in (1, 2):
            house.ann.says(f"/new paint {number}")
            house.until(lambda number=number: house.status(number) is RunStatus.WAITING)  # type: ignore[misc]
        house.until(lambda: sum("Which colour?" in text for text in house.ann.chat.texts) == 2)
        first, second = (one for one in house.ann.chat.history if "Which colour?" in one.text)
        house.ann.says("red", reply_to=second)
        house.heard("So it is red")
        house.ann.says("no, because blue is out", reply_to=first)
        house.heard("So it is no, because blue is out")


def test_after_back_the_buttons_for_ever_are_gone(house: Phone) -> None:
    question = asks(house, "echo often")
    house.ann.taps("Always", question)
    house.heard("Allow this for ever?")
    shown = house.ann.chat.history[-1]
    house.ann.taps("Back", shown)
    house.ann.taps("Yes", question)
    house.heard("It said: often")
    house.until(lambda: not question.buttons)
    assert not shown.buttons
