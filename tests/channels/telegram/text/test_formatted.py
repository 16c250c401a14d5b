import subprocess
import sys

import pytest

from channels.telegram.text.characters import cleaned
from channels.telegram.text.formatted import Entity, Formatted, code, joined, plain, quote, units
from tests.channels.telegram.text.checker import faults


def test_units_are_those_of_utf_16() -> None:
    assert [units(text) for text in ("abc", "日本", "😀", "e\u0301", "\ud83d")] == [3, 2, 2, 2, 1]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("a\ud800b\udc00", "a\ufffdb\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("a\x1bb\x0cc\vd", "a b c d"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("A\u030a a\u030a", "Å å"),
        ("x\u0333\u030a", "x\ufffd\ufffd"),
    ],
)
def test_what_telegram_would_take_out_is_gone_before(text: str, kept: str) -> None:
    assert cleaned(text) == kept


def test_a_plain_text_is_trimmed_as_telegram_trims_it() -> None:
    assert plain("\n \ta\tb \n") == Formatted("a b")


def test_code_keeps_its_language_and_the_indentation_of_its_first_line() -> None:
    told = code("\n  if x:\n\treturn\n", "python")
    assert told == Formatted("\u00a0\u00a0if x:\n    return", (Entity("pre", 0, 18, language="python"),))
    assert code(" \n ") == Formatted("")


def test_a_quote_holds_no_quote() -> None:
    inner = joined([quote(plain("a")), Formatted("b", (Entity("bold", 0, 1),))])
    assert quote(inner).entities == (Entity("blockquote", 0, 4), Entity("bold", 3, 1))
    assert quote(plain("")) == Formatted("")


@pytest.mark.parametrize("text", ["a" * 601, "a\n" * 11])
def test_a_long_quote_can_be_unfolded(text: str) -> None:
    assert quote(plain(text)).entities[0].type == "expandable_blockquote"


def test_joining_moves_entities_by_units_and_leaves_out_empty_texts() -> None:
    whole = joined([plain("😀"), plain(""), code("x"), quote(code("😀"))], "\n")
    assert whole.text == "😀\nx\n😀"
    assert whole.entities == (Entity("pre", 3, 1), Entity("blockquote", 5, 2), Entity("pre", 5, 2))
    assert faults(whole) == []
    assert joined([]) == Formatted("")


def test_a_formatted_text_costs_no_parser() -> None:
    asked = "import sys; from channels.telegram.text.{} import {}; print('markdown_it' in sys.modules)"
    for module, name in (("formatted", "Formatted"), ("pieces", "pieces")):
        told = subprocess.run(
            [sys.executable, "-c", asked.format(module, name)], capture_output=True, text=True, check=True
        )
        assert told.stdout == "False\n"
