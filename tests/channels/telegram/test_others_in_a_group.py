"""Others who came into a group: nothing that the owner says or is told elsewhere is shown to them."""

from pathlib import Path

from daemon.domain.approval import ApprovalKind
from daemon.domain.run import RunStatus
from tests.channels.telegram.test_answers import RULES
from tests.rigs.model_server import Asked, Call, Said
from tests.rigs.phone import TERMINAL, Phone, phone


def asking(asked: Asked) -> Said:
    if asked.turn == 1:
        return Call("ask_owner", {"question": "Which account?"})
    return Call("finish", {"result": "Paid."})


def test_an_answer_from_elsewhere_is_not_written_into_a_group_where_others_are_now(tmp_path: Path) -> None:
    with phone(tmp_path, asking) as house:
        house.start()
        group = house.group()
        house.ann.says("pay the rent", chat=group)
        house.until(lambda: any("Which account?" in text for text in group.texts))
        eve = house.bot.user("Eve")
        eve.joins(group)
        house.taken()
        (open_one,) = house.service.reads.approvals()
        assert open_one.kind is ApprovalKind.QUESTION
        house.service.decide(open_one.id, True, "the secret one, IBAN 12", TERMINAL)
        house.heard("Paid.")
        _another_is_closed(house)
        assert not any("the secret one" in text for text in group.texts)


def _another_is_closed(house: Phone) -> None:
    """Wait until a later question is closed: then what was to be seen of the one before is to be seen."""
    house.ann.says("/new pay the gas")
    house.until(house.service.reads.approvals)
    house.heard("Which account?")
    (later,) = house.service.reads.approvals()
    house.service.decide(later.id, True, "the other one", TERMINAL)
    house.heard("Answered: the other one")


def test_what_others_tap_and_write_in_a_group_does_nothing(tmp_path: Path) -> None:
    def commanding(asked: Asked) -> Said:
        return Call("shell", {"command": "echo one"}) if asked.turn == 1 else Call("finish", {"result": "Done so."})

    with phone(tmp_path, commanding, rules=RULES) as house:
        house.start()
        group = house.group()
        house.ann.says("work", chat=group)
        house.until(lambda: any("echo one" in text for text in group.texts))
        question = next(message for message in group.history if "echo one" in message.text)
        eve = house.bot.user("Eve")
        eve.joins(group)
        before = len(group.history)
        eve.taps("Yes", question)
        eve.says("yes", chat=group, reply_to=question)
        eve.says("/stop", chat=group)
        house.taken()
        assert house.status(1) is RunStatus.WAITING
        assert [message.sender.first_name for message in group.history[before:]] == ["Eve", "Eve"]
