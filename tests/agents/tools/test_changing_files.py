"""Writing, editing, moving, deleting, making folders."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agents.tools.delete_file import delete_file
from agents.tools.edit_file import edit_file
from agents.tools.make_folder import make_folder
from agents.tools.move_file import move_file
from agents.tools.write_file import write_file
from daemon.domain.call import Happened
from daemon.domain.errors import ToolError
from tests.agents.tools.conftest import Room, contents

ROOT = Path(__file__).parents[3]


async def test_a_file_is_written_with_the_folders_above_it(room: Room) -> None:
    outcome = await room.call(write_file, path="src/deep/er/a.py", content="one\ntwo")
    assert outcome.text == "src/deep/er/a.py: 2 lines, 7 bytes written."
    assert (room.work / "src/deep/er/a.py").read_text() == "one\ntwo"


async def test_writing_keeps_the_mode_but_gives_no_rights_away(room: Room) -> None:
    path = room.work / "run.sh"
    path.write_text("old")
    path.chmod(0o4751)
    await room.call(write_file, path="run.sh", content="new")
    assert path.stat().st_mode & 0o7777 == 0o751
    assert path.read_text() == "new"


async def test_who_has_the_file_open_reads_the_old_one_to_its_end(room: Room) -> None:
    path = room.work / "a"
    path.write_text("old")
    with path.open() as reader:
        await room.call(write_file, path="a", content="new")
        assert reader.read() == "old"
    assert set(contents(room.work)) == {"a", "input", "output", "src"}


@pytest.mark.parametrize("content", ["a\ud800b", "\udcff"])
async def test_half_a_character_is_refused_and_changes_nothing(room: Room, content: str) -> None:
    before = contents(room.work)
    with pytest.raises(ToolError, match="half a character"):
        await room.call(write_file, path="a", content=content)
    assert contents(room.work) == before


async def test_a_hard_link_of_the_file_elsewhere_is_not_written_through(room: Room) -> None:
    outside = room.top / "outside"
    outside.write_text("mine")
    os.link(outside, room.work / "a")
    await room.call(write_file, path="a", content="evil")
    assert outside.read_text() == "mine"


def test_a_kill_while_writing_leaves_the_old_file_whole(room: Room) -> None:
    (room.work / "a").write_text("old")
    code = f"""
import os, signal
from pathlib import Path
from agents.tools.reach import Place
from agents.tools.replacing import replacing
with replacing(Place(Path({str(room.work)!r}), "a", "a", own=True, writable=True)) as file:
    file.write(b"half"); file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (room.work / "a").read_text() == "old"


async def test_an_edit_replaces_what_stands_once_and_shows_the_difference(room: Room) -> None:
    (room.work / "a").write_text("".join(f"line {n}\n" for n in range(1, 41)))
    said = (await room.call(edit_file, path="a", old="line 20\n", new="line twenty\n")).text
    assert said.splitlines() == [
        *("--- a", "+++ a", "@@ -17,7 +17,7 @@", " line 17", " line 18", " line 19"),
        *("-line 20", "+line twenty", " line 21", " line 22", " line 23"),
    ]
    assert (room.work / "a").read_text().splitlines()[19] == "line twenty"


async def test_an_edit_that_fits_nowhere_names_the_nearest_line(room: Room) -> None:
    (room.work / "a").write_text("alpha\n    return total / count\nomega\n")
    outcome = await room.call(edit_file, path="a", old="return total/count", new="x")
    assert outcome.failed
    assert outcome.text == "`old` does not stand in a. Near it: line 2 is '    return total / count'."


async def test_an_edit_that_fits_twice_names_the_lines_unless_all_is_meant(room: Room) -> None:
    (room.work / "a").write_text("x\ny\nx\n")
    outcome = await room.call(edit_file, path="a", old="x", new="z")
    assert outcome.failed
    assert "2 times in a (lines 1, 3)" in outcome.text
    assert (room.work / "a").read_text() == "x\ny\nx\n"
    await room.call(edit_file, path="a", old="x", new="z", all=True)
    assert (room.work / "a").read_text() == "z\ny\nz\n"


async def test_an_edit_keeps_the_bytes_that_it_does_not_touch(room: Room) -> None:
    (room.work / "crlf").write_bytes(b"one\r\ntwo\r\nthree\r\n")
    await room.call(edit_file, path="crlf", old="one\ntwo", new="1\n2")
    assert (room.work / "crlf").read_bytes() == b"1\r\n2\r\nthree\r\n"
    (room.work / "western").write_bytes(b"caf\xe9 one\n\x81\n")
    await room.call(edit_file, path="western", old="one", new="two")
    assert (room.work / "western").read_bytes() == b"caf\xe9 two\n\x81\n"
    (room.work / "wide").write_bytes("één\nto\n".encode("utf-16"))
    await room.call(edit_file, path="wide", old="to", new="twee")
    assert (room.work / "wide").read_bytes().decode("utf-16") == "één\ntwee\n"


async def test_a_large_file_is_edited_without_comparing_all_of_it(room: Room) -> None:
    (room.work / "a").write_text("same\n" * 200_000 + "one\n" + "same\n" * 200_000)
    said = (await room.call(edit_file, path="a", old="one", new="two")).text
    assert "@@ -199998,7 +199998,7 @@" in said
    said = (await room.call(edit_file, path="a", old="same", new="other", all=True)).text
    assert said == "Lines 1 to 400001 of a became 400001 lines."


async def test_moving_replaces_nothing(room: Room) -> None:
    (room.work / "a").write_text("a")
    (room.work / "b").write_text("b")
    with pytest.raises(ToolError, match="b is there already"):
        await room.call(move_file, path="a", to="b")
    assert (room.work / "b").read_text() == "b"
    await room.call(move_file, path="a", to="new/folder/c")
    assert (room.work / "new/folder/c").read_text() == "a"
    await room.call(move_file, path="new", to="old")
    assert (room.work / "old/folder/c").read_text() == "a"
    with pytest.raises(ToolError, match="into itself"):
        await room.call(move_file, path="old", to="old/folder/deeper")


async def test_a_file_moves_into_a_given_folder_with_its_mode_and_a_folder_does_not(room: Room) -> None:
    (room.work / "a").write_text("a")
    (room.work / "a").chmod(0o700)
    await room.call(move_file, path="a", to=f"{room.open}/a")
    assert (room.open / "a").read_text() == "a"
    assert (room.open / "a").stat().st_mode & 0o777 == 0o700
    assert not (room.work / "a").exists()
    with pytest.raises(ToolError, match="one by one"):
        await room.call(move_file, path="src", to=f"{room.open}/src")


async def test_links_and_pipes_do_not_move(room: Room) -> None:
    (room.work / "link").symlink_to("/etc/passwd")
    os.mkfifo(room.work / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(ToolError, match=f"is a {name}, which is not moved"):
            await room.call(move_file, path=name, to=f"{room.open}/{name}")


async def test_a_full_folder_is_deleted_only_where_that_is_said(room: Room) -> None:
    (room.work / "src" / "a").write_text("x")
    (room.work / "src" / "out").symlink_to(room.open)
    (room.open / "kept").write_text("kept")
    with pytest.raises(ToolError, match="recursive=true"):
        await room.call(delete_file, path="src")
    assert (room.work / "src" / "a").exists()
    await room.call(delete_file, path="src", recursive=True)
    assert not (room.work / "src").exists()
    assert (room.open / "kept").read_text() == "kept"
    await room.call(make_folder, path="empty/one")
    await room.call(delete_file, path="empty/one")
    assert (room.work / "empty").is_dir()


@pytest.mark.parametrize("path", [".", "", "/work", "src/.."])
async def test_the_workspace_itself_is_neither_deleted_nor_moved(room: Room, path: str) -> None:
    with pytest.raises(ToolError, match="itself cannot be changed"):
        await room.call(delete_file, path=path, recursive=True)
    with pytest.raises(ToolError, match="itself cannot be changed"):
        await room.call(move_file, path=path, to="src/x")


async def test_after_a_crash_a_change_in_a_given_folder_is_looked_for(room: Room) -> None:
    there = room.open / "a"
    path, other = str(there), f"{room.open}/b"
    write = {"path": path, "content": "new"}
    assert await write_file.check(write, room.at) is Happened.NOT_DONE
    there.write_text("old or by somebody else")
    assert await write_file.check(write, room.at) is Happened.CANNOT_TELL
    there.write_text("new")
    assert await write_file.check(write, room.at) is Happened.DONE
    assert await delete_file.check({"path": path}, room.at) is Happened.NOT_DONE
    assert await move_file.check({"path": path, "to": other}, room.at) is Happened.NOT_DONE
    there.rename(room.open / "b")
    assert await move_file.check({"path": path, "to": other}, room.at) is Happened.DONE
    assert await delete_file.check({"path": path}, room.at) is Happened.DONE
    assert await make_folder.check({"path": path}, room.at) is Happened.NOT_DONE
    there.mkdir()
    assert await make_folder.check({"path": path}, room.at) is Happened.DONE
    assert await edit_file.check({"path": other, "old": "new", "new": "x"}, room.at) is Happened.CANNOT_TELL
