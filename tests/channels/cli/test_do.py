"""`agent "do this"`: done here or watched, and how it ends."""

import json
from pathlib import Path

import pytest

from daemon.domain.run import RunStatus
from tests.channels.cli.conftest import Terminal
from tests.fakes.stories import STORIES
from tests.fakes.story_worker import daemon


@pytest.fixture(params=["here", "daemon"])
def doing(request: pytest.FixtureRequest) -> str:
    where: str = request.param
    return where


def _do(terminal: Terminal, doing: str, story: str, *options: str) -> tuple[int, str, str]:
    if doing == "here":
        return terminal.type("do this", *options, story=story)
    with daemon(terminal.host.service, STORIES[story]):
        return terminal.type("do this", *options)


def test_the_result_and_the_paths_of_its_files_go_to_standard_output(terminal: Terminal, doing: str) -> None:
    code, out, err = _do(terminal, doing, "well")
    folder = terminal.host.service.home.run_folder(1, 1) / "output"
    assert code == 0
    assert out == f"The report is ready.\nTwo charts.\n{folder}/report.pdf\n{folder}/data/rows.csv\n"
    assert "task 1 done (" in err
    assert "$0.31)" in err


def test_the_kept_copy_is_named_when_the_workspace_is_gone(terminal: Terminal) -> None:
    terminal.type("do this", story="well")
    output = terminal.host.service.home.run_folder(1, 1) / "output"
    (output / "report.pdf").unlink()
    paths = [Path(line.strip()) for line in terminal.type("status", "1").out.splitlines() if line.startswith("    /")]
    assert paths[0] != output / "report.pdf"
    assert paths[0].read_bytes() == b"result\n"


def test_an_error_ends_with_one_and_its_reason(terminal: Terminal, doing: str) -> None:
    code, out, err = _do(terminal, doing, "error")
    assert (code, out) == (1, "")
    assert "task 1 ended in an error: The disk is full." in err
    assert "agent retry 1" in err
    assert "\x1b" not in err


def test_a_question_ends_with_75_and_how_to_answer(terminal: Terminal, doing: str) -> None:
    code, out, err = _do(terminal, doing, "asks")
    asked = terminal.host.service.reads.approvals()[0]
    assert (code, out) == (75, "")
    assert "    pip install pandas==2.2.0\n" in err
    assert f"agent approve {asked.id[:8]}" in err
    assert ("agent run --task 1" in err) == (doing == "here")


def test_a_missing_model_ends_with_69_and_what_to_configure(terminal: Terminal, doing: str) -> None:
    code, _, err = _do(terminal, doing, "model")
    assert code == 69
    assert "  No model is configured. Write one into config/models.yaml.\n" in err
    assert "agent resume 1 && agent run --task 1" in err


def test_a_cancelled_run_ends_with_130(terminal: Terminal, doing: str) -> None:
    code, out, err = _do(terminal, doing, "cancelled")
    assert (code, out) == (130, "")
    assert "task 1 was cancelled" in err


def test_json_is_one_document_with_the_end(terminal: Terminal, doing: str) -> None:
    code, out, _ = _do(terminal, doing, "well", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["run"]["status"] == "done"
    assert said["run"]["cost"] == 0.31
    assert [file["name"] for file in said["run"]["files"]] == ["report.pdf", "data/rows.csv"]
    assert all(Path(file["path"]).is_file() for file in said["run"]["files"])


def test_json_names_the_questions(terminal: Terminal) -> None:
    said = terminal.type("do this", "--json", story="chooses")
    assert said.code == 75
    document = json.loads(said.out)
    assert document["approvals"][0]["choices"] == ["red", "blue"]
    assert document["waits"] == "it asks"


def test_ctrl_c_here_leaves_a_paused_run_and_says_how_to_go_on(terminal: Terminal) -> None:
    said = terminal.type("do this", story="interrupted")
    assert (said.code, said.out) == (130, "")
    assert said.err.endswith("paused: agent resume 1 && agent run --task 1\n")
    assert terminal.host.service.reads.task(1).status is RunStatus.PAUSED
    assert terminal.type("resume", "1").code == 0
    assert terminal.type("run", "--task", "1", story="well").code == 0


def test_progress_in_a_pipe_is_plain_lines_without_repeats(terminal: Terminal) -> None:
    err = terminal.type("do this", story="well").err
    lines = err.splitlines()
    assert lines[:3] == ["task 1: running", "task 1: 40% reading sales.csv", "task 1: two charts so far"]
    assert len(lines) == 4
    assert "\r" not in err


def test_progress_begins_anew_when_a_paused_run_goes_on(terminal: Terminal) -> None:
    terminal.type("do this", story="interrupted")
    terminal.type("resume", "1")
    err = terminal.type("run", story="well").err
    assert err.splitlines()[:2] == ["task 1: running", "task 1: 40% reading sales.csv"]
    assert err.count("running") == 1


def test_a_stream_that_nobody_feeds_ends_with_a_hint(terminal: Terminal) -> None:
    terminal.add()
    said = terminal.type("stream", "1")
    assert said.code == 0
    assert said.out == "Task 1: Create a backup script\nStatus: pending\nSteps: 0\n\nExecution log:\n"
    assert said.err == "Nobody works on it now: agent status 1 says what it needs\n"


def test_hold_only_queues(terminal: Terminal) -> None:
    assert terminal.type("do this", "--hold") == (0, "Added task 1\n", "")
    with daemon(terminal.host.service, STORIES["well"]):
        assert terminal.type("run", "--task", "1", story="well").code == 0


def test_run_takes_the_next_by_priority_then_first_in_first_out(terminal: Terminal) -> None:
    terminal.add("one")
    terminal.add("two", "--priority", "5")
    terminal.add("three", "--hold")
    for expected in ("2", "1", "3"):
        assert f"task {expected} done" in terminal.type("run", story="well").err
    assert terminal.type("run", story="well") == (0, "", 'Nothing is pending. agent add "disk report" queues a task.\n')


def test_run_says_why_a_task_cannot_run(terminal: Terminal) -> None:
    terminal.type("do this", story="well")
    said = terminal.type("run", "--task", "1")
    assert (said.code, said.err) == (69, "agent: Task 1 is done already.\n  agent retry 1 runs it again.\n")
    terminal.add()
    terminal.type("pause", "2")
    said = terminal.type("run", "--task", "2")
    assert (said.code, "agent resume 2" in said.err) == (75, True)


def test_a_run_that_a_dead_worker_left_is_not_watched_for_ever(terminal: Terminal) -> None:
    terminal.add()
    terminal.claimed(1)
    said = terminal.type("run", "--task", "1", story="well")
    assert said.code == 75
    assert "Nobody works on task 1" in said.err
