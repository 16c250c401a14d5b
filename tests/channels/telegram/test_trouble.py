"""What goes wrong at Telegram: too many messages, outages, a refused token, chats that move, a bot that is blocked."""

import signal
from collections.abc import Mapping
from pathlib import Path

from daemon.domain.run import RunStatus
from tests.rigs.bot_server import BotServer, Failure, Reset
from tests.rigs.model_server import Asked, Call, Reply, Said, Text, Transit
from tests.rigs.phone import phone

REPEAT = "Perhaps you have this already"


def hello(asked: Asked) -> Said:
    if "wait" in str(asked.body["messages"][1]):
        return Reply((Text("Late."),), transit=Transit(first=600))
    return Call("finish", {"result": "Hello to you."})


def test_too_many_messages_are_waited_out_and_the_answer_comes_once(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.heard("at your service")
        house.bot.fault(Failure(429, retry_after=1), "sendMessage", times=2)
        house.ann.says("hello")
        house.heard("Hello to you.")
        house.until(lambda: not house.service.reads.unsent())
        assert sum("Hello to you." in text for text in house.ann.chat.texts) == 1


def test_an_answer_that_may_have_come_is_sent_once_more_and_marked(tmp_path: Path) -> None:
    left = [Reset("after")]

    def cut(method: str, fields: Mapping[str, str]) -> Reset | None:
        return left.pop() if left and method == "sendMessage" and "Hello to you." in fields.get("text", "") else None

    with phone(tmp_path, hello, bot=BotServer(on_request=cut)) as house:
        house.start()
        house.ann.says("hello")
        house.heard(REPEAT)
        assert [REPEAT in text for text in house.ann.chat.texts if "Hello to you." in text] == [False, True]


def test_an_outage_loses_nothing_and_shows_in_the_status(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.heard("at your service")
        house.bot.close_port()
        house.bot.drop_connections()
        for number in range(3):
            house.ann.says(f"/new hello {number}")
        house.until(lambda: any(part.state == "down" for part in house.service.reads.daemon_parts()))
        (down,) = [part for part in house.service.reads.daemon_parts() if part.state == "down"]
        assert (down.name, "cannot be reached" in down.problem) == ("telegram", True)
        assert house.bot.token not in house.log
        house.bot.open_port()
        house.until(lambda: sum("Hello to you." in text for text in house.ann.chat.texts) == 3)
        house.until(lambda: all(part.state == "up" for part in house.service.reads.daemon_parts()))


def test_a_refused_token_is_told_and_the_daemon_works_without(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.bot.revoke()
        house.start(wait=False)
        house.until(lambda: '"ready"' in house.log)
        house.until(lambda: any(part.name == "telegram" for part in house.service.reads.daemon_parts()))
        (down,) = [part for part in house.service.reads.daemon_parts() if part.name == "telegram"]
        assert down.state == "down"
        assert "agent auth set TELEGRAM_BOT_TOKEN" in down.problem
        assert house.stop() == 0


def test_a_group_that_becomes_a_supergroup_is_the_same_conversation(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        group = house.group()
        house.ann.says("hello", chat=group)
        house.until(lambda: any("Hello to you." in text for text in group.texts))
        new = house.ann.upgrades(group)
        house.ann.says("hello again", chat=new)
        house.until(lambda: any("Hello to you." in text for text in new.texts))
        conversations = {house.service.reads.task(number).conversation_id for number in (1, 2)}
        assert len(conversations) == 1


def test_a_bot_that_is_blocked_keeps_its_answer_until_it_is_let_in_again(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.heard("at your service")
        house.ann.says("hello")
        house.ann.blocks()
        house.until(lambda: house.service.reads.page() and house.service.reads.unsent())
        house.ann.unblocks()
        house.heard("Hello to you.")


def test_a_second_signal_ends_the_daemon_at_once(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.ann.says("wait")
        house.until(lambda: house.model is not None and house.model.calls)
        house.daemon.terminate()
        house.until(lambda: house.status(1) is RunStatus.PENDING)
        house.daemon.terminate()
        assert house.daemon.wait(60) == -signal.SIGTERM
        assert "stopped at once" in house.log


def test_a_changed_language_is_spoken_after_a_reload(tmp_path: Path) -> None:
    with phone(tmp_path, hello) as house:
        house.start()
        house.heard("at your service")
        (tmp_path / "config" / "config.yaml").write_text(f"telegram:\n  api: {house.bot.url}\nowner:\n  language: de\n")
        house.reload()
        house.until(lambda: "configuration reloaded" in house.log)
        assert house.says_until("/pause 9", "Aufgabe 9 gibt es nicht")
