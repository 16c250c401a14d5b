"""The bundled skills as folders: strict by the standard, and called by the words that people use."""

from pathlib import Path

import pytest
from skills_ref import validate  # type: ignore[import-untyped]

from daemon.domain.skill import Skill
from skills.reader import read_skill
from skills.triggers import best
from tests.skills.bundled.script import BUNDLED

NAMES = ("csv-report", "disk-report", "folder-digest")


def bundled() -> list[Skill]:
    found = [read_skill(BUNDLED / name, "bundled") for name in NAMES]
    return [skill for skill in found if isinstance(skill, Skill)]


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_skill_is_strictly_by_the_standard(name: str) -> None:
    assert validate(BUNDLED / name) == []


def test_nothing_in_a_bundled_skill_is_overlooked() -> None:
    assert {skill.name: skill.warnings for skill in bundled()} == dict.fromkeys(NAMES, ())
    for skill in bundled():
        assert skill.entry == "scripts/report.py"
        assert (Path(skill.folder) / skill.entry).is_file()
        assert (skill.seconds, skill.version, skill.license) == (600, "1", "MIT")


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
