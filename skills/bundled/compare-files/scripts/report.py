"""Compare two files: `report.py --before input/old.csv --after input/new.csv [--key id]`."""

from pathlib import Path

from comparison import Comparison, compare
from content import load
from findings import findings
from pages import document
from spreadsheet import spreadsheet

from skills.report.script import Unusable, now, progress, result_path, run, slots, workspace_file
from skills.report.typeset import typeset
from skills.report.visible import BREAK, visible


def main() -> str:
    """Read both files, write the PDF and the CSV, and give the summary for the owner."""
    given = slots("Compare two files.", "before", "after", "key")
    paths = [workspace_file(given[name]) for name in ("before", "after")]
    if paths[0].samefile(paths[1]):
        raise Unusable(
            f"“{visible(paths[0].name)}” was given twice.", "Attach both versions, and name the older first."
        )
    progress(2, "Reading the files")
    before, after = load(paths[0]), load(paths[1])
    progress(35, "Comparing")
    found = compare(before, after, given["key"])
    progress(75, "Setting the pages")
    write(found, paths)
    progress(100, "Done")
    return "\n".join((f"{before.name} → {after.name}", *findings(found)[:2])).replace(BREAK, "")


def write(found: Comparison, paths: list[Path]) -> None:
    """Write both results; names that are equal but for their folders do not occur, since attached files lie in one."""
    stem = f"{paths[0].stem[:50]} to {paths[1].stem[:50]} differences"
    result_path(stem, ".pdf").write_bytes(typeset(document(found, now())))
    result_path(stem, ".csv").write_text(spreadsheet(found), encoding="utf-8", errors="replace", newline="")


if __name__ == "__main__":
    run(main)
