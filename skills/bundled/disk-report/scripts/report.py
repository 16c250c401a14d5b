"""Report on disks and, where one is given, on a folder: `report.py --folder /srv/files`. Changes nothing."""

from pathlib import Path

from filesystems import file_systems
from findings import findings
from pages import document
from usage import measure

from skills.report.quantity import counted, size
from skills.report.script import now, progress, result_path, run, slots
from skills.report.typeset import typeset
from skills.report.visible import BREAK
from skills.report.walk import Walk


def main() -> str:
    """Look, write the PDF, and give the summary for the owner."""
    folder = slots("Make a report of disk usage.", "folder")["folder"]
    walk = Walk(folder) if folder else None
    progress(2, "Looking at the file systems")
    systems = file_systems(["/", "/usr", str(Path.cwd())], asked=folder)
    usage = None
    if walk is not None:
        progress(5, "Counting files")
        usage = measure(walk, now(), lambda count: progress(5 + min(80, count / 10_000), f"{count:,} files counted"))
    standing_out = findings(systems, usage)
    progress(88, "Setting the pages")
    stem = f"{Path(usage.title).name or 'root'} " if usage else ""
    result = result_path(f"{stem}disk report", ".pdf")
    result.write_bytes(typeset(document(systems, usage, standing_out, now())))
    progress(100, "Done")
    lines = list(standing_out[:3])
    if usage is not None:
        files = counted(usage.root.files, "file")
        lines = [f"{usage.title} takes {size(usage.root.allocated)} in {files}.", *standing_out[:2]]
    return "\n".join(lines).replace(BREAK, "")


if __name__ == "__main__":
    run(main)
