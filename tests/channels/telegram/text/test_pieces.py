import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from channels.telegram.text.accepted import MOST_ENTITIES
from channels.telegram.text.formatted import Entity, Formatted, code, joined, plain, quote, units
from channels.telegram.text.markdown import read
from channels.telegram.text.pieces import pieces
from tests.channels.telegram.text.checker import faults, is_seen, seen
from tests.channels.telegram.text.samples import any_text

CLUSTERS = (
    "👩\u200d👩\u200d👧\u200d👦",
    "🇩🇪",
    "🇯🇵",
    "👍🏽",
    "e\u0301\u0323",
    "1\ufe0f\u20e3",
    "क्षि",
    "각",
    "ㅎ",
    "☺\ufe0f",
    "x",
)
FLAG = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


def texts(whole: Formatted, most: int) -> list[str]:
    told = pieces(whole, most)
    assert [faults(piece, most) for piece in told if faults(piece, most)] == []
    return [piece.text for piece in told]


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("all of it", 9, ["all of it"]),
        ("one two.\n\nthree four\nfive", 20, ["one two.", "three four\nfive"]),
        ("one two\nthree. four five", 20, ["one two", "three. four five"]),
        ("One two three. Four five six.", 20, ["One two three.", "Four five six."]),
        ("一二三四五。六七八九十", 8, ["一二三四五。", "六七八九十"]),
        ("one two three four", 9, ["one two", "three", "four"]),
        ("exactly so", 7, ["exactly", "so"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("😀😀😀", 3, ["😀", "😀", "😀"]),
        ("a" + " " * 50 + "b", 10, ["a", "b"]),
        ("", 10, []),
        (" \n ", 10, []),
        ("\u200b" * 20, 10, []),
    ],
)
def test_a_text_is_cut_where_it_ends_something(text: str, most: int, parts: list[str]) -> None:
    assert texts(Formatted(text), most) == parts


def test_code_that_fits_a_piece_is_not_cut() -> None:
    whole = joined([plain("Some words before. " * 3), code("line\n\nline\n\nline\nline\n" * 2), plain("after")])
    assert texts(whole, 70) == [whole.text[:56], whole.text[58:]]


def test_what_is_cut_goes_on() -> None:
    whole = quote(Formatted("one two three", (Entity("bold", 0, 13), Entity("text_link", 4, 9, "http://a.bc/"))))
    told = pieces(whole, 8)
    assert [piece.text for piece in told] == ["one two", "three"]
    assert told[1].entities == (
        Entity("blockquote", 0, 5),
        Entity("bold", 0, 5),
        Entity("text_link", 0, 5, "http://a.bc/"),
    )


def test_code_that_is_cut_keeps_language_and_indentation() -> None:
    first, second = pieces(code("def f():\n    x = 1\n\n    return x", "py"), 22)
    assert first == Formatted("def f():\n    x = 1", (Entity("pre", 0, 18, language="py"),))
    assert second == Formatted("\u00a0" * 4 + "return x", (Entity("pre", 0, 12, language="py"),))


def test_each_piece_has_as_many_entities_as_a_message_may_have() -> None:
    told = pieces(read("**b** " * 6000))
    assert len(told) > 2
    assert all(len(piece.entities) == MOST_ENTITIES for piece in told)


@given(some.lists(some.sampled_from([*CLUSTERS, FLAG, " ", "\n"]), max_size=60), some.integers(16, 40))
@settings(deadline=None)
def test_no_cut_goes_through_a_character_as_it_is_seen(clusters: list[str], most: int) -> None:
    # Side by side these would be one.
    text = "".join(f"{one}." if one in ("각", "ㅎ", "क्षि") else one for one in clusters)
    whole = re.compile("(?:" + "|".join(map(re.escape, [*CLUSTERS, FLAG])) + r"|[\s.])*")
    for part in texts(plain(text), most):
        assert whole.fullmatch(part)


def test_a_character_without_end_is_cut_all_the_same() -> None:
    assert texts(plain("a" + "\u0301" * 1000), 100) == ["a" + "\u0301" * 99, *["\u0301" * 100] * 9, "\u0301"]


@given(any_text, some.integers(2, 300))
@settings(max_examples=300, deadline=None)
def test_pieces_have_all_that_the_whole_has(text: str, most: int) -> None:
    whole = read(text)
    told = pieces(whole, most)
    assert [faults(piece, most) for piece in told if faults(piece, most)] == []
    assert all(any(map(is_seen, piece.text)) for piece in told)
    if all(len(piece.entities) < MOST_ENTITIES for piece in told):
        assert [one for piece in told for one in seen(piece)] == seen(whole)


def test_pieces_are_not_small_without_need() -> None:
    chance = random.Random(3)
    whole = plain(" ".join("".join(chance.choices("abc", k=chance.randint(1, 12))) for _ in range(9000)))
    told = texts(whole, 4096)
    assert len(told) <= units(whole.text) // 4080 + 1
