import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from skills_ref import validate  # type: ignore[import-untyped]

from daemon.domain.errors import AgentError, BadInput, InvalidState
from daemon.domain.skill import Skill, Slot, SlotKind
from skills import writer
from skills.reader import folder_digest
from skills.writer import NewSkill, skill_md, write_skill
from tests.skills.folders import load

NEW = NewSkill(
    name="csv-report",
    description='Makes a "PDF" report: of a CSV file -- and --- more #1. Für Übersichten: 表.',
    body="# Report\n\n---\n\nUse `it`.\n",
    entry="scripts/report.py",
    files={"scripts/report.py": b"print(1)\n", "data/a.bin": bytes(range(256)), "README.md": b""},
    triggers=("report on {file}", "[pdf] report of {file} [with a chart]"),
    slots=(
        Slot("file", SlotKind.FILE, endings=(".csv", ".tsv")),
        Slot("path", SlotKind.FOLDER, required=False, default="~"),
        Slot("rows", SlotKind.NUMBER, required=False, default="10"),
        Slot("title", SlotKind.TEXT, required=False, default="a: b #c"),
        Slot("note", SlotKind.TEXT, required=False),
    ),
    version="1.0",
    seconds=60,
    license="MIT",
    compatibility="Python 3.11: or newer",
)


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    skill = write_skill(NEW, tmp_path / "new" / "library", "owner")
    assert skill == load(tmp_path / "new" / "library" / "csv-report")
    assert skill.warnings == ()
    for name in ("name", "description", "entry", "triggers", "slots", "version", "seconds", "license", "compatibility"):
        assert getattr(skill, name) == getattr(NEW, name)
    assert skill.body == NEW.body.strip()
    assert skill.digest == folder_digest(Path(skill.folder))
    assert (Path(skill.folder) / "data" / "a.bin").read_bytes() == bytes(range(256))


@pytest.mark.parametrize(
    "new",
    [
        NEW,
        NewSkill("a", "d", "b"),
        NewSkill("a" * 64, "d" * 1024, "---\n---"),
        replace(NEW, description="'" * 3 + '"' * 3 + "\\" * 3 + "-" * 9 + "{}[]&*!|>%@`"),
        replace(NEW, description="null"),
        replace(NEW, description="- a: b"),
    ],
    ids=lambda new: repr(new.description[:10]),
)
def test_what_is_written_passes_the_standards_own_checker(new: NewSkill, tmp_path: Path) -> None:
    skill = write_skill(new, tmp_path, "owner")
    assert validate(Path(skill.folder)) == []
    command = Path(sys.executable).with_name("agentskills")
    done = subprocess.run([command, "validate", skill.folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_entry_is_executable(tmp_path: Path) -> None:
    folder = Path(write_skill(NEW, tmp_path, "owner").folder)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {"report.py": 0o755, "SKILL.md": 0o644, "a.bin": 0o644, "README.md": 0o644}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "cannot be the name"),
        ({"name": "Report"}, "cannot be the name"),
        ({"name": "../x"}, "cannot be the name"),
        ({"name": "a--b"}, "cannot be the name"),
        ({"name": "-a"}, "cannot be the name"),
        ({"name": "a" * 65}, "cannot be the name"),
        ({"name": "a\x1b[31m"}, "cannot be the name"),
        ({"name": "é"}, "cannot be the name"),
        ({"description": ""}, "no description"),
        ({"description": "  "}, "no description"),
        ({"description": "d" * 1025}, "more than 1024"),
        ({"description": "a\nname: b"}, "line breaks"),
        ({"description": "a\x1b[31m"}, "line breaks or control"),
        ({"description": "a\u202eb"}, "line breaks or control"),
        ({"body": " \n"}, "no text"),
        ({"body": "a\x1b[31m"}, "escape codes"),
        ({"body": "a\x00"}, "escape codes"),
        ({"body": "a" * (1024 * 1024)}, "longer than 1 MiB"),
        ({"license": "a\nb"}, "line breaks"),
        ({"compatibility": "c" * 501}, "more than 500"),
        ({"version": "1\n"}, "line breaks"),
        ({"seconds": 0}, "0 seconds"),
        ({"seconds": 86_401}, "86401 seconds"),
        ({"entry": "../../etc/x.py"}, "leaves the folder"),
        ({"entry": "/etc/x.py"}, "leaves the folder"),
        ({"entry": "missing.py"}, "not among the files"),
        ({"entry": "data/a.bin"}, "does not end in"),
        ({"entry": None}, "no script that runs"),
        ({"files": {"../x": b""}}, "cannot be a file"),
        ({"files": {"/x": b""}}, "cannot be a file"),
        ({"files": {"a//b": b""}}, "cannot be a file"),
        ({"files": {"./a": b""}}, "cannot be a file"),
        ({"files": {"": b""}}, "cannot be a file"),
        ({"files": {"a\nb": b""}}, "cannot be a file"),
        ({"files": {"skill.md": b""}}, "cannot be a file"),
        ({"files": {"a" * 256: b""}}, "cannot be a file"),
        ({"files": {"/".join("a" * 14): b""}}, "cannot be a file"),
        ({"files": {"scripts/report.py": b"", "scripts": b""}}, "both a file and a folder"),
        ({"files": {"scripts/report.py": b"", "big": bytes(65 * 1024 * 1024)}}, "more than 64 MiB"),
        ({"triggers": ("report\n---",)}, "line breaks"),
        ({"triggers": ("--- {file}",)}, "cannot be a line"),
        ({"triggers": (" report",)}, "cannot be a line"),
        ({"triggers": ("",)}, "cannot be a line"),
        ({"triggers": ("{file}",)}, "no word that must be said"),
        ({"triggers": ("report {other}",)}, "not declared"),
        ({"triggers": ("report", "report")}, "something else"),
        ({"slots": (Slot("File", SlotKind.FILE),)}, "not of the form"),
        ({"slots": (Slot("file", SlotKind.FILE), Slot("t", SlotKind.TEXT, False, '"x"'))}, "something else"),
        ({"slots": (Slot("file", SlotKind.FILE), Slot("t", SlotKind.TEXT, False, "a\nb"))}, "line breaks"),
        ({"slots": (Slot("file", SlotKind.FILE), Slot("t", SlotKind.TEXT, True, "ignored"))}, "something else"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_what_the_standard_or_our_keys_refuse_is_not_written(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput) as caught:
        write_skill(replace(NEW, **change), tmp_path / "library", "owner")  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert caught.value.fix
    assert [path.name for path in tmp_path.rglob("*") if path.name != "library"] == []


def test_a_skill_that_is_there_already_is_kept(tmp_path: Path) -> None:
    before = write_skill(NEW, tmp_path, "owner")
    with pytest.raises(InvalidState, match="already"):
        write_skill(replace(NEW, description="Other."), tmp_path, "owner")
    assert load(Path(before.folder)) == before
    assert os.listdir(tmp_path) == ["csv-report"]  # noqa: PTH208


def test_a_dangling_link_of_that_name_is_kept(tmp_path: Path) -> None:
    (tmp_path / "csv-report").symlink_to("/nowhere")
    with pytest.raises(InvalidState):
        write_skill(NEW, tmp_path, "owner")
    assert (tmp_path / "csv-report").is_symlink()


def test_a_failure_at_any_moment_leaves_no_half_skill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original, left = os.fsync, 0

    def failing(descriptor: int) -> None:
        nonlocal left
        if left == 0:
            raise OSError(28, "No space left on device")
        left -= 1
        original(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    failures = 0
    for allowed in range(50):
        left = allowed
        try:
            write_skill(NEW, tmp_path, "owner")
        except OSError:
            failures += 1
            present = (tmp_path / "csv-report").exists()
            assert [path.name for path in tmp_path.iterdir()] == (["csv-report"] if present else [])
            if present:
                break
        else:
            break
    assert failures > 4
    assert load(tmp_path / "csv-report").warnings == ()


def test_the_name_appears_only_when_everything_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = writer._move
    seen: list[tuple[bool, Skill]] = []

    def watched(folder: Path, target: Path) -> None:
        seen.append((target.exists(), load(folder)))
        original(folder, target)

    monkeypatch.setattr(writer, "_move", watched)
    skill = write_skill(NEW, tmp_path, "owner")
    [(existed, draft)] = seen
    assert not existed
    assert draft.digest == skill.digest


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    description=st.text(max_size=80),
    body=st.text(max_size=80),
    trigger=st.text(max_size=40),
    default=st.text(max_size=40),
)
def test_any_text_is_refused_or_comes_back_and_passes(
    description: str, body: str, trigger: str, default: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    new = NewSkill(
        "x", description, body, "a.py", {"a.py": b""}, (trigger,), (Slot("t", SlotKind.TEXT, False, default),)
    )
    try:
        skill = write_skill(new, tmp_path_factory.mktemp("library"), "owner")
    except AgentError:
        return
    assert skill.triggers == (trigger,)
    assert skill.slots == new.slots
    assert validate(Path(skill.folder)) == []


def test_the_text_is_for_people_too() -> None:
    assert skill_md(replace(NEW, slots=NEW.slots[:2])).splitlines()[5:16] == [
        "metadata:",
        '  version: "1.0"',
        '  entry: "scripts/report.py"',
        '  seconds: "60"',
        "  triggers: |",
        "    report on {file}",
        "    [pdf] report of {file} [with a chart]",
        "  slots: |",
        "    file: file .csv .tsv",
        "    path: folder = ~",
        "---",
    ]
