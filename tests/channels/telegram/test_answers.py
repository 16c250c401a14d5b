"""Questions that are answered from a phone: exactly what was shown is done, once, and only for the owner's own word."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.domain.approval import Approval, ApprovalState
from daemon.domain.run import RunStatus
from tests.rigs.bot_server.message import Message
from tests.rigs.model_server import Asked, Call, Said
from tests.rigs.phone import TERMINAL, Phone, phone

RULES = [{"verdict": "ask", "tool": "shell", "reason": "I want to see commands."}]


def commander(asked: Asked) -> Said:
    """Run the command that the task's words give; then say what came of it."""
    if asked.turn > 1:
        return Call("finish", {"result": f"It said: {asked.last.removeprefix('exit status 0').strip()}"})
    words = str(next(message for message in asked.body["messages"] if message["role"] == "user")["content"])
    return Call("shell", {"command": words.rsplit("please: ", maxsplit=1)[-1].split("\n", maxsplit=1)[0]})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Phone]:
    with phone(tmp_path, commander, rules=RULES) as opened:
        opened.start()
        yield opened


def asks(house: Phone, command: str) -> Message:
    """Have a task ask for a command; gives the message of the question."""
    house.ann.says(f"/new please: {command}")
    house.until(lambda: questions(house, command))
    return questions(house, command)[-1]


def questions(house: Phone, command: str) -> list[Message]:
    return [message for message in house.ann.chat.history if f"command: {command}" in message.text and message.buttons]


def asked(house: Phone, command: str) -> Approval:
    """Give the newest question about a command."""
    found = [
        one
        for task in house.service.reads.page(most=100)
        for one in house.service.reads.approvals_of(house.service.reads.task(task.id).run_id)
        if json.loads(one.call)["arguments"]["command"] == command
    ]
    return found[-1]


def made(house: Phone) -> list[str]:
    """Give every command that was really executed."""
    lines = house.service.reads.page(most=100)
    steps = [step for line in lines for step in house.service.reads.steps(house.service.reads.task(line.id).run_id)]
    return sorted(
        step.input["arguments"]["command"]
        for step in steps
        if step.name == "shell" and step.ended_at is not None and not step.output["text"].startswith("Not done")
    )


def test_of_two_open_questions_each_tap_answers_its_own(house: Phone) -> None:
    first, second = asks(house, "echo one"), asks(house, "echo two")
    house.ann.taps("No", first)
    house.ann.taps("Yes", second)
    house.heard("It said: two")
    house.until(lambda: asked(house, "echo one").state is ApprovalState.REJECTED)
    house.until(lambda: "Approved" in second.text and "Rejected" in first.text)
    assert made(house) == ["echo two"]


def test_a_second_tap_changes_nothing_and_says_so(house: Phone) -> None:
    question = asks(house, "echo once")
    house.ann.taps("Yes", question)
    again = house.ann.taps("No", question) if question.buttons else None
    house.heard("It said: once")
    if again is not None:
        house.until(lambda: again.answered)
        assert "closed" in again.text
    assert made(house) == ["echo once"]


def test_a_stranger_taps_in_vain(house: Phone) -> None:
    question = asks(house, "echo mine")
    eve = house.bot.user("Eve")
    eve.starts()
    with house.bot.telegram.lock:
        tap = house.bot.telegram.tapped(eve.person, question, f"yes:{asked(house, 'echo mine').id}", accessible=True)
    house.ann.says("/status")
    house.heard("waiting 1")
    assert not tap.answered
    assert eve.chat.texts == ["/start"]
    assert made(house) == []


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("yes", ApprovalState.APPROVED),
        ("OK.", ApprovalState.APPROVED),
        ("👍", ApprovalState.APPROVED),
        ("yes, but only if it is cheap", ApprovalState.OPEN),
        ("ok do it", ApprovalState.OPEN),
        ("no, use the other one", ApprovalState.REJECTED),
        ("what is that?", ApprovalState.OPEN),
    ],
)
def test_a_reply_counts_only_where_it_is_clear(house: Phone, words: str, state: ApprovalState) -> None:
    question = asks(house, "echo reply")
    before = len(house.ann.chat.history)
    house.ann.says(words, reply_to=question)
    if state is ApprovalState.OPEN:
        house.heard("neither yes nor no", before)
    house.until(lambda: asked(house, "echo reply").state is state)
    if state is ApprovalState.REJECTED:
        assert "use the other one" in house.heard("It said: Not done")
    elif state is ApprovalState.APPROVED:
        house.heard("It said: reply")
    assert made(house) == (["echo reply"] if state is ApprovalState.APPROVED else [])


def test_a_forwarded_yes_and_one_without_a_question_approve_nothing(house: Phone) -> None:
    question = asks(house, "echo forwarded")
    said = house.ann.says("yes")
    house.heard("Reply to the question")
    forwarded = house.ann.forwards(said)
    assert forwarded.json()["forward_origin"]
    house.taken()
    assert asked(house, "echo forwarded").state is ApprovalState.OPEN
    house.ann.taps("Yes", question)
    house.heard("It said:")
    assert made(house) == ["echo forwarded"]


def test_an_edit_of_a_reply_approves_nothing(house: Phone) -> None:
    question = asks(house, "echo edited")
    said = house.ann.says("maybe", reply_to=question)
    house.heard("neither yes nor no")
    house.ann.edits(said, "yes")
    house.heard("an edit changes nothing")
    assert asked(house, "echo edited").state is ApprovalState.OPEN
    assert made(house) == []


def test_an_expired_question_is_told_and_a_late_tap_does_nothing(tmp_path: Path) -> None:
    with phone(tmp_path, commander, rules=RULES, settings={"AGENT_APPROVALS_EXPIRE_DAYS": "1"}) as house:
        house.start()
        question = asks(house, "echo late")
        _let_expire(house)
        house.heard("Nobody answered in time, so this was not done")
        house.until(lambda: not question.buttons)
        assert "it was not done" in question.text
        with house.bot.telegram.lock:
            data = f"yes:{asked(house, 'echo late').id}"
            tap = house.bot.telegram.tapped(house.ann.person, question, data, accessible=True)
        house.until(lambda: tap.answered)
        assert made(house) == []


def _let_expire(house: Phone) -> None:
    from daemon.store import database, rows

    with database.transaction():
        rows.Approval.update(expires_at=1.0).execute()


def test_a_change_is_shown_again_and_only_what_was_changed_is_done_after_a_yes(house: Phone) -> None:
    question = asks(house, "echo wrong")
    house.ann.says("command: echo right\necho too", reply_to=question)
    house.until(lambda: questions(house, "echo right"))
    house.until(lambda: "Changed" in question.text and not question.buttons)
    assert made(house) == []
    changed = questions(house, "echo right")[-1]
    assert "Changed as you said" in changed.text
    house.ann.taps("Yes", changed)
    told = house.heard("It said: The owner changed the arguments")
    assert "right" in told
    assert made(house) == ["echo right\necho too"]


def test_a_restart_between_question_and_answer_changes_nothing(house: Phone) -> None:
    question = asks(house, "echo restart")
    house.kill()
    house.ann.taps("Yes", question)
    house.start()
    house.heard("It said: restart")
    assert made(house) == ["echo restart"]


def test_always_shows_the_rule_first_and_can_be_taken_back(house: Phone) -> None:
    question = asks(house, "echo often")
    house.ann.taps("Always", question)
    house.heard("Allow this for ever?")
    assert asked(house, "echo often").state is ApprovalState.OPEN
    house.taps("Yes, always")
    house.heard("It said: often")
    house.says_until("/why 1", "• shell: allowed by your rule 1")
    house.ann.says("/new please: echo often")
    house.until(lambda: len(made(house)) == 2)
    (rule,) = house.service.reads.own_rules()
    house.ann.says("/rules")
    house.heard(f"{rule.id} · general may use shell (command: 'echo often')")
    house.taps(f"revoke:{rule.id}")
    house.heard("No longer allowed")
    assert house.service.reads.own_rules() == []


def writer(asked: Asked) -> Said:
    """Write what the task's last word is to a file."""
    if asked.turn > 1:
        return Call("finish", {"result": f"It said: {asked.last}"})
    words = str(next(message for message in asked.body["messages"] if message["role"] == "user")["content"])
    return Call("write_file", {"path": "output/a.txt", "content": words.rsplit(maxsplit=1)[-1]})


def test_always_may_leave_open_what_is_written_and_never_where(tmp_path: Path) -> None:
    rules = [{"verdict": "ask", "tool": "write_file", "reason": "I want to see files."}]
    with phone(tmp_path, writer, rules=rules, settings={"AGENT_OWNER_LANGUAGE": "de"}) as house:
        house.start()
        house.ann.says("/new schreib eins")
        house.taps("Immer")
        shown = house.heard("Das für immer erlauben?")
        assert "path: 'output/a.txt'; content: 'eins'" in shown
        assert "path: 'output/a.txt'; content: beliebig" in shown
        house.taps("Ja, mehr als das")
        house.heard("It said: output/a.txt")
        house.ann.says("/new schreib zwei")
        house.until(lambda: house.status(2) is RunStatus.DONE)
        (rule,) = house.service.reads.own_rules()
        assert rule.arguments == {"path": "output/a.txt", "content": None}


def test_a_question_of_the_terminal_is_answered_from_the_phone_and_the_other_way(house: Phone) -> None:
    from daemon.domain.task import NewTask

    task = house.service.submit(NewTask("please: echo terminal", TERMINAL))
    house.until(lambda: house.status(task.id) is RunStatus.WAITING)
    house.ann.says("/approvals")
    house.until(lambda: questions(house, "echo terminal"))
    house.ann.taps("Yes")
    house.until(lambda: house.status(task.id) is RunStatus.DONE)
    question = asks(house, "echo phone")
    house.service.decide(asked(house, "echo phone").id, True, "", TERMINAL)
    house.heard("It said: phone")
    house.until(lambda: "Approved" in question.text and not question.buttons)
    assert made(house) == ["echo phone", "echo terminal"]
