import io

import pytest

from channels.cli.screen import Screen
from channels.cli.table import print_table
from channels.cli.width import columns_of, cut, padded


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
