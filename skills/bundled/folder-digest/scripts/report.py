"""Make a digest of a folder: `report.py --folder /srv/files`. Changes nothing in it."""

from contents import collect
from excerpt import title_of
from findings import findings
from markdown import markdown
from pages import document

from skills.report.quantity import counted, size
from skills.report.script import now, progress, result_path, run, slots
from skills.report.typeset import typeset
from skills.report.visible import BREAK
from skills.report.walk import Walk


def main() -> str:
    """Look through the folder, write the PDF and the Markdown, and give the summary for the owner."""
    folder = slots("Make a digest of what is in a folder.", "folder")["folder"]
    walk = Walk(folder)
    progress(5, "Looking through the folder")
    contents = collect(walk, progress)
    created = now()
    standing_out = findings(contents, created)
    progress(88, "Setting the pages")
    stem = f"{title_of(contents.title)} digest"
    result_path(stem, ".pdf").write_bytes(typeset(document(contents, standing_out, created)))
    text = markdown(contents, standing_out, created)
    result_path(stem, ".md").write_text(text, encoding="utf-8", errors="replace")
    progress(100, "Done")
    root = contents.root
    totals = f"{counted(root.files, 'file')} in {counted(root.folders, 'folder')}, {size(contents.size)}"
    return "\n".join((f"{contents.title}: {totals}.", *standing_out[:2])).replace(BREAK, "")


if __name__ == "__main__":
    run(main)
