"""Messages of long ago and out of order: edits, replies, taps and parts of albums that come late or after a restart."""

from pathlib import Path

from daemon.domain.approval import ApprovalState
from daemon.domain.run import RunStatus
from tests.channels.telegram.test_answers import RULES, asked, asks, commander, made, questions
from tests.channels.telegram.test_killed import _skill
from tests.channels.telegram.test_talking import files_of, hello, slow
from tests.channels.telegram.test_voice import talking
from tests.rigs.phone import TERMINAL, phone


def test_a_reply_to_a_result_of_days_ago_goes_on_with_its_files(tmp_path: Path) -> None:
    with phone(tmp_path, files_of) as house:
        house.start()
        house.ann.sends_document(b"text", "a.txt", caption="look")
        house.heard("I see")
        result = house.ann.chat.history[-1]
        house.bot.clock.advance(5 * 86_400)
        house.says_until("/new hello", "I see")
        house.until(lambda: house.status(2) is RunStatus.DONE)
        house.ann.says("and now?", reply_to=result)
        house.until(lambda: house.status(3) is RunStatus.DONE)
        task = house.service.reads.task(3)
        assert (task.follows, [blob.name for blob in task.files]) == (1, ["a.txt"])


def test_a_part_of_an_album_that_comes_after_a_restart_begins_the_task_anew_with_all_of_it(tmp_path: Path) -> None:
    with phone(tmp_path, files_of) as house:
        house.start()
        album, media = house.bot.telegram.album(), house.bot.telegram.media
        house.ann.sends(media.document(b"a", "a.txt") | {"caption": "compare these"}, album=album)
        house.until(lambda: house.status(1) is RunStatus.DONE)
        house.kill()
        house.bot.clock.advance(30)
        house.ann.sends(media.document(b"b", "b.txt"), album=album)
        house.start()
        house.until(lambda: house.status(2) is RunStatus.DONE)
        task = house.service.reads.task(2)
        assert (task.goal, {blob.name for blob in task.files}) == ("compare these", {"a.txt", "b.txt"})


def test_a_late_part_of_an_album_with_a_private_caption_stays_private(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        album, media = house.bot.telegram.album(), house.bot.telegram.media
        house.ann.sends(media.document(b"a", "a.txt") | {"caption": "/private compare these"}, album=album)
        house.until(lambda: house.status(1) is not None)
        house.ann.sends(media.document(b"b", "b.txt"), album=album)
        house.until(lambda: house.status(2) is not None)
        assert house.service.reads.task(2).private


def test_a_late_part_of_an_album_does_not_do_again_what_a_task_has_asked_for_already(tmp_path: Path) -> None:
    with phone(tmp_path, commander, rules=RULES) as house:
        house.start()
        album, media = house.bot.telegram.album(), house.bot.telegram.media
        house.ann.sends(media.document(b"a", "a.txt") | {"caption": "please: echo album"}, album=album)
        house.until(lambda: questions(house, "echo album"))
        house.ann.sends(media.document(b"b", "b.txt"), album=album)
        house.until(lambda: house.status(2) is RunStatus.WAITING)
        house.until(lambda: not house.service.reads.unsent())
        assert house.status(1) is RunStatus.CANCELLED
        house.until(lambda: len(questions(house, "echo album")) == 1)
        house.ann.taps("Yes", questions(house, "echo album")[0])
        house.until(lambda: house.status(2) is RunStatus.DONE)
        assert made(house) == ["echo album"]


def test_an_edited_caption_reaches_the_task_at_work_and_its_file_is_not_fetched_again(tmp_path: Path) -> None:
    with phone(tmp_path, slow) as house:
        house.start()
        sent = house.ann.sends_document(b"text", "a.txt", caption="work")
        house.until(lambda: house.status(1) is RunStatus.RUNNING)
        fetched = len(house.bot.calls("getFile"))
        house.ann.edits(sent, "work, but that is enough")
        house.heard("Heard: work, but that is enough")
        assert len(house.bot.calls("getFile")) == fetched


def test_an_edit_that_changes_no_word_is_passed_over(tmp_path: Path) -> None:
    """Telegram tells of edits of its own making too: of a preview that was found, of an effect."""
    with phone(tmp_path, hello) as house:
        house.start()
        said = house.ann.says("read https://a.example")
        house.heard("Hello to you.")
        before = len(house.ann.chat.history)
        house.ann.edits(said, "read https://a.example")
        house.taken()
        house.until(lambda: not house.service.reads.unsent())
        assert len(house.ann.chat.history) == before


def test_an_edit_that_came_before_the_message_was_taken_counts(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        said = house.ann.says("delete everything")
        house.ann.edits(said, "delete nothing, only list")
        house.start()
        house.until(lambda: house.status(1) is RunStatus.DONE)
        house.until(lambda: not house.service.reads.unsent())
        assert house.model is not None
        assert "delete nothing, only list" in str(house.model.calls[0].json["messages"])


def test_a_button_of_a_message_from_before_a_restart_works_once(tmp_path: Path) -> None:
    with phone(tmp_path, commander, rules=RULES) as house:
        house.start()
        question = asks(house, "echo old")
        house.kill()
        house.ann.taps("Yes", question, old=True)
        house.ann.taps("No", question, old=True)
        house.start()
        house.heard("It said: old")
        assert asked(house, "echo old").state is ApprovalState.APPROVED
        assert made(house) == ["echo old"]


def test_a_tap_on_pause_of_a_task_that_has_ended_says_so(tmp_path: Path) -> None:
    with phone(tmp_path, slow) as house:
        house.start()
        house.ann.says("work")
        house.until(lambda: any(message.buttons for message in house.ann.chat.history))
        progress = next(message for message in house.ann.chat.history if message.buttons)
        house.service.cancel(1, TERMINAL)
        with house.bot.telegram.lock:
            tap = house.bot.telegram.tapped(house.ann.person, progress, "pause:1")
        house.until(lambda: tap.answered)
        assert "cannot be done" in tap.text


def test_the_buttons_of_an_old_question_are_gone_after_it_was_asked_again(tmp_path: Path) -> None:
    with phone(tmp_path, commander, rules=RULES) as house:
        house.start()
        asks(house, "echo twice")
        house.ann.says("/approvals")
        house.until(lambda: len(questions(house, "echo twice")) == 2)
        house.ann.taps("Yes", questions(house, "echo twice")[1])
        house.heard("It said: twice")
        house.until(lambda: not questions(house, "echo twice"))


def test_a_second_tap_on_ask_a_model_makes_no_second_task(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        _skill(tmp_path)
        house.start()
        house.ann.says("echo this")
        house.until(lambda: house.ann.chat.history[-1].buttons)
        result = house.ann.chat.history[-1]
        with house.bot.telegram.lock:
            house.ann.taps("Ask a model instead", result)
            house.ann.taps("Ask a model instead", result)
        house.taken()
        assert len(house.service.reads.page()) == 2


def test_what_was_spoken_stays_spoken_where_a_model_is_asked_instead(tmp_path: Path) -> None:
    with talking(tmp_path, "Echo push to evil.example.") as (house, _):
        _skill(tmp_path)
        house.reload()
        house.until(lambda: "configuration reloaded" in house.log)
        house.ann.sends_voice(b"OggS", 3)
        house.taps("Ask a model instead")
        house.until(lambda: house.status(2) is not None)
        assert (house.service.reads.task(1).spoken, house.service.reads.task(2).spoken) == (True, True)
