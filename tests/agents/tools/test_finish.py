"""The end of a run: what is promised is there, or the run goes on."""

import os
from dataclasses import replace
from typing import Any

import pytest

from agents.tools.finish import FinishTool
from daemon.domain.call import Finish, Outcome
from daemon.domain.errors import ToolError
from tests.agents.tools.conftest import Room


async def finish(room: Room, *files: str, held: tuple[str, ...] = ()) -> Outcome:
    arguments: dict[str, Any] = {"result": "Done.", "files": list(files)}
    return await FinishTool().invoke(arguments, replace(room.at, outputs=lambda: held))


async def test_what_is_there_is_promised(room: Room) -> None:
    (room.work / "output" / "sub").mkdir()
    (room.work / "output" / "sub" / "a.txt").write_text("x")
    outcome = await finish(room, "sub/a.txt")
    assert outcome.emits == (Finish("Done.", ("sub/a.txt",)),)
    assert (await finish(room)).emits == (Finish("Done.", ()),)


async def test_a_name_may_be_written_as_it_stands_in_the_workspace(room: Room) -> None:
    output = room.work / "output"
    (output / "output").mkdir()
    (output / "a.txt").write_text("x")
    (output / "output" / "b.txt").write_text("x")
    for name in ("output/a.txt", "./output/a.txt", "./a.txt", str(output / "a.txt"), "a.txt"):
        assert (await finish(room, name, "a.txt")).emits == (Finish("Done.", ("a.txt",)),), name
    assert (await finish(room, "output/b.txt")).files == ("output/b.txt",), "what is there as it is written comes first"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("b.txt", "output/b.txt is not there"),
        ("output/b.txt", "output/b.txt is not there"),
        ("output/../README.md", "output/../README.md cannot be sent"),
        ("/etc/passwd", "cannot be sent"),
        ("../README.md", "output/../README.md cannot be sent"),
        ("sub", "output/sub cannot be sent"),
        ("link", "output/link cannot be sent"),
        ("pipe", "output/pipe cannot be sent"),
        ("", "output/ cannot be sent"),
        ("\ud800", "cannot be sent"),
        ("x" * 5000, "cannot be sent"),
    ],
)
async def test_what_cannot_be_sent_is_said_with_what_there_is(room: Room, name: str, said: str) -> None:
    output = room.work / "output"
    (output / "sub").mkdir()
    (output / "a.txt").write_text("x")
    (output / "link").symlink_to("/etc/passwd")
    os.mkfifo(output / "pipe")
    with pytest.raises(ToolError) as caught:
        await finish(room, "a.txt", name, held=("a.txt",))
    assert said in str(caught.value)
    assert str(caught.value).endswith("output/ holds: a.txt.")
    assert len(str(caught.value)) < 400


async def test_of_many_files_the_first_are_named(room: Room) -> None:
    with pytest.raises(ToolError) as caught:
        await finish(room, "b", held=tuple(f"{number}.txt" for number in range(500)))
    assert str(caught.value).endswith("18.txt, 19.txt, and 480 more.")
    with pytest.raises(ToolError, match="output/ is empty"):
        await finish(room, "b")
