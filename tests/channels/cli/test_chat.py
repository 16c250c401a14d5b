"""`agent chat`: lines follow each other, verbs of the conversation, words as they come."""

from pathlib import Path

import pytest

from channels.cli.screen import of_process
from channels.cli.session import Session
from channels.cli.speech import Speech
from channels.cli.text import piece
from daemon.engine.live import live_path, spoken_now
from tests.channels.cli.conftest import Terminal


def lines(*typed: str) -> bytes:
    return "".join(f"{line}\n" for line in typed).encode()


def test_each_line_is_a_task_that_follows_the_one_before(terminal: Terminal) -> None:
    done = terminal.type("chat", story="well", stdin=lines("first", "", "second", "/new", "third"))
    assert done.code == 0, done.err
    reads = terminal.host.service.reads
    assert [reads.task(number).follows for number in (1, 2, 3)] == [None, 1, None]
    assert [reads.task(number).goal for number in (1, 2, 3)] == ["first", "second", "third"]


def test_a_file_goes_with_the_next_line_only(terminal: Terminal, tmp_path: Path) -> None:
    given = tmp_path / "a.txt"
    given.write_text("x")
    done = terminal.type("-i", story="well", stdin=lines(f"/file {given}", "look", "/new", "again"))
    assert done.code == 0, done.err
    reads = terminal.host.service.reads
    assert [blob.name for blob in reads.task(1).files] == ["a.txt"]
    assert reads.task(2).files == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/help", "/file PATH"),
        ("/fil x", "did you mean /file"),
        ("/files", "no files"),
        ("/undo", "nothing to undo"),
        ("/file /no/such/file", "cannot be read"),
    ],
)
def test_verbs_of_the_conversation(terminal: Terminal, typed: str, words: str) -> None:
    done = terminal.type("chat", stdin=lines(typed, "/quit", "never"))
    assert words in done.out + done.err
    assert "never" not in done.out + done.err


def test_words_appear_as_they_come_and_the_result_adds_only_its_rest(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    number = terminal.add("talk")
    reads = terminal.host.service.reads
    run = reads.run(reads.task(number).run_id)
    session = Session(terminal.host, of_process())
    speech = Speech(session, number, run.id)
    path = live_path(terminal.host.service.home, run)
    path.parent.mkdir(parents=True, exist_ok=True)
    capsys.readouterr()
    path.write_text("Hello, my \x1b[2J")
    speech.look()
    path.write_text("Hello, my \x1b[2Jfriend ")
    speech.look()
    path.unlink()
    speech.look()
    assert capsys.readouterr().out == "Hello, my \\x1b[2Jfriend "
    assert speech.said == "Hello, my \\x1b[2Jfriend "
    assert spoken_now(terminal.host.service.home, run, 99) == ("", 0)


def test_a_piece_keeps_its_lines_and_obeys_nothing() -> None:
    assert piece("a\r\nb\tc\n") == "a\nb\tc\n"
    assert piece("\x07\u202e") == "\\x07\\u202e"
