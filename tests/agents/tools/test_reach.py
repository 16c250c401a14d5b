"""A path reaches the workspace and the given folders, and nothing else, whatever lies on the way."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from agents.tools.delete_file import delete_file
from agents.tools.edit_file import edit_file
from agents.tools.list_files import list_files
from agents.tools.make_folder import make_folder
from agents.tools.move_file import move_file
from agents.tools.read_file import read_file
from agents.tools.search_files import search_files
from agents.tools.write_file import write_file
from daemon.domain.effect import NO_LABELS, Effect, Label
from daemon.domain.errors import AgentError, ToolError
from daemon.domain.ports import Tool
from daemon.domain.task import Folder
from tests.agents.tools.conftest import Room, contents

BOTH = frozenset({Label.PRIVATE, Label.UNTRUSTED})

ON_A_PATH: list[tuple[Tool, dict[str, Any]]] = [
    (list_files, {}),
    (read_file, {}),
    (write_file, {"content": "evil"}),
    (edit_file, {"old": "SESAME", "new": "evil"}),
    (search_files, {"pattern": "SESAME"}),
    (move_file, {"to": "src/stolen"}),
    (delete_file, {"recursive": True}),
    (make_folder, {}),
]


@pytest.fixture
def secret(room: Room) -> Path:
    """A folder beside the workspace that the run was not given."""
    folder = room.top / "secret"
    folder.mkdir()
    (folder / "key").write_text("SESAME")
    return folder


@pytest.mark.parametrize(("tool", "more"), ON_A_PATH, ids=[tool.name for tool, _ in ON_A_PATH])
@pytest.mark.parametrize(
    "path",
    [
        *(
            "../secret/key",
            "src/../../secret/key",
            "/work/../{top}/secret/key",
            "{top}/secret/key",
            "//{top}/secret/key",
        ),
        *("{top}/given/../secret/key", "{top}/givenness", "/etc/passwd", "link/key", "file-link", "src/link/../key"),
        *("{top}/given/state/key", "{top}/given/state", "{top}/given/./state//key", "{top}/open/link/key"),
        *("~/x", "..", "/", "a\0b", "\ud800", "x" * 5000, "{top}/open/file-link", "pipe", "socket"),
    ],
)
async def test_no_tool_reaches_out(room: Room, secret: Path, tool: Tool, more: dict[str, Any], path: str) -> None:
    for folder in (room.work, room.work / "src", room.open):
        (folder / "link").symlink_to(secret)
        (folder / "file-link").symlink_to(secret / "key")
    os.mkfifo(room.work / "pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.open(room.work, os.O_RDONLY)
        bound.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)
    before = contents(secret), contents(room.given)
    written = path.replace("{top}", str(room.top))
    try:
        outcome = await room.call(tool, path=written, **more)
    except AgentError as problem:
        said = str(problem)
    else:
        said = outcome.text
        # A link or a pipe of its own may be deleted, and "~" is a name like others; what they lead to stays.
        assert tool.name in ("delete_file", "write_file", "make_folder"), said
        assert path in ("~/x", "file-link", "pipe", "socket", "{top}/open/file-link", "src/link/../key"), said
    assert "SESAME" not in said
    assert (contents(secret), contents(room.given)) == before
    assert not (room.work / "src" / "stolen").exists()


@pytest.mark.parametrize("tool", [write_file, edit_file, delete_file, make_folder, move_file])
async def test_a_folder_that_may_be_read_is_not_written(room: Room, tool: Tool) -> None:
    (room.given / "a.txt").write_text("one")
    more = dict(ON_A_PATH_BY_NAME[tool.name], old="one") if tool is edit_file else ON_A_PATH_BY_NAME[tool.name]
    with pytest.raises(ToolError, match=r"may only be read\. Use paths relative to the workspace, or in .*given"):
        await room.call(tool, path=str(room.given / "a.txt"), **more)
    assert (room.given / "a.txt").read_text() == "one"


ON_A_PATH_BY_NAME = {tool.name: more for tool, more in ON_A_PATH}


async def test_a_folder_of_the_owners_is_read_with_both_labels_and_its_own_work_with_none(room: Room) -> None:
    (room.given / "a.txt").write_text("one")
    (room.work / "input" / "b.txt").write_text("one")
    (room.work / "src" / "c.txt").write_text("one")
    for path, labels in (
        (str(room.given / "a.txt"), BOTH),
        ("input/b.txt", BOTH),
        ("./src/../input/b.txt", BOTH),
        ("/work/src/c.txt", NO_LABELS),
    ):
        assert (await room.call(read_file, path=path)).labels == labels, path
    assert (await room.call(list_files)).labels == NO_LABELS
    assert (await room.call(list_files, depth=2)).labels == BOTH
    assert (await room.call(search_files, pattern="one", path="src")).labels == NO_LABELS
    assert (await room.call(search_files, pattern="one")).labels == BOTH
    assert (await room.call(move_file, path="input/b.txt", to="src/b.txt")).labels == BOTH


async def test_a_failed_edit_that_quotes_the_owners_file_carries_its_labels(room: Room) -> None:
    (room.work / "input" / "b.txt").write_text("the code is 4711\n")
    outcome = await room.call(edit_file, path="input/b.txt", old="the code is 4712", new="x")
    assert outcome.failed
    assert "4711" in outcome.text
    assert outcome.labels == BOTH


async def test_an_error_about_the_owners_folder_names_nothing_in_it(room: Room) -> None:
    (room.given / "divorce-papers.txt").write_text("x")
    with pytest.raises(ToolError) as caught:
        await room.call(read_file, path=str(room.given / "divorce-paper.txt"))
    assert "divorce-papers" not in str(caught.value)
    (room.work / "src" / "report.py").write_text("x")
    with pytest.raises(ToolError, match=r"Near it: report\.py"):
        await room.call(read_file, path="src/reprt.py")


@pytest.mark.parametrize(
    ("path", "effect"),
    [
        *(("a", Effect.WRITE), ("/work/a", Effect.WRITE), ("../a", Effect.WRITE), (7, Effect.WRITE)),
        *(("/home/a", Effect.CHANGE), ("/work/../home/a", Effect.CHANGE), ("//work/../a", Effect.CHANGE)),
        *(("/workshop/a", Effect.CHANGE), ("/", Effect.CHANGE)),
    ],
)
def test_writing_outside_of_the_workspace_is_a_change(path: Any, effect: Effect) -> None:
    for tool in (write_file, edit_file, delete_file, make_folder, move_file):
        assert tool.effect({"path": path}) is effect
        assert tool.targets({"path": path}) == (), "what is not named is never spelled out, so it is always asked"
    assert move_file.effect({"path": "a", "to": path}) is effect


@pytest.mark.parametrize("tool", [delete_file, move_file])
async def test_a_folder_with_secrets_in_it_is_neither_moved_nor_deleted(room: Room, tool: Tool) -> None:
    home = room.open / "me"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id").write_text("SESAME")
    more = {"to": f"{room.open}/you"} if tool is move_file else {"recursive": True}
    with pytest.raises(ToolError, match="secrets"):
        await room.call(tool, path=str(home), **more)
    assert (home / ".ssh" / "id").read_text() == "SESAME"


async def test_secrets_are_not_listed_and_their_number_is_said(room: Room) -> None:
    (room.given / "a.txt").write_text("x")
    text = (await room.call(list_files, path=str(room.given), depth=3)).text
    assert "a.txt" in text
    assert "state" not in text
    assert "1 with secrets are not shown" in text


async def test_the_innermost_of_two_folders_decides(room: Room) -> None:
    (room.open / "kept").mkdir()
    room.folders = (Folder(str(room.open), writable=True), Folder(str(room.open / "kept")))
    with pytest.raises(AgentError):
        await room.call(write_file, path=str(room.open / "kept" / "a"), content="x")
    assert not (room.open / "kept" / "a").exists()


async def test_a_link_that_is_put_there_while_we_write_does_not_lead_out(room: Room, secret: Path) -> None:
    """Swap a folder for a link over and over, in another thread, while files are written below it."""
    import asyncio
    import threading

    ended = threading.Event()
    folder, aside, link = (room.work / name for name in ("swap", "aside", "trap"))
    folder.mkdir()
    link.symlink_to(secret)

    def swap() -> None:
        while not ended.is_set():
            folder.rename(aside)
            link.rename(folder)
            folder.rename(link)
            aside.rename(folder)

    async def write() -> None:
        for number in range(300):
            try:
                await room.call(write_file, path=f"swap/{number}", content="evil")
            except ToolError:
                continue

    swapping = asyncio.to_thread(swap)
    running = asyncio.ensure_future(swapping)
    try:
        await write()
    finally:
        ended.set()
        await asyncio.gather(running, return_exceptions=True)
    assert contents(secret) == {"key": b"SESAME"}
