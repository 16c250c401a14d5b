"""The verbs of a chat that look at the house or take their time, and what is said where they cannot be done."""

from pathlib import Path

from daemon.domain.run import RunStatus
from tests.rigs.model_server import Asked, Call, Said
from tests.rigs.phone import phone


def writer(asked: Asked) -> Said:
    """Write a file, then be done."""
    if asked.turn == 1:
        return Call("write_file", {"path": "output/a.txt", "content": "x"})
    return Call("finish", {"result": "Hello to you.", "files": ["a.txt"]})


def test_what_is_not_possible_is_said_in_the_owners_language(tmp_path: Path) -> None:
    with phone(tmp_path, writer, settings={"AGENT_OWNER_LANGUAGE": "de"}) as house:
        house.start()
        house.says_until("hallo", "Hello to you.")
        house.says_until("/redo 1", "In Aufgabe 1 wurde nichts zurückgesetzt.")
        house.says_until("/undo 1", "Die Dateien sind wieder wie vor Schritt")
        house.says_until("/undo 1", "In Aufgabe 1 gibt es nichts zurückzusetzen.")
        house.says_until("/why 1", "Gemacht vom Agenten general")


def test_a_task_is_deleted_only_by_the_button_that_says_so(tmp_path: Path) -> None:
    with phone(tmp_path, writer) as house:
        house.start()
        house.says_until("hi", "Hello to you.")
        house.says_until("/forget 1", "Delete task 1 (hi)")
        assert house.status(1) is RunStatus.DONE
        house.taps("Delete for good")
        house.heard("Task 1 is deleted")
        assert house.status(1) is None
        assert not (tmp_path / "home" / "tasks" / "1").exists()


def test_the_house_is_looked_at_from_a_chat(tmp_path: Path) -> None:
    with phone(tmp_path, writer) as house:
        house.start()
        house.says_until("hi", "Hello to you.")
        assert "2 · write_file ✓" in house.says_until("/log 1", "Task 1: hi")
        assert house.says_until("/models", "local").startswith("✓ local · fast, smart, cloud")
        assert house.service.reads.audit_head() in house.says_until("/audit", "The log is whole.")
        checked = house.says_until("/doctor", "sandbox")
        assert "✓ sandbox: " in checked


def test_what_a_crash_cuts_off_before_it_was_done_is_told_at_the_next_start(tmp_path: Path) -> None:
    with phone(tmp_path, writer) as house:
        house.start()
        house.says_until("hi", "Hello to you.")
        house.stop()
        house.start(failpoint="receive.handled", wait=False)
        house.ann.says("/undo 1")
        house.daemon.wait(60)
        house.start()
        house.heard("I was cut off at /undo 1: perhaps it was not done.")
        house.says_until("/undo 1", "its files are as they were before step")
        house.stop()
        house.start()
        house.taken()
        assert sum("I was cut off" in text for text in house.ann.chat.texts) == 1
