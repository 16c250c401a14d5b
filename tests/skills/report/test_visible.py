from hypothesis import given
from hypothesis import strategies as st

from skills.report.visible import BREAK, breakable, clipped, columns_of, one_line, visible

HIDDEN = "\x00\x07\x1b\x7f\x9b\u200b\u200e\u200f\u202a\u202e\u2066\u2069\u2028\ufeff\ud800\udcff\U000e0041\n"


def test_nothing_hidden_stays_hidden() -> None:
    for character in HIDDEN:
        assert visible(f"a{character}b").startswith("a\\")
        assert visible(f"a{character}b").isascii()


def test_letters_joiners_and_emoji_stay() -> None:
    for text in ("العربية", "क्‍ष", "👩‍👩‍👧", "é", "日本"):
        assert visible(text) == text


@given(st.text(alphabet=st.characters()))
def test_any_text_can_be_shown_on_one_line(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    line.encode("utf-8")
    assert visible(line) == line


def test_an_undecodable_byte_is_shown_as_that_byte() -> None:
    assert visible(b"a\xffb".decode("utf-8", "surrogateescape")) == "a\\xffb"


def test_clipped_and_breakable_keep_the_text() -> None:
    assert clipped("abcdef", 4) == "abc…"
    assert clipped("abc", 4) == "abc"
    assert breakable("x" * 10, 4).replace(BREAK, "") == "x" * 10
    assert max(map(len, breakable("x" * 10, 4).split(BREAK))) == 4
    assert breakable("one two three", 5) == "one two three"


def test_wide_characters_take_more_room_and_marks_none() -> None:
    assert columns_of("abc") == 3
    assert columns_of("日本") > 3
    assert columns_of("日\u0301") == columns_of("日")
