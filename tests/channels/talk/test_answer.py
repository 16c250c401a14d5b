"""What an answer in words says: a yes alone, a no with its reason, a change, a stop, a choice."""

import pytest

from channels.talk.answer import Change, No, Yes, chosen, is_stop, read_answer

ARGUMENTS = {"command": "echo one", "to": "a@example.com"}


@pytest.mark.parametrize(
    "text", ["yes", "si\u0301", "Sì", "Oui !", "JA!!", "Ok…", "yes\u00a0", "👍", "👍🏽", "👍🏿", "👍\ufe0f", " y "]
)
def test_a_yes_is_a_yes_however_the_keyboard_writes_it(text: str) -> None:
    assert read_answer(text, ARGUMENTS) == Yes()


@pytest.mark.parametrize("text", ["yes please", "yes but not now", "yes?", "ok do it", "yess", "sure", "", "not yes"])
def test_anything_beside_a_yes_approves_nothing(text: str) -> None:
    assert not isinstance(read_answer(text, ARGUMENTS), Yes)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("No", ""), ("nein, morgen", "morgen"), ("👎🏾", ""), ("no: too late", "too late")],
)
def test_a_no_may_have_a_reason(text: str, reason: str) -> None:
    assert read_answer(text, ARGUMENTS) == No(reason)


def test_an_argument_is_named_in_capitals_too() -> None:
    assert read_answer("Command: echo two", ARGUMENTS) == Change({"command": "echo two"})
    assert read_answer("TO: b@example.com\ncommand: x", ARGUMENTS) == Change({"to": "b@example.com", "command": "x"})


@pytest.mark.parametrize("text", ["stop", "Stop!", "cancel", "halt", "STOPP.", "/stop", "/stop@a_bot", "arrête"])
def test_stop_alone_is_a_stop(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize("text", ["stop the music", "non-stop", "/stops", "don't stop", "/cancel 3", ""])
def test_stop_among_other_words_is_none(text: str) -> None:
    assert not is_stop(text)


@pytest.mark.parametrize("text", ["Large", "large.", " large", "LARGE"])
def test_a_choice_is_meant_however_it_is_written(text: str) -> None:
    assert chosen(text, ("small", "large")) == "large"
    assert chosen("medium", ("small", "large")) == "medium"
