"""The list of checksums: right for any name, compared with lists of any maker, and nothing is changed or followed."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.skills.bundled import trees
from tests.skills.bundled.script import Desk, Ended

SKILL = "checksum-list"
NAMES = [
    *trees.ODD_NAMES, b"-", b"--help", b"-rf", b" space at the ends ", b"back\\slash", b"cr\rlf", b"tab\there", b"\\n",
    b"$(touch pwned)", b"`touch pwned`", b"a;b&c|d>e", b"\xe2\x80\xaerlo", b"%s%n", b"* ?", b"x  y",
]  # fmt: skip


def plain(root: Path) -> Path:
    for name in ("a.txt", "b.txt", "sub/c.txt"):
        trees.put(root / name, f"content of {name}".encode())
    return root


def odd(root: Path) -> Path:
    root.mkdir()
    for name in NAMES:
        Path(os.fsdecode(os.fsencode(root) + b"/" + name)).write_bytes(b"content of " + name)
    return root


def listed(desk: Desk, folder: Path, older: bytes | None = None) -> Ended:
    more = [] if older is None else ["--list", desk.put("older.sha256", older)]
    ended = desk.run(SKILL, "--folder", str(folder), *more)
    assert (ended.status, ended.errors) == (0, "")
    return ended


def sums(desk: Desk) -> bytes:
    (found,) = (data for name, data in desk.results().items() if name.endswith(".sha256"))
    return found


def report(desk: Desk) -> str:
    (found,) = (data for name, data in desk.results().items() if name.endswith(".md"))
    return found.decode()


def test_the_list_has_every_file_and_its_checksum(desk: Desk, tmp_path: Path) -> None:
    root = plain(tmp_path / "data")
    ended = listed(desk, root)
    expected = [
        f"{hashlib.sha256((root / name).read_bytes()).hexdigest()}  ./{name}"
        for name in ("a.txt", "b.txt", "sub/c.txt")
    ]
    assert sums(desk).decode().splitlines() == expected
    assert ended.summary == f"{root}: 3 files.\n"
    assert sorted(desk.results()) == ["data checksums.sha256"]
    assert sorted(ended.progress) == list(ended.progress)
    assert ended.progress[-1] == 100


def test_names_of_any_bytes_are_listed_so_that_sha256sum_checks_them(desk: Desk, tmp_path: Path) -> None:
    root = odd(tmp_path / "data")
    listed(desk, root)
    assert len(sums(desk).splitlines()) == len(NAMES)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet"], cwd=root, input=sums(desk), capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
    assert sorted(os.fsencode(path.name) for path in root.iterdir()) == sorted(NAMES)


def test_names_of_any_bytes_are_the_same_the_next_time(desk: Desk, tmp_path: Path) -> None:
    root = odd(tmp_path / "data")
    listed(desk, root)
    ended = listed(desk, root, sums(desk))
    assert f"Nothing is different: {len(NAMES)} files as in the list." in ended.summary


def test_what_changed_went_came_and_moved_is_told(desk: Desk, tmp_path: Path) -> None:
    root = plain(tmp_path / "data")
    trees.put(root / "moved.bin", b"the same content")
    trees.put(root / "gone.bin", b"gone")
    listed(desk, root)
    older = sums(desk)
    (root / "a.txt").write_text("changed")
    (root / "gone.bin").unlink()
    trees.put(root / "new.bin", b"new")
    (root / "moved.bin").rename(root / "sub" / "line\nbreak `x`.bin")
    ended = listed(desk, root, older)
    assert "1 changed, 1 missing, 1 new, 1 moved; 2 the same." in ended.summary
    said = report(desk)
    assert "| 2 | 1 | 1 | 1 | 1 |" in said
    assert "## Changed (1)\n\n- `a.txt`\n" in said
    assert "## Missing (1)\n\n- `gone.bin`\n" in said
    assert "## New (1)\n\n- `new.bin`\n" in said
    assert "- `moved.bin` → ``sub/line\\nbreak `x`.bin``\n" in said
    assert "on 26 Nov 2026, 06:08." in said


def written(root: Path, form: str) -> bytes:
    lines = []
    for name in ("a.txt", "b.txt", "sub/c.txt"):
        digest = hashlib.sha256((root / name).read_bytes()).hexdigest()
        lines.append(form.format(digest=digest, DIGEST=digest.upper(), name=name, root=root))
    return "".join(lines).encode()


@pytest.mark.parametrize(
    "form",
    [
        "{digest}  {name}\n",
        "{digest} *{name}\r\n",
        "{DIGEST}  ./{name}\n",
        "# made by hand\n{digest}  {name}\n\n",
        "SHA256 ({name}) = {digest}\n",
        "SHA2-256({name})= {digest}\n",
        "{digest}  {root}/{name}\n",
        "{digest}  data/{name}\n",
        "{digest}  ././{name}\n",
    ],
)
def test_lists_of_other_makers_are_understood(desk: Desk, tmp_path: Path, form: str) -> None:
    root = plain(tmp_path / "data")
    older = written(root, form)
    assert "Nothing is different: 3 files as in the list." in listed(desk, root, older).summary


@pytest.mark.parametrize(
    ("older", "word"),
    [
        (b"", "it is empty"),
        (b"\n\n# nothing\n", "it is empty"),
        (b"hello\nworld\n", "no line has one"),
        (b"d41d8cd98f00b204e9800998ecf8427e  a.txt\n", "it has MD5 sums"),
        (b"da39a3ee5e6b4b0d3255bfef95601890afd80709  a.txt\n", "it has SHA-1 sums"),
        (bytes(range(256)) * 50, "no line has one"),
    ],
)
def test_what_is_no_list_is_refused_in_two_sentences(desk: Desk, tmp_path: Path, older: bytes, word: str) -> None:
    ended = desk.run(SKILL, "--folder", str(plain(tmp_path / "data")), "--list", desk.put("older.sha256", older))
    assert ended.status == 1
    assert word in ended.errors
    assert len(ended.errors.splitlines()) == 2
    assert desk.results() == {}


def test_nothing_that_a_list_names_is_opened_or_run(desk: Desk, tmp_path: Path) -> None:
    root = plain(tmp_path / "data")
    os.mkfifo(root / "pipe")
    digest = "0" * 64
    names = (
        "/etc/passwd",
        "../../x",
        "pipe",
        "$(touch pwned)",
        "`touch pwned`",
        "-",
        "a\\0b",
        "\x1b[31m",
        "%s%n%d",
        "",
    )
    ended = listed(desk, root, "".join(f"{digest}  {name}\n" for name in names).encode() + b"broken line\n")
    assert "3 new" in ended.summary
    said = report(desk)
    assert "\x1b" not in said
    assert "`\\x1b[31m`" in said
    assert "1 line of the list without a checksum passed over." in said
    assert not list(tmp_path.rglob("pwned"))


def test_a_hostile_tree_is_read_without_leaving_it(desk: Desk, tmp_path: Path) -> None:
    root = trees.hostile(tmp_path / "data")
    (root / "gaps.img").unlink()
    before = modified(root)
    listed(desk, root)
    said = sums(desk)
    assert len(said.splitlines()) == 7 + len(trees.ODD_NAMES) + 1
    for left_out in (b"passwd", b"pipe", b"loop", b"/up/"):
        assert left_out not in said
    assert modified(root) == before


def modified(root: Path) -> dict[str, int]:
    """Give when each file was changed, in the folders whose paths are not too long."""
    parts = (root, root / "odd", root / "photos", root / "texts", root / "old")
    return {str(path): path.lstat().st_mtime_ns for part in parts for path in part.iterdir()}


def test_what_lies_too_deep_is_left_out_and_told(desk: Desk, tmp_path: Path) -> None:
    root = plain(tmp_path / "data")
    (root / "deep").mkdir()
    here = os.open(root / "deep", os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 240, dir_fd=here)
        deeper = os.open("d" * 240, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    ended = listed(desk, root)
    assert ended.summary.splitlines() == [f"{root}: 3 files.", "1 entry could not be read and is left out."]


@pytest.mark.parametrize("name", ["we ird\n`x`\\ $(x)", "-", "資料", "…"])
def test_a_folder_may_have_any_name(desk: Desk, tmp_path: Path, name: str) -> None:
    root = plain(tmp_path / name)
    listed(desk, root)
    ended = listed(desk, root, written(root, "{digest}  {name}\n"))
    assert "Nothing is different" in ended.summary
    assert len(ended.summary.splitlines()) == 2
    assert all(
        path.parent == desk.folder / "output" for path in desk.folder.rglob("*.sha256") if "older" not in path.name
    )


@pytest.mark.parametrize("arguments", [(), ("--folder", ""), ("--folder", "/none"), ("--folder",), ("--what", "x")])
def test_what_is_no_folder_is_refused_in_two_sentences(desk: Desk, arguments: tuple[str, ...]) -> None:
    ended = desk.run(SKILL, *arguments)
    assert ended.status == 1
    assert len(ended.errors.splitlines()) == 2
    assert desk.results() == {}


@pytest.mark.parametrize("value", ["/etc/passwd", "input/../../x", "input/none", "input"])
def test_a_list_that_is_not_attached_is_refused(desk: Desk, tmp_path: Path, value: str) -> None:
    ended = desk.run(SKILL, "--folder", str(plain(tmp_path / "data")), "--list", value)
    assert ended.status == 1
    assert len(ended.errors.splitlines()) == 2


def test_an_empty_folder_has_an_empty_list(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert listed(desk, tmp_path / "data").summary == f"{tmp_path / 'data'}: 0 files.\n"
    assert sums(desk) == b""


def test_the_same_folder_gives_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    root = odd(tmp_path / "data")
    listed(desk, root, written(plain(tmp_path / "other"), "{digest}  {name}\n"))
    first = desk.results()
    listed(desk, root, written(tmp_path / "other", "{digest}  {name}\n"))
    assert desk.results() == first
