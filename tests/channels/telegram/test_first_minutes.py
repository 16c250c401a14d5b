"""What an owner tries in the first minutes: files of every kind, commands with files, and what is said to them."""

from pathlib import Path
from typing import Any

import pytest

from daemon.domain.run import RunStatus
from tests.channels.telegram.test_talking import hello, slow
from tests.rigs.bot_server import Failure
from tests.rigs.model_server import Asked, Call, Said
from tests.rigs.phone import phone

BIG = 25_000_000


def marked(asked: Asked) -> Said:
    del asked
    return Call("finish", {"result": "**Bold** and\n\n- a list\n- of [two](https://a.example)\n\n" + "word " * 400})


ODD: list[dict[str, Any]] = [
    {"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9}},
    {"dice": {"emoji": "🎲", "value": 3}},
    {"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "Bar", "address": "A 1"}},
    {"poll": {"id": "1", "question": "Tea?", "options": [{"text": "yes", "voter_count": 0}], "type": "regular"}},
    {"a_kind_of_message_that_comes_one_day": {"a": 1}},
    {"text": "\u200b\u2060"},
    {"text": "x" * 4096},
    {"text": "/" * 30},
    {"text": "/new@somebody_else hi"},
]


def test_anything_gets_a_clear_answer_and_holds_up_nothing(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.heard("at your service")
        for content in ODD:
            before = len(house.ann.chat.history)
            house.ann.sends(content)
            house.until(lambda before=before: len(house.ann.chat.history) > before + 1)  # type: ignore[misc]
            told = " ".join(house.ann.chat.texts[before:])
            assert "failed with that message" not in told
            assert "agent " not in told.replace("agent --file", "")
        house.says_until("/new hello", "Hello to you.")


def test_a_file_of_any_name_comes_along_under_a_name_that_is_safe(tmp_path: Path) -> None:
    names = ["", "..", "../../etc/passwd", "a\nb.txt", "\u202egnp.exe", "x" * 300, "-rf", " ", "CON", "a/", "\\"]
    with phone(tmp_path, hello) as house:
        house.start()
        for number, name in enumerate(names, 1):
            house.ann.sends_document(b"text", name, caption="/new look")
            house.until(lambda number=number: house.status(number) is not None)  # type: ignore[misc]
            (blob,) = house.service.reads.task(number).files
            assert blob.name.isprintable()
            assert "/" not in blob.name
            assert blob.name.strip(". ")


def test_a_file_whose_caption_is_only_new_is_not_lost(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.ann.sends_document(b"text", "a.txt", caption="/new")
        house.taken()
        lines = house.service.reads.page()
        assert [blob.name for line in lines for blob in house.service.reads.task(line.id).files] == ["a.txt"]


def test_a_file_that_cannot_be_taken_is_told_though_its_caption_reaches_a_task_at_work(tmp_path: Path) -> None:
    with phone(tmp_path, slow) as house:
        house.start()
        house.ann.says("work")
        house.until(lambda: house.status(1) is RunStatus.RUNNING)
        house.bot.clock.advance(2)
        house.ann.sends_document(None, "photos.zip", caption="use this, that is enough", size=BIG)
        house.taken()
        house.until(lambda: all(line.status.final for line in house.service.reads.page()))
        house.heard("photos.zip (25.0 MB) is too big")


def test_a_file_that_cannot_be_taken_is_told_though_its_caption_answers_a_question(tmp_path: Path) -> None:
    def asking(asked: Asked) -> Said:
        if asked.turn == 1:
            return Call("ask_owner", {"question": "Which file?"})
        return Call("finish", {"result": f"So it is {asked.last}"})

    with phone(tmp_path, asking) as house:
        house.start()
        house.ann.says("read it")
        house.heard("Which file?")
        question = house.ann.chat.history[-1]
        house.ann.sends_document(None, "photos.zip", caption="this one", size=BIG, reply_to=question)
        house.heard("So it is")
        house.until(lambda: not house.service.reads.unsent())
        assert any("too big" in text for text in house.ann.chat.texts)


def test_the_model_is_told_which_file_of_an_album_could_not_be_taken(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        album, media = house.bot.telegram.album(), house.bot.telegram.media
        with house.bot.telegram.lock:
            house.ann.sends(media.document(b"a", "a.txt") | {"caption": "compare these"}, album=album)
            house.ann.sends(media.document(None, "b.bin", "", BIG), album=album)
        house.heard("b.bin (25.0 MB) is too big")
        house.until(lambda: house.status(1) is RunStatus.DONE)
        assert house.model is not None
        assert "b.bin" in str(house.model.calls[0].json["messages"])


def test_what_task_says_is_as_readable_as_the_result_and_says_where_it_is_cut(tmp_path: Path) -> None:
    with phone(tmp_path, marked) as house:
        house.start()
        house.says_until("hello", "Bold and")
        told = house.says_until("/task 1", "Task 1: hello")
        assert "**" not in told
        assert "](" not in told
        assert "…" in told


def test_a_new_house_says_who_is_at_work_and_not_that_there_are_no_tasks(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.says_until("hello", "Hello to you.")
        before = len(house.ann.chat.history)
        house.ann.says("/agents")
        house.until(lambda: len(house.ann.chat.history) > before + 1)
        told = house.ann.chat.texts[-1]
        assert "no tasks" not in told
        assert not told.endswith(": -")


def test_numbers_of_stats_have_words(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.says_until("hello", "Hello to you.")
        told = house.says_until("/stats", "Done: 1").splitlines()[0]
        assert all(any(letter.isalpha() for letter in part) for part in told.split(" · "))


def test_a_search_takes_any_words(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.heard("at your service")
        for words in ('"', "*", "AND", "a OR", "NEAR(", "%", "' OR 1=1 --", "ü", "(", "col:"):
            before = len(house.ann.chat.history)
            house.ann.says(f"/find {words}")
            house.until(lambda before=before: len(house.ann.chat.history) > before + 1)  # type: ignore[misc]
            assert "failed" not in house.ann.chat.texts[-1]


def test_a_search_that_finds_nothing_says_so(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.says_until("hello", "Hello to you.")
        before = len(house.ann.chat.history)
        house.ann.says("/find zebra")
        house.until(lambda: len(house.ann.chat.history) > before + 1)
        assert "There are no tasks yet" not in house.ann.chat.texts[-1]


@pytest.mark.parametrize("ahead", [-40, -3600])
def test_words_reach_a_task_though_the_clock_of_this_machine_is_ahead(tmp_path: Path, ahead: float) -> None:
    with phone(tmp_path, slow) as house:
        house.start()
        house.bot.clock.advance(ahead)
        house.ann.says("work")
        house.until(lambda: house.status(1) is RunStatus.RUNNING)
        house.ann.says("that is enough")
        house.taken()
        assert house.status(2) is None


def test_a_file_that_telegram_has_not_at_hand_just_now_is_waited_for(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        why = "Bad Request: wrong file_id or the file is temporarily unavailable"
        house.bot.fault(Failure(400, why), "getFile", times=1)
        house.ann.sends_document(b"text", "a.txt", caption="look")
        house.until(lambda: house.status(1) is RunStatus.DONE)
        assert [blob.name for blob in house.service.reads.task(1).files] == ["a.txt"]
