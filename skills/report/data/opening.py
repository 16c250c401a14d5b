"""Which reader a file needs, by its first bytes."""

from pathlib import Path

from skills.report.data.csv_table import open_csv
from skills.report.data.engine import Engine
from skills.report.data.json_table import is_json, open_json
from skills.report.data.parquet_table import open_parquet
from skills.report.data.sqlite_table import open_sqlite
from skills.report.data.table import Table
from skills.report.data.workbook import open_workbook
from skills.report.script import Unusable
from skills.report.visible import visible

_ENDINGS_OF_JSON = (".json", ".jsonl", ".ndjson", ".jsonlines", ".geojson")


def open_table(path: Path, wanted: str | None, engine: Engine) -> Table:
    """Open the table in a file, or the sheet, list or table `wanted` of several; raises Unusable."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise Unusable(f"“{visible(path.name)}” is empty.", "Name a file with data in it.")
    if head.startswith(b"PAR1"):
        return open_parquet(path, engine)
    if head.startswith(b"SQLite format 3\0"):
        return open_sqlite(path, wanted, engine)
    if head.startswith(b"PK\x03\x04"):
        return open_workbook(path, wanted, engine)
    if path.suffix.lower() in _ENDINGS_OF_JSON or (is_json(head) and path.suffix.lower() not in (".csv", ".tsv")):
        return open_json(path, wanted, engine)
    return open_csv(path, engine)
