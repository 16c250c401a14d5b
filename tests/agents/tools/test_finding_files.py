"""Listing and searching."""

import os
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from agents.tools.glob import fits
from agents.tools.list_files import list_files
from agents.tools.search_files import search_files
from daemon.domain.errors import ToolError
from daemon.domain.ports import Session
from daemon.domain.sandbox import Box, Command, Completed, Ending
from tests.agents.tools.conftest import Room


@pytest.mark.parametrize(
    ("pattern", "path", "fitting"),
    [
        ("*.py", "src/a.py", True),
        ("*.py", "src/a.pyc", False),
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/deep/a.py", False),
        ("src/**/*.py", "src/deep/er/a.py", True),
        ("src/**/*.py", "src/a.py", True),
        ("**/a.py", "a.py", True),
        ("src/**", "src/a/b", True),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("[abc].txt", "b.txt", True),
        ("[!abc].txt", "b.txt", False),
        ("[a-c]x", "bx", True),
        ("[]]", "]", True),
        ("[", "[", True),
        ("", "a", False),
        ("*", "", True),
        ("*a*b*c", "xxaxxbxxc", True),
        ("*a*b*c", "xxaxxbxx", False),
        ("**", "a/b", True),
    ],
)
def test_patterns(pattern: str, path: str, fitting: bool) -> None:
    assert fits(pattern, path) is fitting


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not fits("*a" * 2000 + "b", "a" * 2000)
    assert not fits("**/" * 1000 + "b", "a/" * 1000 + "a")


async def test_a_listing_is_sorted_and_marks_what_is_hidden_or_no_file(room: Room) -> None:
    for name in ("b.txt", "a.txt", ".env"):
        (room.work / name).write_text("12345")
    (room.work / "link").symlink_to("/etc")
    os.mkfifo(room.work / "pipe")
    said = (await room.call(list_files)).text
    assert [" ".join(line.split()) for line in said.splitlines()] == [
        *("the workspace:", "5 .env (hidden)", "5 a.txt", "5 b.txt", "input/"),
        *("link (a link, not followed)", "output/", "pipe (a pipe, not followed)", "src/"),
    ]


async def test_a_given_folder_is_listed_with_times(room: Room) -> None:
    (room.open / "a.txt").write_text("x")
    os.utime(room.open / "a.txt", (1_700_000_000, 1_700_000_000))
    said = (await room.call(list_files, path=str(room.open))).text
    assert "2023-11-1" in said


async def test_depth_and_pattern_choose(room: Room) -> None:
    for name in ("src/a.py", "src/deep/b.py", "src/deep/c.txt", "d.py"):
        (room.work / name).parent.mkdir(exist_ok=True)
        (room.work / name).write_text("x")

    async def names(**arguments: Any) -> list[str]:
        lines = (await room.call(list_files, **arguments)).text.splitlines()[1:]
        return [line.split()[-1] for line in lines]

    assert await names(pattern="*.py") == ["d.py"]
    assert await names(pattern="*.py", depth=3) == ["d.py", "src/a.py", "src/deep/b.py"]
    assert await names(pattern="**/*.py") == ["d.py", "src/a.py", "src/deep/b.py"]
    assert await names(path="src", depth=2) == ["a.py", "deep/", "deep/b.py", "deep/c.txt"]
    with pytest.raises(ToolError, match="depth is from 1"):
        await names(depth=0)


async def test_a_full_folder_is_clipped_and_says_how_much_is_left_out(room: Room) -> None:
    for number in range(1234):
        (room.work / "src" / f"{number:04}").touch()
    lines = (await room.call(list_files, path="src")).text.splitlines()
    assert len(lines) == 202
    assert lines[-1] == "… 1,034 more; name a folder or a pattern."
    assert lines[1].split() == ["0", "0000"]


async def test_names_that_are_no_text_are_shown_as_far_as_they_are(room: Room) -> None:
    (room.work / os.fsdecode(b"caf\xe9")).touch()
    (room.work / "two\nlines\x1b[31m").touch()
    said = (await room.call(list_files)).text
    said.encode()
    assert "caf\ufffd" in said
    assert "'two\\nlines\\x1b[31m'" in said


async def test_a_regular_expression_is_searched(room: Room) -> None:
    (room.work / "src" / "a.py").write_text("def alpha():\n    return 1\n\ndef beta():\n    return 22\n")
    (room.work / "src" / "b.txt").write_text("return 333\n")
    (room.work / "src" / "c.bin").write_bytes(b"return 4444\0" * 10)
    said = (await room.call(search_files, pattern=r"return \d+$")).text
    assert said == "src/a.py\n  2:     return 1\n  5:     return 22\nsrc/b.txt\n  1: return 333"
    said = (await room.call(search_files, pattern="return", path="src", glob="*.py", context=1)).text
    assert said.splitlines()[1:4] == ["  1- def alpha():", "  2:     return 1", "  3-"]
    assert (await room.call(search_files, pattern="return", path="src/b.txt")).text == "src/b.txt\n  1: return 333"


async def test_a_pattern_may_be_plain_text(room: Room) -> None:
    (room.work / "a").write_text("a(b\naab\n")
    assert (await room.call(search_files, pattern="a(b", plain=True)).text == "a\n  1: a(b"
    with pytest.raises(ToolError, match="ripgrep: "):
        await room.call(search_files, pattern="a(b")


async def test_hidden_and_ignored_files_are_searched_where_that_is_said(room: Room) -> None:
    (room.work / ".env").write_text("needle\n")
    assert (await room.call(search_files, pattern="needle")).text == "Nothing fits."
    assert (await room.call(search_files, pattern="needle", hidden=True)).text == ".env\n  1: needle"


async def test_many_hits_and_huge_lines_are_clipped(room: Room) -> None:
    (room.work / "a").write_text("needle\n" * 5000)
    (room.work / "b").write_text("needle" + "x" * 5_000_000 + "\n")
    said = (await room.call(search_files, pattern="needle")).text
    assert len(said) < 16_500
    assert said.count("needle") == 100
    assert "fit; make the pattern or the path narrower" in said
    said = (await room.call(search_files, pattern="needle", path="b")).text
    assert len(said) < 1000


async def test_options_in_a_pattern_are_no_options(room: Room) -> None:
    (room.work / "a").write_text("--pre=touch /work/evil\n")
    assert "1: --pre" in (await room.call(search_files, pattern="--pre=touch")).text
    await room.call(search_files, pattern="x", glob="--pre=/usr/bin/touch")
    assert not (room.work / "evil").exists()


async def test_a_given_folder_is_searched_without_its_secrets(room: Room) -> None:
    (room.given / "a.txt").write_text("SESAME street\n")
    outcome = await room.call(search_files, pattern="SESAME", path=str(room.given), hidden=True)
    assert outcome.text == f"{room.given}/a.txt\n  1: SESAME street"
    assert outcome.labels


class WithoutRipgrep:
    """The sandbox of a machine where ripgrep is not installed."""

    def __init__(self, sandbox: Any) -> None:
        self._sandbox = sandbox

    def hidden(self, box: Box) -> tuple[Path, ...]:
        found: tuple[Path, ...] = self._sandbox.hidden(box)
        return found

    def unavailable(self) -> str | None:
        return None

    def open(self, command: Command, box: Box) -> AbstractAsyncContextManager[Session]:
        opened: AbstractAsyncContextManager[Session] = self._sandbox.open(command, box)
        return opened

    async def run(self, command: Command, box: Box, on_output: Any = None) -> Completed:
        del command, box, on_output
        return Completed(127, b"", b"not found", Ending.EXITED, 0.0)


async def test_without_ripgrep_plain_text_is_searched_and_that_is_said(room: Room) -> None:
    room.sandbox = WithoutRipgrep(room.sandbox)
    (room.work / "src" / "a.py").write_text("x\n" * 3 + "needle\n")
    (room.work / "src" / "b.bin").write_bytes(b"needle\0")
    (room.work / ".env").write_text("needle\n")
    (room.work / "link").symlink_to("src")
    said = (await room.call(search_files, pattern="needle")).text
    assert said.splitlines()[:2] == ["src/a.py", "  4: needle"]
    assert len(said.splitlines()) == 3
    assert "ripgrep is not installed" in said
    assert ".env" in (await room.call(search_files, pattern="needle", hidden=True)).text
    assert "a.py" not in (await room.call(search_files, pattern="needle", glob="*.txt")).text
    (room.given / "a.txt").write_text("SESAME street\n")
    said = (await room.call(search_files, pattern="SESAME", path=str(room.given), plain=True, hidden=True)).text
    assert said.count("SESAME") == 1
    with pytest.raises(ToolError, match=r"Regular expressions need ripgrep.*plain=true"):
        await room.call(search_files, pattern="need.e")
