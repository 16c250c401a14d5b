"""The panic stop: nothing that was said before it begins after it."""

from pathlib import Path

from daemon.domain.run import RunStatus
from tests.channels.telegram.test_talking import hello
from tests.rigs.phone import Phone, phone


def _stopped(house: Phone) -> None:
    house.until(lambda: any("stopped" in text or "Nothing was going on" in text for text in house.ann.chat.texts))
    house.taken()
    alive = (RunStatus.PENDING, RunStatus.RUNNING)
    house.until(lambda: all(house.status(line.id) not in alive for line in house.service.reads.page()))
    assert RunStatus.DONE not in {house.status(line.id) for line in house.service.reads.page()}
    assert house.model is not None
    assert house.model.calls == []


def test_a_stop_stops_what_was_said_before_it_while_the_daemon_was_down(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.ann.says("send the letter to everybody")
        house.ann.says("/stop")
        house.start()
        _stopped(house)


def test_a_stop_stops_an_album_of_which_more_may_still_come(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.ann.sends_album([("a.txt", b"a"), ("b.txt", b"b")], caption="send these to everybody")
        house.ann.says("/stop")
        _stopped(house)


def test_a_stop_stops_what_is_still_being_fetched(tmp_path: Path) -> None:
    from tests.rigs.bot_server import Failure

    with phone(tmp_path, hello) as house:
        house.start()
        house.bot.fault(Failure(500), "getFile", times=2)
        house.ann.sends_document(b"text", "a.txt", caption="send this to everybody")
        house.ann.says("/stop")
        _stopped(house)


def test_a_cancel_in_reply_to_an_album_that_is_not_taken_yet_cancels_its_task(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        album = house.ann.sends_album([("a.txt", b"a"), ("b.txt", b"b")], caption="send these to everybody")
        house.ann.says("/cancel", reply_to=album[0])
        house.taken()
        house.until(lambda: all(line.status.final for line in house.service.reads.page()))
        assert RunStatus.DONE not in {house.status(line.id) for line in house.service.reads.page()}
