"""The owner's hand on tasks: verbs, their words, and what they do in a state that does not allow them."""

import json

import pytest

from daemon.domain.run import RunStatus
from tests.channels.cli.conftest import Terminal
from tests.fakes.stories import STORIES
from tests.fakes.story_worker import daemon


def _status(terminal: Terminal, number: int = 1) -> RunStatus:
    return terminal.host.service.reads.task(number).status


def test_pause_resume_cancel_retry(terminal: Terminal) -> None:
    terminal.add()
    assert terminal.type("pause", "1").out == "Task 1 is paused\n"
    assert _status(terminal) is RunStatus.PAUSED
    assert terminal.type("resume", "1").out == "Task 1 is pending\n"
    assert terminal.type("cancel", "1").out == "Task 1 is cancelled\n"
    assert _status(terminal) is RunStatus.CANCELLED
    assert terminal.type("retry", "1").out == "Task 1 is pending again (run 2)\n"
    assert _status(terminal) is RunStatus.PENDING


@pytest.mark.parametrize(
    ("verb", "fix"), [("pause", "agent retry 1"), ("resume", "agent retry 1"), ("cancel", "agent retry 1")]
)
def test_what_has_ended_stays_as_it_is_and_the_next_command_is_named(terminal: Terminal, verb: str, fix: str) -> None:
    terminal.type("do this", story="well")
    said = terminal.type(verb, "1")
    assert (said.code, said.out) == (69, "")
    assert said.err.startswith("agent: Task 1 is done")
    assert f"\n  {fix}" in said.err


def test_stop_all_pauses_everything(terminal: Terminal) -> None:
    terminal.add()
    terminal.add()
    assert terminal.type("stop", "--all").out == "Stopped 2 tasks: 1, 2\n"
    assert terminal.type("stop", "--all", "--json").out == '{\n  "stopped": []\n}\n'


def test_stop_of_one_task_pauses_it(terminal: Terminal) -> None:
    terminal.add()
    terminal.add()
    assert terminal.type("stop", "2").out == "Stopped 1 task: 2\n"
    assert [_status(terminal), _status(terminal, 2)] == [RunStatus.PENDING, RunStatus.PAUSED]


@pytest.mark.parametrize("argv", [["stop"], ["stop", "1", "--all"]])
def test_stop_wants_to_know_what(terminal: Terminal, argv: list[str]) -> None:
    terminal.add()
    assert terminal.type(*argv).code == 2
    assert _status(terminal) is RunStatus.PENDING


def test_steer_note_priority(terminal: Terminal) -> None:
    terminal.add()
    assert terminal.type("steer", "1", "only\x1b the north").code == 0
    assert terminal.host.service.reads.run(1).steer == ("only the north",)
    assert terminal.type("note", "1", "customer", "ACME \udcff").out == "Noted for task 1: customer\n"
    assert json.loads(terminal.type("note", "1", "x", "y", "--json").out)["notes"] == {
        "customer": "ACME \ufffd",
        "x": "y",
    }
    assert terminal.type("priority", "1", "-3").out == "Task 1 has priority -3\n"
    assert terminal.host.service.reads.task(1).priority == -3


def test_forget_says_what_would_go_and_deletes_only_with_yes(terminal: Terminal) -> None:
    terminal.type("do this", story="well")
    said = terminal.type("forget", "1")
    assert said.code == 2
    assert "1 run with all steps, 2 files" in said.out
    assert "agent forget 1 --yes" in said.out
    assert _status(terminal) is RunStatus.DONE
    assert terminal.type("forget", "1", "--yes").out.startswith("Forgot task 1 (")
    assert terminal.type("status", "1").code == 66
    assert not terminal.host.service.home.task_folder(1).exists()


def test_a_task_that_has_not_ended_is_not_forgotten(terminal: Terminal) -> None:
    terminal.add()
    assert terminal.type("forget", "1", "--yes").code == 69
    assert _status(terminal) is RunStatus.PENDING


def test_questions_are_shown_whole_and_answered(terminal: Terminal) -> None:
    terminal.type("do this", story="asks")
    asked = terminal.host.service.reads.approvals()[0]
    shown = terminal.type("approvals").out
    assert shown.startswith(f"Approvals (1):\n\n{asked.id[:8]}  task 1  call  expires 20")
    assert "\n    pip install pandas==2.2.0\n" in shown
    assert terminal.type("approve", asked.id[:8]).out == f"Approved {asked.id[:8]}: pip install pandas==2.2.0\n"
    assert _status(terminal) is RunStatus.PENDING
    assert terminal.type("approvals").out == "Approvals (0):\n"


def test_a_question_is_answered_once(terminal: Terminal) -> None:
    terminal.type("do this", story="asks")
    short = terminal.host.service.reads.approvals()[0].id[:8]
    assert terminal.type("reject", short, "use", "the", "other").code == 0
    late = terminal.type("approve", short)
    assert late.code == 69
    assert "was rejected already" in late.err
    assert terminal.host.service.reads.approval(short).answer == "use the other"


def test_a_yes_with_other_words_approves_nothing(terminal: Terminal) -> None:
    terminal.type("do this", story="asks")
    short = terminal.host.service.reads.approvals()[0].id[:8]
    assert terminal.type("approve", short, "yes", "but", "later").code == 65
    assert len(terminal.host.service.reads.approvals()) == 1


def test_an_answer_is_one_of_the_choices(terminal: Terminal) -> None:
    terminal.type("do this", story="chooses")
    short = terminal.host.service.reads.approvals()[0].id[:8]
    assert "    Choices: red, blue\n" in terminal.type("approvals").out
    assert terminal.type("approve", short, "green").code == 65
    assert terminal.type("approve", short, "blue").code == 0


@pytest.mark.parametrize("typed", ["", "abc", "nothere", "%%%%", "a' or 1=1"])
def test_what_names_no_question_answers_none(terminal: Terminal, typed: str) -> None:
    terminal.type("do this", story="asks")
    assert terminal.type("approve", typed).code in (65, 66)
    assert len(terminal.host.service.reads.approvals()) == 1


def test_json_of_verbs(terminal: Terminal) -> None:
    terminal.add()
    said = json.loads(terminal.type("pause", "1", "--json").out)
    assert (said["task"], said["run"]["status"]) == (1, "paused")
    terminal.type("resume", "1")
    terminal.type("run", story="asks")
    short = terminal.host.service.reads.approvals()[0].id
    said = json.loads(terminal.type("approve", short, "--json").out)["approval"]
    assert (said["state"], said["task"], said["decided_by"].startswith("cli:")) == ("approved", 1, True)


def test_a_daemon_goes_on_after_the_answer(terminal: Terminal) -> None:
    terminal.type("do this", story="asks")
    short = terminal.host.service.reads.approvals()[0].id[:8]
    with daemon(terminal.host.service, STORIES["well"]):
        terminal.type("approve", short)
        assert terminal.type("stream", "1").out.endswith(
            "\n  Action: csv_report\n  Result: three pages\n\nStatus: done\n"
        )
