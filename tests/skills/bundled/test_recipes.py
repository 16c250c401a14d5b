"""The bundled skills as folders: strict by the standard, and called by the words that people use."""

import re
from pathlib import Path

import pytest
from skills_ref import validate  # type: ignore[import-untyped]

from daemon.domain.skill import Skill
from skills.reader import read_skill
from skills.triggers import best
from tests.skills.bundled.script import BUNDLED, entry

SECONDS = {
    "checksum-list": 3600,
    "compare-files": 600,
    "csv-report": 600,
    "disk-report": 600,
    "folder-digest": 600,
    "json-shape": 300,
    "log-digest": 900,
}
NAMES = tuple(SECONDS)


def bundled() -> list[Skill]:
    found = [read_skill(BUNDLED / name, "bundled") for name in NAMES]
    return [skill for skill in found if isinstance(skill, Skill)]


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_skill_is_strictly_by_the_standard(name: str) -> None:
    assert validate(BUNDLED / name) == []


def test_nothing_in_a_bundled_skill_is_overlooked() -> None:
    assert {skill.name: skill.warnings for skill in bundled()} == dict.fromkeys(NAMES, ())
    for skill in bundled():
        assert skill.entry is not None
        assert Path(skill.folder) / skill.entry == entry(skill.name)
        assert (skill.seconds, skill.version, skill.license) == (SECONDS[skill.name], "1", "MIT")


def test_a_skill_that_needs_another_program_says_so() -> None:
    said = {skill.name: skill.compatibility for skill in bundled() if not (skill.entry or "").endswith(".py")}
    assert said["json-shape"] == "needs Node.js 18 or newer"
    assert "bash" in said["checksum-list"]


@pytest.mark.parametrize(
    "goal",
    [
        "report on sales.csv",
        "PDF report of this with a chart",
        "csv report on sales.csv",
        "Make a PDF report from sales.csv",
        "make me a report of sales.csv with charts, please",
        "report with a chart on sales.csv",
        "summarise sales.csv as a PDF",
        "Summarize sales.csv as a pdf with a chart",
        "Please turn sales.csv into a PDF report",
    ],
)
def test_words_for_a_report_of_a_csv_file(goal: str) -> None:
    found = best(bundled(), goal, ("sales.csv",), ())
    assert found is not None
    assert (found.skill.name, found.arguments) == ("csv-report", {"file": "sales.csv"})


@pytest.mark.parametrize("name", ["SALES.CSV", "sales.tsv", "sales.tab", "sales.txt"])
def test_a_report_is_called_for_any_file_that_may_be_a_table(name: str) -> None:
    found = best(bundled(), "report on this", (name,), ())
    assert found is not None
    assert found.arguments == {"file": name}


@pytest.mark.parametrize("goal", ["report on contract.pdf", "report on this", "pdf report", "report on the pdf"])
def test_a_report_on_a_file_that_is_no_table_calls_nothing(goal: str) -> None:
    assert best(bundled(), goal, ("contract.pdf",), ()) is None


@pytest.mark.parametrize("goal", ["disk report", "Weekly disk report", "free disk space"])
def test_words_for_a_disk_report_without_a_folder(goal: str) -> None:
    found = best(bundled(), goal, (), ())
    assert found is not None
    assert (found.skill.name, found.arguments) == ("disk-report", {})


@pytest.mark.parametrize(
    ("goal", "name"),
    [
        ("disk report for /srv/photos", "disk-report"),
        ("weekly disk report of /srv/photos", "disk-report"),
        ("what takes up space in /srv/photos?", "disk-report"),
        ("folder digest of /srv/photos", "folder-digest"),
        ("a digest of /srv/photos, please", "folder-digest"),
        ("What is in /srv/photos?", "folder-digest"),
        ("what's in /srv/photos", "folder-digest"),
    ],
)
def test_words_for_a_folder(goal: str, name: str) -> None:
    found = best(bundled(), goal, (), ("/srv/photos",))
    assert found is not None
    assert (found.skill.name, found.arguments) == (name, {"folder": "/srv/photos"})


@pytest.mark.parametrize("goal", ["report on the economy", "digest", "what is in season", "hello", "report"])
def test_other_words_call_nothing(goal: str) -> None:
    assert best(bundled(), goal, (), ()) is None


@pytest.mark.parametrize(
    ("goal", "name"),
    [
        ("log digest of app.log", "log-digest"),
        ("Log report for app.log, please", "log-digest"),
        ("summarise app.log", "log-digest"),
        ("what went wrong in this log?", "log-digest"),
        ("errors in app.log", "log-digest"),
        ("analyze the log app.log", "log-digest"),
        ("schema of data.json", "json-shape"),
        ("JSON schema for data.json", "json-shape"),
        ("what is the structure of this?", "json-shape"),
        ("which keys are in data.json", "json-shape"),
        ("derive the schema from data.json", "json-shape"),
    ],
)
def test_words_for_a_log_and_for_json(goal: str, name: str) -> None:
    file = {"log-digest": "app.log", "json-shape": "data.json"}[name]
    found = best(bundled(), goal, (file,), ())
    assert found is not None
    assert (found.skill.name, found.arguments) == (name, {"file": file})


@pytest.mark.parametrize(
    "goal",
    [
        "compare old.csv with new.csv",
        "compare the files old.csv and new.csv",
        "differences between old.csv and new.csv",
        "What changed between old.csv and new.csv?",
        "list the differences between old.csv and new.csv",
        "diff old.csv new.csv",
    ],
)
def test_words_for_a_comparison(goal: str) -> None:
    found = best(bundled(), goal, ("new.csv", "old.csv"), ())
    assert found is not None
    assert (found.skill.name, found.arguments) == ("compare-files", {"before": "old.csv", "after": "new.csv"})


def test_a_comparison_takes_the_column_that_is_named() -> None:
    found = best(bundled(), "compare a.csv with b.csv by the column Customer No", ("a.csv", "b.csv"), ())
    assert found is not None
    assert found.arguments == {"before": "a.csv", "after": "b.csv", "key": "Customer No"}


@pytest.mark.parametrize(
    ("goal", "files"),
    [
        ("checksums of /srv/photos", ()),
        ("sha256 of all the files in /srv/photos", ()),
        ("checksum list for the folder /srv/photos", ()),
        ("verify the checksums of /srv/photos", ("old.sha256",)),
        ("check /srv/photos against old.sha256", ("old.sha256",)),
        ("what changed in /srv/photos since old.sha256", ("old.sha256",)),
    ],
)
def test_words_for_checksums(goal: str, files: tuple[str, ...]) -> None:
    found = best(bundled(), goal, files, ("/srv/photos",))
    assert found is not None
    expected = {"folder": "/srv/photos", **({"list": files[0]} if files else {})}
    assert (found.skill.name, found.arguments) == ("checksum-list", expected)


@pytest.mark.parametrize(
    ("goal", "files"),
    [
        # What a model should read, and not a script count.
        ("compare contract.txt with offer.txt", ("contract.txt", "offer.txt")),
        ("compare a.pdf and b.pdf", ("a.pdf", "b.pdf")),
        ("compare old.csv with new.csv by region", ("old.csv", "new.csv")),
        ("compare the prices in old.csv and new.csv", ("old.csv", "new.csv")),
        ("what is the difference between TCP and UDP", ()),
        ("compare these", ("old.csv", "new.csv")),
        ("summarise notes.txt", ("notes.txt",)),
        ("summarise the report", ("report.pdf",)),
        ("errors in essay.txt", ("essay.txt",)),
        ("errors in my thinking", ("app.log",)),
        ("fix the errors in app.log", ("app.log",)),
        ("log in to the server", ("app.log",)),
        ("what went wrong in the meeting", ("app.log",)),
        ("structure of the essay", ("essay.docx",)),
        ("schema of the database", ("data.sqlite",)),
        ("schema of data.csv", ("data.csv",)),
        ("what is in data.json", ("data.json",)),
        ("convert data.json to csv", ("data.json",)),
        ("check /srv/photos", ()),
        ("check this against the contract", ("offer.txt",)),
        ("verify this", ("old.sha256",)),
        ("checksums", ()),
        ("what changed in the law since 2020", ()),
    ],
)
def test_words_that_come_near_call_nothing(goal: str, files: tuple[str, ...]) -> None:
    assert best(bundled(), goal, files, ()) is None


@pytest.mark.parametrize("name", NAMES)
def test_no_two_skills_are_called_by_the_same_words(name: str) -> None:
    (skill,) = (one for one in bundled() if one.name == name)
    values = {"before": "a.csv", "after": "b.csv", "list": "a.sha256", "folder": "/srv/x", "key": "id"}
    for trigger in skill.triggers:
        plain = re.sub(r"\|\S+", "", re.sub(r"\[[^\]]*\]", "", trigger))
        goal = re.sub(r"\{(\w+)\}", lambda slot: values.get(slot[1], f"x{_ending(skill)}"), plain)
        files = ("a.csv", "b.csv") if name == "compare-files" else (f"x{_ending(skill)}", "a.sha256")
        others = [one for one in bundled() if one.name != name]
        assert best(others, goal, files, ()) is None, goal
        found = best(bundled(), goal, files, ())
        assert found is not None, goal
        assert found.skill.name == name


def _ending(skill: Skill) -> str:
    return next((slot.endings[0] for slot in skill.slots if slot.endings), ".csv")
