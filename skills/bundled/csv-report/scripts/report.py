"""Make a report of a CSV file: `report.py --file input/sales.csv`."""

from pathlib import Path

from findings import findings
from measurement import measure
from pages import document
from survey import survey

from skills.report.data.source import Source
from skills.report.quantity import counted, size
from skills.report.script import now, progress, result_path, run, seed, slots, workspace_file
from skills.report.typeset import typeset
from skills.report.visible import BREAK


def main() -> str:
    """Read the file, write the PDF, and give the summary for the owner."""
    given = slots("Make a PDF report of a CSV file.", "file")
    path = workspace_file(given["file"])
    progress(2, "Looking at the file")
    return make(path)


def make(path: Path) -> str:
    """Report on the file at `path`."""
    source = Source(path)
    surveyed = survey(source, seed())
    measured = measure(surveyed, seed())
    series = measured.series()
    standing_out = findings(surveyed, measured, series)
    progress(86, "Setting the pages")
    result = result_path(path.stem, " report.pdf")
    result.write_bytes(typeset(document(surveyed, measured, series, standing_out, now())))
    progress(100, "Done")
    columns = counted(len(surveyed.names), "column")
    first = f"{source.name}: {counted(surveyed.rows, 'row')}, {columns}, {size(source.bytes)}."
    return "\n".join((first, *standing_out[:2])).replace(BREAK, "")


if __name__ == "__main__":
    run(main)
