"""`shell`: ordinary work, its limits, and what it must not reach."""

import pytest

from agents.tools.shell import shell
from daemon.domain.effect import Effect, Label
from tests.agents.tools.conftest import Room


async def test_a_command_works_in_the_workspace_and_says_how_it_ended(room: Room) -> None:
    outcome = await room.call(shell, command="echo hello | tee src/a.txt; echo oh >&2")
    assert outcome.text == "exit status 0\nhello\n[standard error]\noh"
    assert not outcome.failed
    assert (room.work / "src" / "a.txt").read_text() == "hello\n"


async def test_a_command_that_fails_is_a_failed_call_with_its_own_words(room: Room) -> None:
    outcome = await room.call(shell, command="ls no-such-file; exit 3")
    assert outcome.failed
    assert outcome.text.startswith("exit status 3\n")
    assert "no-such-file" in outcome.text


async def test_a_command_is_stopped_after_its_seconds(room: Room) -> None:
    outcome = await room.call(shell, command="sleep 600", seconds=1)
    assert outcome.failed
    assert outcome.text == "stopped after 1 seconds"


async def test_long_output_is_clipped_and_kept_whole(room: Room) -> None:
    outcome = await room.call(shell, command="seq 1 20000")
    assert len(outcome.text) < 6_300
    assert outcome.text.startswith("exit status 0\n1\n2\n3\n")
    assert outcome.text.endswith("\n20000")
    assert "research/shell-1.txt" in outcome.text
    assert (room.work / "research" / "shell-1.txt").read_text().splitlines() == [str(n) for n in range(1, 20_001)]


async def test_a_link_in_the_place_of_the_kept_output_leads_nowhere(room: Room) -> None:
    outside = room.top / "outside"
    outside.mkdir()
    outcome = await room.call(shell, command=f"ln -s {outside} research; seq 1 20000")
    assert "could not be kept" in outcome.text
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        "cat {state}/key",
        "echo evil > {open}/evil",
        "echo evil > {given}/evil",
        "cat /etc/shadow",
        "curl -s http://127.0.0.1:1 || exec 3<>/dev/tcp/127.0.0.1/22",
    ],
)
async def test_nothing_outside_is_reached_or_changed(room: Room, command: str) -> None:
    given = {"state": room.state, "open": room.open, "given": room.given}
    outcome = await room.call(shell, command=command.format(**given))
    assert outcome.failed
    assert "SESAME" not in outcome.text
    assert list(room.open.iterdir()) == []


async def test_who_may_have_read_the_owners_folders_carries_their_labels(room: Room) -> None:
    assert (await room.call(shell, command="true")).labels == {Label.PRIVATE, Label.UNTRUSTED}
    room.folders = ()
    assert (await room.call(shell, command="true")).labels == frozenset()


def test_it_is_known_by_another_name_and_only_computes() -> None:
    assert shell.aliases == ("bash_execution",)
    assert shell.effect({"command": "git push"}) is Effect.COMPUTE
