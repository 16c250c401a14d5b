"""JSON: lines of objects, a list of objects, or one object that has lists of objects in it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from skills.report.data.engine import TABLE, Engine, Relation, quoted
from skills.report.data.kinds import SAMPLE_ROWS, columns_of
from skills.report.data.table import Table
from skills.report.script import Unusable
from skills.report.visible import clipped, one_line

_LARGEST_OBJECT = 64 * 1024 * 1024
_MOST_COLUMNS = 1000
_WHITE = b" \t\r\n\xef\xbb\xbf"


def open_json(path: Path, wanted: str | None, engine: Engine) -> Table:
    """Look at the file; `wanted` names a list within one object; raises Unusable."""
    lines = path.suffix.lower() in (".jsonl", ".ndjson", ".jsonlines")
    options = "format='newline_delimited', ignore_errors=true" if lines else "format='auto'"
    whole = f"read_json_objects({engine.place(path)}, maximum_object_size={_LARGEST_OBJECT}, {options})"
    lists = [] if lines else _lists(Relation(whole), engine)
    name = _chosen(path, wanted, lists)
    objects = whole
    if name is not None:
        pointer = quoted("/" + name.replace("~", "~0").replace("/", "~1"))
        objects = f"(SELECT unnest(CAST(json_extract(json, {pointer}) AS JSON[])) AS json FROM {whole})"
    keys = _keys(engine.rows(Relation(objects), f"SELECT json_keys(json) FROM {TABLE} LIMIT {SAMPLE_ROWS}"))
    relation = Relation(_flat(objects, keys))
    names = list(keys) or ["value"]
    head = ", ".join(f"c{index}" for index in range(len(names)))
    rows = engine.rows(relation, f"SELECT {head} FROM {TABLE} LIMIT {SAMPLE_ROWS}")
    columns = columns_of(names, [[cell or "" for cell in row] for row in rows], False, engine)
    about = "JSON lines" if lines else f"JSON, the list “{name}”" if name else "JSON"
    remarks = [f"It has these lists; table= chooses: {', '.join(lists)}."] if len(lists) > 1 else []
    return Table(path.name, about, path.stat().st_size, relation, tuple(columns), tuple(remarks))


def is_json(head: bytes) -> bool:
    """Tell JSON by its first bytes."""
    return head.lstrip(_WHITE)[:1] in (b"{", b"[")


def _lists(whole: Relation, engine: Engine) -> list[str]:
    """Name the lists of objects in the one object that the file is; none where it is several."""
    rows = engine.rows(whole, f"SELECT json_type(json), json_keys(json) FROM {TABLE} LIMIT 2")
    if len(rows) != 1 or rows[0][0] != "OBJECT":
        return []
    names = [str(name) for name in rows[0][1][:_MOST_COLUMNS]]
    if not names:
        return []
    paths = ["/" + name.replace("~", "~0").replace("/", "~1") for name in names]
    kinds = ", ".join(f"json_type(json, {quoted(path)}), json_type(json, {quoted(path + '/0')})" for path in paths)
    (found,) = engine.rows(whole, f"SELECT {kinds} FROM {TABLE}")
    pairs = zip(names, found[0::2], found[1::2], strict=True)
    return [name for name, outer, inner in pairs if (outer, inner) == ("ARRAY", "OBJECT")]


def _chosen(path: Path, wanted: str | None, lists: list[str]) -> str | None:
    if wanted is not None and wanted not in lists:
        there = f"There are: {', '.join(lists)}." if lists else "Leave it out."
        raise Unusable(f"“{path.name}” has no list of objects “{clipped(one_line(wanted), 80)}”.", there)
    return wanted if wanted is not None else lists[0] if lists else None


def _keys(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    keys = dict.fromkeys(str(key) for row in rows for key in row[0] or ())
    return [key for key in keys if key][:_MOST_COLUMNS]


def _flat(objects: str, keys: list[str]) -> str:
    if not keys:
        return f"(SELECT json_extract_string(json, '$') AS c0 FROM {objects})"
    paths = ", ".join(quoted("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys)
    cells = ", ".join(f"found[{index + 1}] AS c{index}" for index in range(len(keys)))
    # Without an object there is nothing to extract: such lines are not counted.
    inner = f"SELECT json_extract_string(json, [{paths}]) AS found FROM {objects} WHERE json_type(json) = 'OBJECT'"
    return f"(SELECT {cells} FROM ({inner}))"
