"""kill -9 at any moment: every message becomes one task, and its answer comes once, or is marked as a repeat."""

import random
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.rigs.bot_server import BotServer
from tests.rigs.bot_server.call import Call
from tests.rigs.phone import Phone, phone
from tests.rigs.waiting import wait_until

SKILL = """---
name: echo
description: Says that it heard
metadata:
  entry: scripts/echo.sh
  slots: "words: text"
  triggers: echo {words}
---
"""
CUT_OFF = "It was cut off 3 times"
"""What a run says that was killed so often without getting further: an end in words, and no loss."""
REPEAT = "Perhaps you have this already"


class Killer:
    """Kills the daemon at moments of its own choice, also while it is being answered."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.house: Phone | None = None
        self.armed = False
        self.in_between = 0

    def taken(self, call: Call) -> None:
        """Kill once an answer to the owner was taken, before the daemon hears of it, now and then."""
        if not self.armed or call.method != "sendMessage" or self._chance.random() > 0.1 or self.house is None:
            return
        self.armed = False
        self.in_between += 1
        self.house.daemon.kill()

    def pause(self) -> float:
        return self._chance.uniform(0.05, 2.5)


def _skill(folder: Path) -> None:
    scripts = folder / "config" / "skills" / "echo" / "scripts"
    scripts.mkdir(parents=True)
    (scripts.parent / "SKILL.md").write_text(SKILL)
    (scripts / "echo.sh").write_text("echo heard\n")


def _answers(house: Phone) -> dict[int, list[str]]:
    """Give for each message of the owner what answered it, but for progress."""
    found: dict[int, list[str]] = {}
    for message in house.ann.chat.history:
        told = message.json()
        if (
            told["from"]["is_bot"]
            and "reply_to_message" in told
            and ("heard" in message.text or CUT_OFF in message.text)
        ):
            found.setdefault(told["reply_to_message"]["message_id"], []).append(message.text)
    return found


def test_fifty_messages_that_came_while_it_was_down_are_fifty_tasks(tmp_path: Path) -> None:
    with phone(tmp_path) as house:
        _skill(tmp_path)
        said = [house.ann.says(f"echo number {number}") for number in range(50)]
        house.start()
        house.until(lambda: len(_answers(house)) == 50, 60)
        goals = sorted(house.service.reads.task(line.id).goal for line in house.service.reads.page(most=100))
        assert goals == sorted(message.text for message in said)
        assert all(len(texts) == 1 for texts in _answers(house).values())
        numbers = [house.service.reads.task(task_id).goal for task_id in range(1, 51)]
        assert numbers == [message.text for message in said]


@pytest.mark.parametrize("seed", [5])
def test_killed_at_random_nothing_is_lost_and_nothing_is_done_twice(
    tmp_path: Path, seed: int, storm_is_long: bool
) -> None:
    updates, kills = (600, 60) if storm_is_long else (40, 5)
    killer = Killer(seed)
    with phone(tmp_path, bot=BotServer(on_taken=killer.taken)) as house:
        _skill(tmp_path)
        killer.house = house
        talking = threading.Thread(target=_talk, args=(house, updates), daemon=True)
        house.start(wait=False)
        talking.start()
        for _ in range(kills):
            killer.armed = True
            wait_until(lambda: house.daemon.poll() is not None, killer.pause())
            house.kill()
            house.start(wait=False)
        killer.armed = False
        talking.join()
        patience = 900 if storm_is_long else 90
        house.until(lambda: len(house.service.reads.page(most=10 * updates)) >= updates, patience)
        house.until(lambda: all(line.status.final for line in house.service.reads.page(most=10 * updates)), patience)
        house.until(lambda: not house.service.reads.unsent(), patience)
        _judge(house, updates)


def _talk(house: Phone, updates: int) -> None:
    chance = random.Random(1)
    for number in range(updates):
        house.ann.says(f"echo number {number}")
        threading.Event().wait(chance.uniform(0.0, 0.12))


def _judge(house: Phone, updates: int) -> None:
    lines = house.service.reads.page(most=10 * updates)
    goals = Counter(house.service.reads.task(line.id).goal for line in lines)
    assert goals == Counter(f"echo number {number}" for number in range(updates))
    cut_off = sum(call.taken and not call.delivered for call in house.bot.calls("sendMessage"))
    twice = 0
    unanswered = updates - len(_answers(house))
    given_up = [
        message
        for line in lines
        for message in house.service.reads.messages(house.service.reads.task(line.id).run_id)
        if message.state == "failed" and message.reason == "unknown whether it was sent"
    ]
    # Killed twice while the same message was on its way: it is not sent a third time, and its state says so.
    assert unanswered <= len(given_up), (unanswered, given_up)
    for texts in _answers(house).values():
        marked = [text for text in texts if REPEAT in text]
        assert len(texts) - len(marked) <= 1, texts
        assert len(texts) <= 2, texts
        twice += len(texts) == 2
    assert twice <= cut_off, (twice, cut_off)
