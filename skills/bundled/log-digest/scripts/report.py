"""Make a digest of a log file: `report.py --file input/app.log`."""

from bursts import find_bursts
from findings import findings
from markdown import markdown
from pages import document
from source import Source
from survey import survey

from skills.report.quantity import counted, size
from skills.report.script import now, progress, result_path, run, slots, workspace_file
from skills.report.typeset import typeset
from skills.report.visible import BREAK


def main() -> str:
    """Read the file, write the PDF and the Markdown, and give the summary for the owner."""
    given = slots("Make a digest of a log file.", "file")
    source = Source(workspace_file(given["file"]))
    created = now()
    progress(2, "Reading the log")
    found = survey(source, created, lambda part: progress(2 + 63 * part, "Reading the log"))
    bursts = find_bursts(source, found, created, lambda part: progress(65 + 20 * part, "Looking at bursts of errors"))
    standing_out = findings(found, bursts)
    progress(88, "Setting the pages")
    stem = f"{source.stem} digest"
    result_path(stem, ".pdf").write_bytes(typeset(document(found, bursts, standing_out, created)))
    text = markdown(found, bursts, standing_out, created)
    result_path(stem, ".md").write_text(text, encoding="utf-8", errors="replace")
    progress(100, "Done")
    first = f"{source.name}: {counted(found.lines, 'line')}, {size(source.bytes)}{found.period_words()}."
    return "\n".join((first, *standing_out[:2])).replace(BREAK, "")


if __name__ == "__main__":
    run(main)
