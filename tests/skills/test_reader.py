import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.domain.skill import Skill, Slot, SlotKind
from skills.reader import Problem, read_skill, valid_name
from tests.skills.broken import BROKEN, Broken
from tests.skills.folders import load, put, refuse, runnable

GOOD = """---
name: csv-report
description: Makes a PDF report of a CSV file.
license: MIT
compatibility: Needs Python
allowed-tools: Bash Read
metadata:
  entry: scripts/report.py
  version: "1"
  seconds: "120"
  triggers: |
    report on {file}
    [pdf] report of {file} [with a chart]
  slots: |
    file: file
    path: folder = ~
    title: text =
    rows: number = 10
---

# Report

Use it.
"""


def test_a_skill_by_the_standard_loads_without_a_warning(tmp_path: Path) -> None:
    skill = load(put(tmp_path / "csv-report", GOOD, scripts__report_py="print(1)"))
    assert skill.warnings == ()
    assert (skill.name, skill.source, skill.license, skill.compatibility) == (
        "csv-report",
        "owner",
        "MIT",
        "Needs Python",
    )
    assert skill.entry == "scripts/report.py"
    assert (skill.version, skill.seconds) == ("1", 120)
    assert skill.triggers == ("report on {file}", "[pdf] report of {file} [with a chart]")
    assert skill.slots == (
        Slot("file", SlotKind.FILE),
        Slot("path", SlotKind.FOLDER, required=False, default="~"),
        Slot("title", SlotKind.TEXT, required=False),
        Slot("rows", SlotKind.NUMBER, required=False, default="10"),
    )
    assert skill.body == "# Report\n\nUse it."
    assert skill.folder == str(tmp_path / "csv-report")


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.wrong)
def test_what_others_get_wrong_is_read_as_it_was_meant(broken: Broken, tmp_path: Path) -> None:
    skill = load(put(tmp_path / broken.folder, broken.text))
    assert skill.name == broken.name
    assert skill.description == broken.description
    assert skill.body == broken.body
    if broken.warning:
        assert any(broken.warning in warning for warning in skill.warnings), skill.warnings
    else:
        assert skill.warnings == ()


def test_at_least_forty_broken_texts_are_known() -> None:
    assert len({broken.text for broken in BROKEN}) >= 40


@pytest.mark.parametrize("text", [b"", b"---\n---\n", b"\x00\x00", b"---\nname: x\n---\n", b"```\n---\n```"])
def test_a_skill_that_says_nothing_is_left_out(text: bytes, tmp_path: Path) -> None:
    assert "neither what it is for" in refuse(put(tmp_path / "x", text)).reason


def test_a_folder_without_skill_md_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert refuse(tmp_path / "x").reason.startswith("It has no SKILL.md.")


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    assert refuse(tmp_path / "x").reason == "It cannot be read: No such file or directory."


def test_skill_md_in_small_letters_is_read(tmp_path: Path) -> None:
    put(tmp_path / "x", "---\nname: x\ndescription: d\n---\n")
    (tmp_path / "x" / "SKILL.md").rename(tmp_path / "x" / "skill.md")
    assert load(tmp_path / "x").warnings == ('its SKILL.md is called "skill.md"',)


@pytest.mark.parametrize("folder", ["\x1b[31mred", "a\nb", "\u202egpj", os.fsdecode(b"caf\xe9")])
def test_a_folder_whose_name_attacks_a_terminal_is_left_out_and_shown_harmless(folder: str, tmp_path: Path) -> None:
    problem = refuse(put(tmp_path / folder, "---\nname: good\ndescription: d\n---\n"))
    assert "control characters" in problem.reason
    assert problem.path.isprintable()


def test_a_declared_name_with_escape_codes_is_not_shown(tmp_path: Path) -> None:
    skill = load(put(tmp_path / "good", '---\nname: "\\e[31mevil\\x9b"\ndescription: "\\e]0;d\\a"\n---\n'))
    assert skill.name == "good"
    assert skill.description == "]0;d"
    assert all(text.isprintable() for text in skill.warnings)


@pytest.mark.parametrize("folder", ["数据", "---", "_"])
def test_a_folder_of_which_no_name_can_be_made_is_left_out(folder: str, tmp_path: Path) -> None:
    assert "usable name" in refuse(put(tmp_path / folder, "---\ndescription: d\n---\n")).reason


@pytest.mark.parametrize(
    "entry",
    [
        "../../etc/x",
        "../other/run.py",
        "scripts/../../run.py",
        "/etc/passwd",
        "/run.py",
        "..\\\\run.py",
        "missing.py",
        "scripts",
        "run.exe",
        "run",
        "run.py\\0.sh",
        "run.py; rm -rf /",
        "-c",
        "~/run.py",
    ],
)
def test_an_entry_that_is_no_script_of_the_folder_makes_a_skill_of_words(entry: str, tmp_path: Path) -> None:
    text = f'---\nname: x\ndescription: d\nmetadata:\n  entry: "{entry}"\n---\n'
    put(tmp_path / "other", text, run_py="")
    skill = load(put(tmp_path / "x", text, run_py="", scripts__a_py="", run_exe="", run=""))
    assert skill.entry is None
    assert any("words only" in warning for warning in skill.warnings)


def test_an_entry_is_given_in_its_plain_form(tmp_path: Path) -> None:
    text = "---\nname: x\ndescription: d\nmetadata:\n  entry: ./scripts//a.py\n---\n"
    assert load(put(tmp_path / "x", text, scripts__a_py="")).entry == "scripts/a.py"


def test_a_file_slot_may_name_its_endings(tmp_path: Path) -> None:
    skill = load(put(tmp_path / "x", runnable("x", "", "a: file .CSV .tsv\nb: file .csv ="), run_py=""))
    assert skill.warnings == ()
    assert skill.slots == (
        Slot("a", SlotKind.FILE, endings=(".csv", ".tsv")),
        Slot("b", SlotKind.FILE, required=False, endings=(".csv",)),
    )


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("file", "not of the form"),
        ("File: file", "not of the form"),
        ("--x: file", "not of the form"),
        ("file: path", "no kind of"),
        ("file: file = a.csv", "default that is no file"),
        ("path: folder = relative", "default that is no folder"),
        ("rows: number = many", "default that is no number"),
        ("path: folder .csv", "takes no file"),
        ("file: file .csv,.tsv", "not of the form"),
        ("file: file " + " ".join(f".e{number}" for number in range(33)), "more than 32 endings"),
        ("a: text\na: number", "there twice"),
        ("\n".join(f"s{number}: text" for number in range(17)), "more than 16"),
    ],
)
def test_a_wrong_slot_is_left_out(line: str, warning: str, tmp_path: Path) -> None:
    skill = load(put(tmp_path / "x", runnable("x", "", line), run_py=""))
    assert any(warning in text for text in skill.warnings), skill.warnings
    assert len(skill.slots) == min(line.count("text"), 16)


@pytest.mark.parametrize("value", ["0", "-1", "86401", "soon", "1e3", "9" * 5000])
def test_seconds_out_of_bounds_become_the_default(value: str, tmp_path: Path) -> None:
    text = f'---\nname: x\ndescription: d\nmetadata:\n  seconds: "{value}"\n---\n'
    skill = load(put(tmp_path / "x", text))
    assert skill.seconds == 300
    assert any("seconds is no number" in warning for warning in skill.warnings)


def test_triggers_and_slots_as_list_and_map_are_understood(tmp_path: Path) -> None:
    text = (
        "---\nname: x\ndescription: d\nmetadata:\n  entry: run.py\n  seconds: 20\n"
        "  triggers:\n    - sort {file}\n    - sort it\n  slots:\n    file: file\n---\n"
    )
    skill = load(put(tmp_path / "x", text, run_py=""))
    assert skill.triggers == ("sort {file}", "sort it")
    assert skill.slots == (Slot("file", SlotKind.FILE),)
    assert skill.seconds == 20


def test_our_keys_survive_a_head_that_is_read_by_lines(tmp_path: Path) -> None:
    text = GOOD.replace("Makes a PDF", "Use when: a PDF")
    skill = load(put(tmp_path / "csv-report", text, scripts__report_py=""))
    assert skill.entry == "scripts/report.py"
    assert len(skill.triggers) == 2
    assert len(skill.slots) == 4
    assert skill.seconds == 120


def test_triggers_without_an_entry_are_worth_a_warning(tmp_path: Path) -> None:
    text = "---\nname: x\ndescription: d\nmetadata:\n  triggers: do x\n---\n"
    assert any("only its name calls it" in warning for warning in load(put(tmp_path / "x", text)).warnings)


def test_warnings_are_few_and_short(tmp_path: Path) -> None:
    keys = "".join(f"key{number}{'y' * 90}: v\n" for number in range(500))
    skill = load(put(tmp_path / "x", f"---\nname: x\ndescription: d\n{keys}---\n"))
    assert len(skill.warnings) == 20
    assert skill.warnings[-1] == "and 481 more"
    assert all(len(warning) <= 200 for warning in skill.warnings)


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("a", True),
        ("a-1", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("", False),
        ("-a", False),
        ("a-", False),
        ("a--b", False),
        ("A", False),
        ("a_b", False),
        ("é", False),
        ("a\n", False),
        ("../a", False),
    ],
)
def test_names_follow_the_standard(name: str, valid: bool) -> None:
    assert valid_name(name) is valid


_SHAPED = st.lists(
    st.sampled_from(
        [
            *("---\n", "name: x\n", "description: ", "metadata:\n", "  entry: run.py\n", "  triggers: |\n", "\t", "\r"),
            *("a {file} [b\n", "]}{[", "&a [", "*a", "<<: *a\n", "!!python/object ", "? ", "- ", "'", '"', "|", ">"),
            *("{a: b", "\\UFFFFFFFF", "%YAML 1.1\n", "\ufeff", "\x00", "\ud7ff", "```\n", "# H\n", "...\n", ": ", "\n"),
        ]
    ),
    max_size=60,
).map(lambda parts: "".join(parts).encode())


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.binary(max_size=2000) | _SHAPED | st.text(max_size=500).map(lambda text: b"---\n" + text.encode()))
def test_no_bytes_make_the_reader_raise(text: bytes, tmp_path: Path) -> None:
    result = read_skill(put(tmp_path / "x", text, run_py=""), "owner")
    assert isinstance(result, Skill | Problem)
    if isinstance(result, Skill):
        assert valid_name(result.name)
        assert 1 <= len(result.description) <= 1024
        assert all("\x1b" not in text for text in (result.description, result.body, *result.warnings))
        result.body.encode()
