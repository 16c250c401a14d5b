"""Whatever the text is: it is read, and Telegram takes it."""

import random
import time

import pytest
from hypothesis import given, settings

from channels.telegram.text.chunks import chunks
from channels.telegram.text.formatted import code, joined, plain, quote
from channels.telegram.text.markdown import from_markdown, read
from channels.telegram.text.pieces import pieces
from tests.channels.telegram.text.checker import faults
from tests.channels.telegram.text.samples import any_text, made


@given(any_text)
@settings(max_examples=400, deadline=None)
def test_every_text_is_read_and_taken(text: str) -> None:
    assert faults(read(text)) == []
    assert from_markdown(text).text == read(text).text


@given(any_text)
@settings(deadline=None)
def test_so_is_what_is_made_of_it(text: str) -> None:
    told = from_markdown(text)
    for made_of_it in (plain(text), code(text, "x"), quote(told), quote(quote(told))):
        assert faults(made_of_it) == []
    whole = joined([plain(text), told, quote(told), code(text)])
    assert [faults(piece, 200) for piece in pieces(whole, 200) if faults(piece, 200)] == []


def test_long_texts_are_read_too() -> None:
    chance = random.Random(7)
    for _ in range(4):
        told = read(made(chance, 8000))
        assert faults(told) == []
        assert [faults(piece, 4096) for piece in pieces(told) if faults(piece, 4096)] == []


HOSTILE = {
    "brackets": "[" * 1_000_000,
    "pairs of brackets": "[" * 500_000 + "]" * 500_000,
    "images": "![" * 500_000,
    "quotations": ">" * 1_000_000,
    "lines of a quotation": ">" * 60 + "a\n" * 500_000,
    "lists": "- " * 500_000,
    "stars": "*a_ " * 250_000,
    "ticks": "".join("e" + "`" * many for many in range(1, 1400)),
    "dollars": "$a " * 333_000,
    "one word": "😀" * 1_000_000,
    "rows": "|a|b\n|-|-\n" * 100_000,
    "blanks": " \n" * 500_000,
    "code": "```\n" + "a  b\n" * 200_000,
}


@pytest.mark.parametrize("text", [pytest.param(text[:200_000], id=name) for name, text in HOSTILE.items()])
def test_time_grows_with_the_length_and_no_faster(text: str) -> None:
    began = time.process_time()
    told = pieces(read(text))
    # A million characters of the worst take eleven seconds.
    assert time.process_time() - began < 20
    assert [faults(piece, 4096) for piece in told if faults(piece, 4096)] == []


def test_a_megabyte_as_models_write_it_takes_seconds() -> None:
    page = "# Head\n\nSome **words** and `code`, [a link](http://a.bc).\n\n- one\n- two\n\n" + "More words. " * 40
    began = time.process_time()
    told = read(f"{page}\n\n" * 1700)
    assert time.process_time() - began < 20
    assert sum(one.type == "text_link" for one in told.entities) == 1700
    assert sum(one.type == "bold" for one in told.entities) == 3400


def test_a_text_that_is_cut_loses_nothing() -> None:
    text = "\n\n".join(f"- item {number} " + "word " * 30 for number in range(2000))
    assert "\n\n".join(chunk.text for chunk in chunks(text)).split() == text.split()
    code_text = "```py\n" + "".join(f"line {number}\n" for number in range(5000)) + "```\n**b**"
    told = read(code_text)
    assert [one.type for one in told.entities][-1] == "bold"
    assert {one.language for one in told.entities[:-1]} == {"py"}
    assert told.text.split() == [*(word for number in range(5000) for word in ("line", str(number))), "b"]
    assert read("x" * 100_000).text == "x" * 100_000
