"""Parquet: the file says itself what its columns hold."""

from pathlib import Path

from skills.report.data.engine import TABLE, Engine, Relation
from skills.report.data.kinds import typed_column
from skills.report.data.table import Table


def open_parquet(path: Path, engine: Engine) -> Table:
    """Look at the file; raises Unusable."""
    source = f"read_parquet({engine.place(path)})"
    found = engine.rows(Relation(source), f"DESCRIBE SELECT * FROM {TABLE}")
    names = [str(row[0]) for row in found]
    columns = [
        typed_column(index, name, str(row[1])) for index, (name, row) in enumerate(zip(names, found, strict=True))
    ]
    # Whatever the columns are called, here they are c0, c1 and so on.
    renamed = Relation(f"{source} AS rows({', '.join(f'c{index}' for index in range(len(names)))})")
    return Table(path.name, "Parquet", path.stat().st_size, renamed, tuple(columns))
