"""The way back to the owner: an answer that cannot get there by one way goes by another."""

from pathlib import Path

import pytest

from daemon.domain.run import RunStatus
from tests.channels.telegram.test_talking import hello, slow
from tests.rigs.bot_server import Failure, Reset
from tests.rigs.model_server import Asked, Call, Said
from tests.rigs.phone import TERMINAL, phone


def test_the_result_of_a_task_whose_topic_was_deleted_reaches_the_owner(tmp_path: Path) -> None:
    with phone(tmp_path, slow) as house:
        house.start()
        forum = house.bot.supergroup("Ann's", house.ann, forum=True)
        house.ann.adds_bot(forum, as_administrator=True)
        topic = house.ann.opens_topic("Taxes", chat=forum)
        house.ann.says("work", chat=forum, thread=topic)
        house.until(lambda: house.status(1) is RunStatus.RUNNING)
        house.ann.deletes_topic(topic, chat=forum)
        house.service.steer(1, "that is enough", TERMINAL)
        house.until(lambda: house.status(1) is RunStatus.DONE)
        house.until(lambda: not house.service.reads.unsent())
        assert any("Heard: that is enough" in text for text in (*house.ann.chat.texts, *forum.texts))


def test_the_result_of_a_task_whose_group_threw_the_bot_out_reaches_the_owner(tmp_path: Path) -> None:
    with phone(tmp_path, slow) as house:
        house.start()
        group = house.group()
        house.ann.says("work", chat=group)
        house.until(lambda: house.status(1) is RunStatus.RUNNING)
        house.ann.removes_bot(group)
        house.service.steer(1, "that is enough", TERMINAL)
        house.until(lambda: house.status(1) is RunStatus.DONE)
        house.heard("Heard: that is enough")


def writer(asked: Asked) -> Said:
    if asked.turn == 1:
        return Call("write_file", {"path": "output/a.txt", "content": "new"})
    return Call("finish", {"result": "Written."})


def test_an_undo_that_was_taken_is_done_or_told_though_the_daemon_dies_then(tmp_path: Path) -> None:
    with phone(tmp_path, writer) as house:
        house.start()
        house.says_until("write", "Written.")
        house.stop()
        house.ann.says("/undo 1")
        house.start("receive.handled", wait=False)
        house.daemon.wait(60)
        before = len(house.ann.chat.history)
        house.start()
        house.heard("Task 1", before)


def test_in_a_group_that_anybody_can_look_into_nothing_is_said(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.bot.telegram.account.reads_all = True
        group = house.bot.supergroup("Ann's", house.ann)
        house.ann.adds_bot(group)
        with house.bot.telegram.lock:
            said = house.bot.telegram.post(group, house.ann.person, {"text": "what do I owe the bank?"}).json()
            said["chat"] |= {"username": "anns_public_group"}
            house.bot.telegram.updates.add("message", said)
        house.taken()
        house.until(lambda: all(line.status.final for line in house.service.reads.page()))
        house.until(lambda: not house.service.reads.unsent())
        assert group.texts == ["what do I owe the bank?"]


@pytest.mark.parametrize("failure", [Failure(429, retry_after=1), Reset("before")])
def test_a_message_in_a_group_is_not_lost_where_its_members_cannot_be_counted_just_then(
    tmp_path: Path, failure: Failure | Reset
) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        group = house.group()
        house.bot.fault(failure, "getChatMemberCount", times=1)
        house.ann.says("hello", chat=group)
        house.taken()
        assert len(house.service.reads.page()) == 1


def test_a_message_that_cannot_be_read_is_told_and_not_dropped(tmp_path: Path) -> None:
    """As when Telegram changes what a message holds beside its text."""
    with phone(tmp_path, hello) as house:
        house.start()
        house.heard("at your service")
        before = len(house.ann.chat.history)
        house.ann.sends({"text": "pay the rent", "reply_markup": {"inline_keyboard": [[{"no": "text"}]]}})
        house.taken()
        house.until(lambda: not house.service.reads.unsent())
        house.until(lambda: all(line.status.final for line in house.service.reads.page()))
        assert len(house.ann.chat.history) > before + 1


def test_a_long_text_that_the_app_cuts_at_a_paragraph_is_one_task(tmp_path: Path) -> None:
    """The app for computers cuts at the best place in the second half of what fits a message: a paragraph."""
    with phone(tmp_path, hello) as house:
        house.start()
        first, second = "Sum this up. " + "word " * 560 + "end.", "And " + "more " * 700 + "."
        with house.bot.telegram.lock:
            house.ann.says(first)
            house.ann.says(second)
        house.taken()
        house.until(lambda: all(line.status.final for line in house.service.reads.page()))
        assert len(house.service.reads.page()) == 1


def test_the_parts_of_a_long_text_do_not_run_into_each_other(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        first, second = "Sum this up. " + "word " * 808 + "end.", "Begin of the next paragraph."
        with house.bot.telegram.lock:
            house.ann.says(first)
            house.ann.says(second)
        house.until(lambda: house.status(1) is RunStatus.DONE)
        assert "end.Begin" not in house.service.reads.task(1).goal


def test_a_follow_up_keeps_its_files_though_the_clock_of_this_machine_is_ahead(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.bot.clock.advance(-40)
        house.ann.sends_document(b"text", "a.txt", caption="look")
        house.until(lambda: house.status(1) is RunStatus.DONE)
        house.heard("Hello to you.")
        house.ann.says("now by region")
        house.until(lambda: house.status(2) is not None)
        assert house.service.reads.task(2).follows == 1
