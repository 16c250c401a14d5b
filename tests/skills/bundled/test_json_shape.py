"""The shape of a JSON file: what is told is what is there, and whatever is there, it is told."""

import json
from typing import Any

import pytest

from tests.skills.bundled.script import Desk

SKILL = "json-shape"
RECORDS = [
    {
        "id": index,
        "name": f"Name {index}",
        "mail": f"a{index}@example.org",
        "when": "2026-11-26T06:08:00Z",
        "price": "12" if index % 10 == 0 else index / 4,
        "note": None if index % 5 else "x",
        "tags": ["red", "blue"][: index % 3],
        **({"gift": True} if index % 4 == 0 else {}),
        "by_day": {f"2026-01-{day:02d}": {"n": day} for day in range(1, 29)},
    }
    for index in range(200)
]


def shaped(desk: Desk, data: bytes | str, name: str = "data.json") -> tuple[str, dict[str, Any], str]:
    ended = desk.run(SKILL, "--file", desk.put(name, data.encode() if isinstance(data, str) else data))
    assert (ended.status, ended.errors) == (0, "")
    results = desk.results()
    assert sorted(results) == ["data schema.json", "data shape.md"]
    return results["data shape.md"].decode(), json.loads(results["data schema.json"]), ended.summary


def lines(records: list[Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def row(markdown: str, place: str) -> list[str]:
    """Give the cells of a place, without escapes; none of them has a bar."""
    found = (line.replace("\\", "").strip("| ").split(" | ") for line in markdown.splitlines() if line.startswith("| "))
    return next(cells for cells in found if cells[0] == place)


def test_every_key_is_told_with_its_types_and_how_often_it_is_there(desk: Desk) -> None:
    markdown, _, summary = shaped(desk, lines(RECORDS), "data.jsonl")
    assert summary.splitlines()[0].startswith("data.jsonl: 200 records, ")
    assert summary.splitlines()[1] == "10 keys, 1 of them optional."
    assert "“$.price” has several types: number (140), integer (40), string (20)." in summary
    assert row(markdown, "$.id")[1:] == ["integer", "always", "0 to 199", "0, 1, 2"]
    assert row(markdown, "$.gift")[1:3] == ["boolean", "25 %"]
    assert row(markdown, "$.note")[1:4] == ["null 80 %, string 20 %", "always", 'one of "x", null']
    assert row(markdown, "$.tags[]")[1:4] == ["string", "", 'one of "red", "blue"']
    assert row(markdown, "$.mail")[3].startswith("email; ")
    assert row(markdown, "$.by_day{}.n")[1:4] == ["integer", "always", "1 to 28"]
    assert "is a map" in markdown


def test_the_schema_says_the_same(desk: Desk) -> None:
    _, schema, _ = shaped(desk, json.dumps(RECORDS))
    item = schema["items"]
    assert (schema["type"], item["type"]) == ("array", "object")
    assert item["required"] == ["id", "name", "mail", "when", "price", "note", "tags", "by_day"]
    assert item["properties"]["price"] == {"type": ["number", "string"]}
    assert item["properties"]["note"] == {"type": ["null", "string"]}
    assert item["properties"]["mail"] == {"type": "string", "format": "email"}
    assert item["properties"]["by_day"]["additionalProperties"]["required"] == ["n"]


def test_json_lines_and_a_list_have_the_same_items(desk: Desk) -> None:
    _, whole, _ = shaped(desk, json.dumps(RECORDS))
    _, by_lines, _ = shaped(desk, lines(RECORDS))
    assert {key: by_lines[key] for key in whole["items"]} == whole["items"]


DEEP = 200_000
ODD: dict[str, tuple[str | bytes, str]] = {
    "a text": ('"hello"', "string"),
    "null": ("null", "null"),
    "an empty object": ("{}", "object"),
    "an empty list": ("[]", "array"),
    "deep lists": ("[" * DEEP + "]" * DEEP, "array"),
    "deep objects": ('{"a":' * DEEP + "1" + "}" * DEEP, "object"),
    "keys of JavaScript": ('{"__proto__":{"x":1},"constructor":2,"toString":3,"":4,"a.b":5}', "object"),
    "with a mark": (b'\xef\xbb\xbf{"a":1}', "object"),
    "utf-16": ('{"a":"ä"}'.encode("utf-16"), "object"),
    "damaged utf-8": (b'{"a":"\xff\xfe"}', "object"),
    "half characters": (r'{"\ud800":"\udfff","\u202ex":"\u0000"}', "object"),
    "numbers out of range": ("[1e400,-1e400,123456789012345678901234567890,0.1,-0]", "array"),
    "a million small lists": ("[" + "[]," * 1_000_000 + "[]]", "array"),
    "many keys": (json.dumps({f"k {index}": {f"z{index}": [index]} for index in range(3000)}), "object"),
    "many deep keys": (json.dumps([{f"a{i}": {f"b{i}": {f"c{i}": {f"d{i}": i}}}} for i in range(2000)]), "array"),
}


@pytest.mark.parametrize("name", ODD)
def test_any_json_has_a_shape(desk: Desk, name: str) -> None:
    data, kind = ODD[name]
    markdown, schema, _ = shaped(desk, data)
    assert schema["type"] == kind
    for hidden in ("\u202e", "\0", "\ufeff"):
        assert hidden not in markdown


def test_what_is_written_in_the_file_is_no_markup(desk: Desk) -> None:
    evil = "| `x` <b> [l](http://e.org) *b* $x$"
    markdown, _, _ = shaped(desk, json.dumps({evil: evil}))
    table = markdown.partition("## Every place\n\n")[2].partition("\n\n")[0].splitlines()
    assert len(table) == 4
    assert table[3].replace("\\|", "").count("|") == 6
    assert "\\<b\\> \\[l\\]\\(http\\:" in table[3]


def test_keys_of_javascript_are_keys_like_any_other(desk: Desk) -> None:
    _, schema, _ = shaped(desk, ODD["keys of JavaScript"][0])
    assert list(schema["properties"]) == ["__proto__", "constructor", "toString", "", "a.b"]
    assert schema["required"] == list(schema["properties"])


def test_broken_lines_are_counted_and_left_out(desk: Desk) -> None:
    _, _, summary = shaped(desk, '{"a":1}\n{"a":\n\n{"a":2}\n', "data.jsonl")
    assert summary.startswith("data.jsonl: 2 records")
    assert "1 line is no JSON and left out, the first is line 2." in summary


UNUSABLE = [
    (b"", "empty"),
    (b" \n\n", "empty"),
    (b'{"a": 1,\n "b": 2,}', "line 2, column 9"),
    (b'{"a": [1, 2', "is no JSON"),
    (b"a,b\n1,2\n", "is no JSON"),
    (b"\x89PNG\r\n\x1a\n" + bytes(99), "binary"),
]


@pytest.mark.parametrize(("data", "word"), UNUSABLE)
def test_what_is_no_json_is_refused_in_two_sentences(desk: Desk, data: bytes, word: str) -> None:
    ended = desk.run(SKILL, "--file", desk.put("data.json", data))
    assert ended.status == 1
    assert word in ended.errors
    assert len(ended.errors.splitlines()) == 2
    assert desk.results() == {}


@pytest.mark.parametrize("value", ["", "input/none.json", "/etc/passwd", "input/../../x", "input"])
def test_what_is_no_attached_file_is_refused_in_two_sentences(desk: Desk, value: str) -> None:
    ended = desk.run(SKILL, "--file", value)
    assert ended.status == 1
    assert len(ended.errors.splitlines()) == 2
    assert "Error" not in ended.errors


def test_more_broken_lines_than_others_are_no_json_lines(desk: Desk) -> None:
    ended = desk.run(SKILL, "--file", desk.put("data.jsonl", b'{"a":1}\nx\ny\n'))
    assert ended.status == 1
    assert "2 lines cannot be read, the first is line 2" in ended.errors


def test_the_same_file_gives_the_same_bytes(desk: Desk) -> None:
    shaped(desk, lines(RECORDS))
    first = desk.results()
    shaped(desk, lines(RECORDS))
    assert desk.results() == first
