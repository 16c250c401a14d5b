"""Who gets what is said: the owner's accounts of now, all of it, and nobody else."""

from pathlib import Path

import pytest

from daemon.domain.approval import ApprovalState
from daemon.domain.run import RunStatus
from tests.channels.telegram.test_answers import RULES, asked, asks, commander, made
from tests.channels.telegram.test_talking import hello, slow
from tests.rigs.bot_server import Failure
from tests.rigs.model_server import Asked, Call, Said
from tests.rigs.phone import TERMINAL, phone


def test_an_account_that_is_the_owners_no_more_gets_no_result(tmp_path: Path) -> None:
    """As after the phone was stolen: `agent pair --forget`, and another phone is paired."""
    with phone(tmp_path, slow) as house:
        bob = house.bot.user("Bob")
        bob.starts()
        house.start()
        house.ann.says("work")
        house.until(lambda: any(message.earlier for message in house.ann.chat.history))
        house.service.post.unpair("telegram", str(house.ann.id), TERMINAL)
        house.pair(bob)
        house.service.steer(1, "that is enough", TERMINAL)
        house.until(lambda: house.status(1) is RunStatus.DONE)
        house.until(lambda: not house.service.reads.unsent())
        assert not any("Heard:" in text for text in house.ann.chat.texts)


def test_an_account_that_is_the_owners_no_more_is_asked_nothing(tmp_path: Path) -> None:
    with phone(tmp_path, commander, rules=RULES) as house:
        house.start()
        house.heard("at your service")
        house.stop()
        house.ann.says("/new please: cat secrets.txt")
        house.start("receive.handled", wait=False)
        house.daemon.wait(60)
        house.service.post.unpair("telegram", str(house.ann.id), TERMINAL)
        bob = house.bot.user("Bob")
        bob.starts()
        house.pair(bob)
        house.start()
        house.until(lambda: house.status(1) is RunStatus.WAITING)
        house.until(lambda: any("cat secrets.txt" in text for text in bob.chat.texts))
        house.until(lambda: not house.service.reads.unsent())
        assert not any("cat secrets.txt" in text and "wants" in text for text in house.ann.chat.texts)


def filer(asked: Asked) -> Said:
    if asked.turn <= 2:
        return Call("write_file", {"path": f"output/{asked.turn}.txt", "content": "text"})
    files = ["1.txt", "2.txt"] if "make two" in str(asked.body) else ["1.txt"]
    return Call("finish", {"result": "Here they are.", "files": files})


@pytest.mark.parametrize(
    ("words", "method", "code"),
    [("one", "sendDocument", 400), ("one", "sendDocument", 413), ("two", "sendMediaGroup", 413)],
)
def test_a_result_whose_files_telegram_refuses_is_told_all_the_same(
    tmp_path: Path, words: str, method: str, code: int
) -> None:
    with phone(tmp_path, filer) as house:
        house.start()
        house.heard("at your service")
        told = "Request Entity Too Large" if code == 413 else "Bad Request: file is refused"
        house.bot.fault(Failure(code, told), method, times=50)
        before = len(house.ann.chat.history)
        house.ann.says(f"make {words}")
        house.until(lambda: house.status(1) is RunStatus.DONE)
        house.until(lambda: not house.service.reads.unsent())
        told = " ".join(house.ann.chat.texts[before:])
        assert "Here they are." in told
        assert "1.txt" in told


def test_a_yes_to_the_message_about_progress_is_told_to_approve_nothing(tmp_path: Path) -> None:
    with phone(tmp_path, commander, rules=RULES) as house:
        house.start()
        asks(house, "sleep 1")
        house.service.post.show_progress(house.service.reads.task(1).run_id)
        house.until(lambda: any("Waits for your answer" in text for text in house.ann.chat.texts))
        progress = next(one for one in house.ann.chat.history if "Waits for your answer" in one.text)
        before = len(house.ann.chat.history)
        house.ann.says("yes", reply_to=progress)
        house.taken()
        house.until(lambda: not house.service.reads.unsent())
        assert asked(house, "sleep 1").state is ApprovalState.OPEN
        assert len(house.ann.chat.history) > before + 1


def test_a_tap_after_the_task_was_cancelled_in_the_terminal_says_what_is_the_case(tmp_path: Path) -> None:
    with phone(tmp_path, commander, rules=RULES) as house:
        house.start()
        question = asks(house, "echo late")
        data = f"yes:{asked(house, 'echo late').id}"
        house.service.cancel(1, TERMINAL)
        with house.bot.telegram.lock:
            tap = house.bot.telegram.tapped(house.ann.person, question, data)
        house.until(lambda: tap.answered)
        assert "answered already" not in tap.text
        assert made(house) == []


def test_after_a_silent_week_the_next_message_is_taken(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.says_until("hello", "Hello to you.")
        house.bot.clock.advance(8 * 86_400)
        house.ann.says("/new hello again")
        house.until(lambda: house.status(2) is RunStatus.DONE)


def test_a_result_with_the_commands_of_the_bot_in_it_offers_none_to_tap(tmp_path: Path) -> None:
    """Telegram makes a command of each /word in a bot's text, which a tap sends as the owner's own message."""

    def telling(asked: Asked) -> Said:
        del asked
        return Call("finish", {"result": "For details tap /stop or /disk_report now."})

    with phone(tmp_path, telling) as house:
        house.start()
        house.ann.says("hello")
        house.heard("For details")
        message = next(one for one in house.ann.chat.history if "For details" in one.text)
        kinds = [entity["type"] for entity in message.content.get("entities", [])]
        assert "bot_command" not in kinds
