"""The digest of a log: what it counts is right, whatever the log is like, and nothing in it is obeyed."""

import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.skills.bundled import logs
from tests.skills.bundled.script import BUNDLED, Desk, text

SKILL = "log-digest"


def digest(desk: Desk, data: bytes, name: str = "app.log") -> tuple[str, str]:
    ended = desk.run(SKILL, "--file", desk.put(name, data))
    assert (ended.status, ended.errors) == (0, "")
    (markdown,) = (desk.folder / "output").glob("*.md")
    return text(desk.pdf()), markdown.read_text("utf-8")


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """Load modules of the skill as its script does, and take them away again: other skills have the same names."""
    folder = BUNDLED / SKILL / "scripts"
    names = {path.stem for path in folder.glob("*.py")}
    before = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, str(folder))
    try:
        yield {name: __import__(name) for name in ("entry", "level", "masking", "patterns", "timeline", "bursts")}
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(before)


@pytest.mark.parametrize("name", logs.LINES)
def test_a_line_is_read_as_its_program_means_it(scripts: dict[str, ModuleType], name: str) -> None:
    line, title, message = logs.LINES[name]
    entry = scripts["entry"].Reader(1_795_673_333).read(line)
    assert scripts["level"].TITLES[entry.level] == title
    assert message in scripts["masking"].masked(entry.message)
    if name != "no time":
        assert entry.stamp is not None
        assert entry.stamp.when == 1_795_586_892


def test_a_year_that_is_left_out_is_the_last_one_that_is_not_in_the_future(scripts: dict[str, ModuleType]) -> None:
    reader = scripts["entry"].Reader(1_795_673_333)  # 26 Nov 2026
    past, later = (reader.read(f"{day} 00:00:00 nas x: y").stamp.when for day in ("Nov 20", "Dec 24"))
    assert later < past < 1_795_673_333


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("took 12.5 ms at 10.1.2.3:80", "took ‹n› ms at ‹ip›"),
        ("id 9f8b2c1d-1a2b-4c3d-8e9f-0123456789ab", "id ‹id›"),
        ("commit 9f8b2c1d4e5f and 0xdeadBEEF", "commit ‹hex› and ‹hex›"),
        ("user \"bob\" or 'eve' isn't here", "user “…” or “…” isn't here"),
        ("from fe80::1:2:3:4 by a.b@example.org", "from ‹ip› by ‹mail›"),
        ("eth0 and sha256 stay, job17234 not", "eth0 and sha256 stay, job‹n› not"),
    ],
)
def test_what_changes_between_equal_messages_is_masked(
    scripts: dict[str, ModuleType], message: str, masked: str
) -> None:
    # Three digits and more are a number, also within a word.
    assert scripts["masking"].masked(message) == masked.replace("sha256", "sha‹n›")


def test_the_counts_the_burst_and_what_is_new_are_told(desk: Desk) -> None:
    data = logs.service()
    ended = desk.run(SKILL, "--file", desk.put("app.log", data))
    assert (ended.status, ended.errors) == (0, "")
    first, second, third = ended.summary.splitlines()
    assert first.startswith(f"app.log: {len(data.splitlines()):,} lines, ")
    assert first.endswith("from 25 Nov 2026, 06:00:00 to 26 Nov 2026, 01:59:36.")
    assert second == "74 errors, 4 of them fatal, in 3,074 entries (2.4 %)."
    assert "came 40 times (54 % of the errors): “db - connection to ‹ip› refused after ‹n› ms”" in third
    assert sorted(ended.progress) == list(ended.progress)
    said = text(desk.pdf())
    assert "A burst of errors: 38 from 25 Nov 2026, 12:00:00 on." in said
    assert "1 kind of error came only towards the end" in said
    assert "web - request ‹id› failed ⟵ KeyError: “…”" in said
    assert "120 lines without a time of their own belong to the entry before." in said
    assert sorted(desk.results()) == ["app digest.md", "app digest.pdf"]


@pytest.mark.parametrize("name", logs.ODD)
def test_any_log_becomes_a_digest(desk: Desk, name: str) -> None:
    said, markdown = digest(desk, logs.ODD[name])
    assert "How this was read" in said
    for hidden in ("\x1b", "\x07", "\u202e", "\0"):
        assert hidden not in markdown + said


@pytest.mark.parametrize("name", logs.UNUSABLE)
def test_what_is_no_log_is_refused_in_two_sentences(desk: Desk, name: str) -> None:
    data, word = logs.UNUSABLE[name]
    ended = desk.run(SKILL, "--file", desk.put("app.log", data))
    assert ended.status == 1
    assert word in ended.errors
    assert len(ended.errors.splitlines()) == 2
    assert desk.results() == {}


def test_a_gzipped_log_gives_the_same_as_the_plain_one(desk: Desk, tmp_path: Path) -> None:
    _, plain = digest(desk, logs.service())
    other = Desk(tmp_path / "other")
    _, packed = digest(other, gzip.compress(logs.service(), mtime=0), "app.log.gz")
    assert (
        packed.partition("## What stands out")[2].replace(", packed by gzip", "")
        == (plain.partition("## What stands out")[2])
    )


def test_a_message_is_no_markup_in_the_markdown(desk: Desk) -> None:
    said, markdown = digest(desk, logs.ODD["markup"])
    assert "#read(“…”) *b* $x$ |`c`| <b> [x](http://e.org) ]]" in said
    (row,) = (line for line in markdown.splitlines() if line.startswith("| 3 | \\#read"))
    cells = re.split(r"(?<!\\)\|", row.strip("|"))
    assert len(cells) == 5
    assert "\\<b\\> \\[x\\]\\(http\\:" in row


def test_a_truncated_archive_says_so(desk: Desk) -> None:
    said, _ = digest(desk, logs.ODD["truncated gzip"], "app.log.gz")
    assert "The archive is damaged; what could be unpacked of it was read." in said
    assert "disk ‹n›" in said


def test_the_same_log_gives_the_same_bytes(desk: Desk) -> None:
    digest(desk, logs.service())
    first = desk.results()
    digest(desk, logs.service())
    assert desk.results() == first


def test_memory_stays_bounded_and_the_frequent_survives(scripts: dict[str, ModuleType]) -> None:
    patterns = scripts["patterns"].Patterns(100)
    for index in range(5000):
        patterns.add("info", f"rare {index}", "", None)
        patterns.add("error", "often", "", float(index))
    (often, *_) = patterns.most()
    assert (often.text, often.count, often.first, often.last) == ("often", 5000, 0.0, 4999.0)
    assert patterns.kinds() <= 100
    assert patterns.lost + patterns.kinds() == 5001


@pytest.mark.parametrize("span", [10, 86_400, 4 * 365 * 86_400, 300_000_000_000])
def test_bars_hold_every_line_in_its_time(scripts: dict[str, ModuleType], span: int) -> None:
    line = scripts["timeline"].Timeline()
    times = [number * span // 9000 for number in range(9000)]
    for when in times:
        line.add(float(when), error=when == times[-1], warning=False)
    bars = line.bars(96)
    assert len(bars.bars) <= 96
    assert sum(bar.lines for bar in bars.bars) == 9000
    assert [bar.errors > 0 for bar in bars.bars].index(True) == (times[-1] - bars.start) // bars.width


def test_a_burst_is_far_more_than_usual_and_not_what_always_comes(scripts: dict[str, ModuleType]) -> None:
    outstanding = scripts["bursts"].outstanding
    assert outstanding([0] * 50 + [20, 9] + [0] * 50) == [(50, 52, 29)]
    assert outstanding([10] * 100) == []
    assert outstanding([0] * 99 + [7]) == []
