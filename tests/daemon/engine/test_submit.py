"""What may come in."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.errors import BadInput
from daemon.domain.visible import visible
from daemon.engine.goal import clean_goal, distinct, safe_name, title_of
from daemon.store import blobs
from tests.daemon.engine.workbench import Workbench

Make = Callable[..., Workbench]


@pytest.mark.parametrize("goal", ["", "   ", "\n\t", "\x00\x01", "\u202e\u2066"])
def test_a_goal_of_nothing_is_refused(goal: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        clean_goal(goal)


def test_a_goal_of_a_megabyte_is_taken_and_one_more_character_refused() -> None:
    assert len(clean_goal("a" * 1_048_576)) == 1_048_576
    with pytest.raises(BadInput, match="1,048,577 characters"):
        clean_goal("a" * 1_048_577)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("invalid \udcff here", "invalid \ufffd here"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("two\r\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\u65e5\u672c \u0627\u0644 \u05e2\u05d1", "\u65e5\u672c \u0627\u0644 \u05e2\u05d1"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
    ],
)
def test_what_a_terminal_would_obey_is_taken_out_and_every_script_stays(given_text: str, kept: str) -> None:
    assert clean_goal(given_text) == kept


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        ("a\nb.csv", "a b.csv"),
        ("cod\u202efdp.exe", "codfdp.exe"),
        ("-rf", "rf"),
        (".bashrc", "bashrc"),
        ("C:\\temp\\x.csv", "x.csv"),
        ("x" * 300 + ".csv", "x" * 176 + ".csv"),
        ("\u540d\u524d.csv", "\u540d\u524d.csv"),
    ],
)
def test_file_names_from_outside_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder_or_hides_anything(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert "/" not in safe
    assert safe not in (".", "..")
    assert visible(safe) == safe
    assert len(safe.encode()) <= 255


def test_equal_names_are_numbered_also_where_only_the_case_differs() -> None:
    assert distinct(["a.csv", "A.csv", "a.csv", "b", "b"]) == ["a.csv", "A (2).csv", "a (3).csv", "b", "b (2)"]


def test_a_title_is_the_first_line_cut_at_a_word() -> None:
    assert title_of("short\nmore") == "short"
    assert title_of("word " * 30) == "word " * 13 + "word\u2026"


async def test_the_same_key_twice_is_one_task(bench: Make) -> None:
    b = bench()
    assert b.submit("a", once="k").id == b.submit("b", once="k").id
    assert len(b.service.reads.page()) == 1


async def test_a_file_is_kept_by_its_bytes(bench: Make, tmp_path: Path) -> None:
    b = bench([], [])
    source = tmp_path / "sales.csv"
    source.write_text("a,b\n1,2\n")
    blob = b.service.keep_file(source)
    source.write_text("changed later")
    task = b.submit("unready", files=(blob,))
    assert blobs.read(b.home, blob.digest) == b"a,b\n1,2\n"
    assert task.files == (blob,)


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "device", "loop"])
async def test_what_is_no_readable_file_is_refused_with_the_reason(bench: Make, tmp_path: Path, kind: str) -> None:
    b, path = bench(), tmp_path / "x"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    with pytest.raises(BadInput) as refused:
        b.service.keep_file(path)
    assert refused.value.fix


async def test_a_file_above_the_limit_is_refused_and_leaves_nothing(bench: Make, tmp_path: Path) -> None:
    b = bench()
    b.service._max_input = lambda: 10
    (tmp_path / "big").write_bytes(b"x" * 11)
    with pytest.raises(BadInput, match="larger than the limit of 10 bytes"):
        b.service.keep_file(tmp_path / "big")
    assert [path for path in b.home.blobs.rglob("*") if path.is_file()] == []
