"""The comparison of two files: every difference is told, nothing else is, and nothing in the files is obeyed."""

import csv
import io
import json
import random
from collections.abc import Sequence

import pytest

from tests.skills.bundled import tables
from tests.skills.bundled.script import Desk, load, text

SKILL = "compare-files"
OLD = "id,name,price\n1,Lamp,9.50\n2,Desk,120\n3,Chair,49.00\n4,Rug,80\n"
hunks = load(SKILL, "hunks").hunks


def compared(desk: Desk, before: str | bytes, after: str | bytes, *more: str, ending: str = "csv") -> list[list[str]]:
    slots = [
        desk.put(f"{name}.{ending}", data.encode() if isinstance(data, str) else data)
        for name, data in (("old", before), ("new", after))
    ]
    ended = desk.run(SKILL, "--before", slots[0], "--after", slots[1], *more)
    assert (ended.status, ended.errors) == (0, "")
    assert sorted(desk.results()) == ["old to new differences.csv", "old to new differences.pdf"]
    assert "How they were compared" in text(desk.pdf())
    rows = list(csv.reader(io.StringIO(desk.results()["old to new differences.csv"].decode())))
    assert rows[0] == ["change", "where", "column", "before", "after"]
    return rows[1:]


def test_rows_are_matched_by_key_whatever_the_order_of_rows_and_columns(desk: Desk) -> None:
    new = "price,id,name\n80.0, 4 ,Rug\n48.5,3,Chair\n5,9,Mug\n9.50,1,Lamp\n"
    assert compared(desk, OLD, new) == [
        ["changed", "3", "price", "49.00", "48.5"],
        ["added", "9", "price", "", "5"],
        ["added", "9", "id", "", "9"],
        ["added", "9", "name", "", "Mug"],
        ["removed", "2", "id", "2", ""],
        ["removed", "2", "name", "Desk", ""],
        ["removed", "2", "price", "120", ""],
    ]
    said = text(desk.pdf())
    assert "Rows: 1 added, 1 removed, 1 changed, 2 the same." in said
    assert "The sum of “price” went from 258.50 to 143.00." in said
    assert "1 number is written differently and equal (1.5 and 1.50)." in said


def test_equal_files_are_told_to_be_equal(desk: Desk) -> None:
    assert compared(desk, OLD, OLD) == []
    assert "Nothing is different: 4 rows in both." in text(desk.pdf())


def test_codes_with_leading_zeros_are_no_numbers(desk: Desk) -> None:
    found = compared(desk, "id,code\na,007\nb,1\n", "id,code\na,7\nb,1\n")
    assert found == [["changed", "a", "code", "007", "7"]]


def test_a_key_of_several_columns_can_be_named(desk: Desk) -> None:
    old, new = "day,shop,n\n1,a,5\n1,b,6\n2,a,7\n", "day,shop,n\n2,a,7\n1,a,5\n1,b,9\n"
    assert compared(desk, old, new, "--key", "Day and SHOP") == [["changed", "1 · b", "n", "6", "9"]]


def test_a_pair_of_columns_is_found_where_no_column_is_a_key(desk: Desk) -> None:
    old, new = "day,shop,n\n1,a,5\n1,b,5\n2,a,7\n", "day,shop,n\n2,a,7\n1,a,5\n1,b,9\n"
    assert compared(desk, old, new) == [["changed", "1 · b", "n", "5", "9"]]


def test_whole_rows_are_compared_where_nothing_is_a_key(desk: Desk) -> None:
    found = compared(desk, "a,b\nx,y\nx,y\nx,z\nx,z\n", "a,b\nx,z\nx,z\nx,y\nq,y\n")
    assert found == [
        ["added", "row 4", "a", "", "q"], ["added", "row 4", "b", "", "y"],
        ["removed", "row 2", "a", "x", ""], ["removed", "row 2", "b", "y", ""],
    ]  # fmt: skip


def test_rows_that_repeat_a_key_are_matched_in_their_order(desk: Desk) -> None:
    found = compared(desk, "id,n\n1,a\n1,b\n2,c\n", "id,n\n1,a\n1,x\n2,c\n", "--key", "id")
    assert found == [["changed", "1 · (2)", "n", "b", "x"]]


def test_columns_that_came_or_went_are_told(desk: Desk) -> None:
    assert compared(desk, "id,a\n1,x\n2,y\n", "id,b\n1,x\n2,y\n") == []
    said = text(desk.pdf())
    assert "Columns that are new: “b”." in said
    assert "Columns that are gone: “a”." in said


def test_encodings_and_separators_make_no_difference(desk: Desk) -> None:
    old = "id;ort\n1;Köln\n2;Bonn\n".encode("cp1252")
    new = "id,ort\n1,Köln\n2,Ulm\n".encode("utf-16")
    assert compared(desk, old, new) == [["changed", "2", "ort", "Bonn", "Ulm"]]


def test_json_records_are_rows_and_other_json_is_compared_by_paths(desk: Desk) -> None:
    old = [{"id": 1, "at": {"x": 1}, "v": "5"}, {"id": 2, "at": {"x": 2}, "v": None}]
    new = [{"id": 2, "at": {"x": 2}, "v": ""}, {"id": 1, "at": {"x": 9}, "v": 5}]
    assert compared(desk, json.dumps(old), json.dumps(new), ending="json") == [
        ["changed", "1", "at.x", "1", "9"],
        ["changed", "1", "v", '"5"', "5"],
        ["changed", "2", "v", "null", '""'],
    ]
    found = compared(desk, '{"a":{"b":[1,2]},"c d":true}', '{"c d":false,"a":{"b":[1,2,3]}}', ending="json")
    assert ["changed", '"c d"', "value", "true", "false"] in found
    assert ["added", "a.b[2]", "value", "", "3"] in found


def test_json_lines_are_rows(desk: Desk) -> None:
    found = compared(desk, '{"id":1,"n":1}\n{"id":2,"n":2}\n', '{"id":1,"n":1}\n{"id":2,"n":3}\n', ending="jsonl")
    assert found == [["changed", "2", "n", "2", "3"]]


def test_texts_are_compared_by_lines(desk: Desk) -> None:
    found = compared(desk, "a\nb\nc\nd\n", "a\nX\nc\nd\ne\n", ending="conf")
    assert found == [
        ["removed", "line 2", "", "b", ""], ["added", "line 2", "", "", "X"], ["added", "line 5", "", "", "e"],
    ]  # fmt: skip


def rebuilt(old: Sequence[str], found: Sequence[object]) -> list[str]:
    lines: list[str] = []
    at = 0
    for hunk in found:
        begin = hunk.before - 1  # type: ignore[attr-defined]
        removed, added = hunk.removed, hunk.added  # type: ignore[attr-defined]
        lines += old[at:begin]
        assert len(lines) == hunk.after - 1  # type: ignore[attr-defined]
        assert tuple(old[begin : begin + len(removed)]) == removed
        lines += added
        at = begin + len(removed)
    return lines + list(old[at:])


def test_hunks_turn_the_old_lines_into_the_new_ones() -> None:
    draw = random.Random(1)
    for _ in range(800):
        old = [draw.choice("abcde") for _ in range(draw.randint(0, 14))]
        new = [line for line in old if draw.random() > 0.2]
        for _ in range(draw.randint(0, 3)):
            new.insert(draw.randint(0, len(new)), draw.choice("abcdefg"))
        found, same = hunks(old, new)
        assert rebuilt(old, found) == new
        assert same == len(old) - sum(len(hunk.removed) for hunk in found)


def test_few_edits_among_lines_that_repeat_are_found_exactly() -> None:
    draw = random.Random(2)
    old = [f"line {draw.randint(0, 300)}" for _ in range(20_000)]
    new = list(old)
    for place in (19_000, 12_000, 500):
        del new[place]
    found, same = hunks(old, new)
    assert (len(found), same) == (3, 19_997)


def test_lines_without_any_order_end_the_search_and_not_the_patience() -> None:
    old = ["{" if index % 2 else "}" for index in range(30_000)]
    new = ["}" if index % 3 else "{" for index in range(30_000)]
    found, _ = hunks(old, new)
    assert rebuilt(old, found) == new


def test_a_cell_cannot_be_a_formula_in_the_csv_nor_markup_in_the_pages(desk: Desk) -> None:
    old = tables.written([("id", "v"), *((index, "x") for index in range(len(tables.MARKUP) + 4))])
    evil = (*tables.MARKUP, '=HYPERLINK("http://e.org")', "@SUM(1)", "-1+cmd|' /C calc'!A0", "\u202e\x1b[31m")
    new = tables.written([("id", "v"), *enumerate(evil)])
    found = compared(desk, old, new)
    assert [row[4] for row in found[len(tables.MARKUP) : -1]] == [f"'{cell}" for cell in evil[-4:-1]]
    assert found[-1][4] == "\\u202e\\x1b[31m"
    assert '#read("/etc/passwd")' in text(desk.pdf())


@pytest.mark.parametrize("name", ["ragged", "unclosed quote", "one cell", "long words"])
def test_any_table_can_be_compared_with_any_other(desk: Desk, name: str) -> None:
    compared(desk, tables.ODD[name], tables.ODD["months"])


UNUSABLE = [
    ("old.csv", "new.csv", OLD.encode(), b"PK\x03\x04" + bytes(99), "Excel"),
    ("old.csv", "new.csv", OLD.encode(), bytes(range(32)) * 99, "binary"),
    ("old.json", "new.json", b'{"a":1}', b'{"a":1,\n "b":}', "line 2, column 6"),
    ("old.json", "new.json", b"[" * 100_000, b"{}", "nested too deeply"),
    ("old.json", "new.json", b"1" * 5000, b"{}", "cannot be read as JSON"),
    ("old.jsonl", "new.jsonl", b'{"a":1}\n{"a"\n', b"{}", "line 2"),
    ("old.csv", "old.csv", OLD.encode(), OLD.encode(), "given twice"),
]


@pytest.mark.parametrize(("first", "second", "before", "after", "word"), UNUSABLE)
def test_what_cannot_be_compared_is_refused_in_two_sentences(
    desk: Desk, first: str, second: str, before: bytes, after: bytes, word: str
) -> None:
    ended = desk.run(SKILL, "--before", desk.put(first, before), "--after", desk.put(second, after))
    assert ended.status == 1
    assert word in ended.errors
    assert len(ended.errors.splitlines()) == 2
    assert desk.results() == {}


def test_a_key_that_is_no_column_is_refused_with_the_columns_there_are(desk: Desk) -> None:
    slots = [desk.put(name, OLD.encode()) for name in ("old.csv", "new.csv")]
    ended = desk.run(SKILL, "--before", slots[0], "--after", slots[1], "--key", "number")
    assert ended.status == 1
    assert "“number” is no column that both files have." in ended.errors
    assert "Columns in both: id, name, price." in ended.errors


def test_the_same_files_give_the_same_bytes(desk: Desk) -> None:
    data = tables.sales(40)
    compared(desk, data, data.replace(b"North", b"South"))
    first = desk.results()
    compared(desk, data, data.replace(b"North", b"South"))
    assert desk.results() == first
