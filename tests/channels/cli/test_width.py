import io

import pytest

from channels.cli.screen import Screen
from channels.cli.table import print_table
from channels.cli.width import columns_of, cut, padded, wrapped


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
def test_columns_are_those_of_a_terminal(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 4, "日…"), ("abc def", 5, "abc…"), ("abc", 0, "")],
)
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, most: int, kept: str) -> None:
    assert cut(text, most) == kept
    assert columns_of(kept) <= most


def test_padding_fills_up_by_columns() -> None:
    assert padded("日", 4) == "日  "


@pytest.mark.parametrize("columns", ["40", "20", "1", "nonsense"])
def test_a_table_gives_way_in_one_column_however_narrow(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = io.StringIO()
    print_table(Screen(out, None), ("N", "TITLE", "X"), [("1", "t" * 200, "end")], gives_way=1)
    row = out.getvalue().splitlines()[1]
    assert row.startswith("1  t")
    assert row.endswith("…  end")
    assert len(row) <= max(Screen(out, None).width, 8 + 2 + 1 + 2 + 3)


@pytest.mark.parametrize("width", [8, 20, 79])
def test_a_wrapped_line_loses_no_word_and_fits(width: int) -> None:
    text = "one two three 日本語 four, five (six) seven eight nine ten"
    lines = wrapped(text, width, "- ", "  ").split("\n")
    assert all(columns_of(line) <= width for line in lines)
    assert lines[0].startswith("- one")
    assert " ".join(line[2:] for line in lines) == text


def test_a_word_longer_than_the_line_stands_alone() -> None:
    assert wrapped("a /a/long/path/of/many b", 10, "", "  ") == "a\n  /a/long/path/of/many\n  b"
