import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from channels.cli.text import block, flat, line
from tests.fakes.stories import HOSTILE

OBEYED = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def obeyed(text: str, kept: str = "") -> list[str]:
    return [c for c in text if unicodedata.category(c) in OBEYED and c not in kept + "\u200c\u200d"]


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("Ünïcödé 日本 👩‍👧", "Ünïcödé 日本 👩‍👧"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("txt.\u202eexe", "txt.\\u202eexe"),
        ("\udcff", "\\udcff"),
        ("\x00", "\\x00"),
    ],
)
def test_a_line_shows_what_is_there_and_obeys_nothing(given_text: str, shown: str) -> None:
    assert line(given_text) == shown


def test_prose_becomes_one_line() -> None:
    assert flat("  a\r\n\n b\u2028c\x1b ") == "a b c\\x1b"


def test_a_block_keeps_its_lines_and_tabs_and_no_carriage_return() -> None:
    assert block("a\tb\r\nc\rd\n\n", "  ") == "  a\tb\n  c\\rd"


@given(some.text(some.characters(codec=None)))
def test_nothing_that_a_terminal_obeys_comes_through(text: str) -> None:
    assert obeyed(line(text)) == []
    assert obeyed(flat(text)) == []
    assert obeyed(block(text), "\n\t") == []


def test_every_line_of_a_block_is_indented() -> None:
    assert all(one.startswith("    ") for one in block(HOSTILE, "    ").split("\n"))
