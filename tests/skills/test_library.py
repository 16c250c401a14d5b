import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from daemon.domain.errors import BadInput, NotFound
from daemon.domain.ports import Skills
from daemon.domain.skill import Skill, SkillMatch
from skills import library
from skills.library import Library, bundled_folder
from skills.reader import Problem, read_skill
from tests.skills.folders import put, runnable

ROOT = Path(library.__file__).parents[1]


@pytest.fixture
def owner(tmp_path: Path) -> Path:
    root = tmp_path / "owner"
    put(root / "csv-report", runnable("csv-report", "report on {file}", "file: file"), run_py="")
    put(root / "disk-report", runnable("disk-report", "disk report [for {path}]", "path: folder = ~"), run_py="")
    put(root / "brand", "---\nname: brand\ndescription: d\n---\nBe kind.\n")
    return root


def settle(*folders: Path) -> None:
    """Make what lies in the folders look long unchanged, as far as a program can: by waiting for the clock."""
    newest = max(path.lstat().st_ctime_ns for folder in folders for path in folder.rglob("*"))
    while time.time_ns() - newest <= library._SETTLED:
        os.sched_yield()


def test_all_skills_come_by_name_with_their_source(owner: Path) -> None:
    skills = Library([("owner", owner)]).all()
    assert [(skill.name, skill.source) for skill in skills] == [
        ("brand", "owner"),
        ("csv-report", "owner"),
        ("disk-report", "owner"),
    ]


def test_the_library_is_the_port_of_the_domain(owner: Path) -> None:
    skills: Skills = Library([("owner", owner)])
    assert skills.find("brand").body == "Be kind."
    found = skills.match("report on a.csv", ["a.csv"], [])
    assert found == SkillMatch(skills.find("csv-report"), {"file": "a.csv"}, "report on {file}")
    assert skills.match("what is the weather", [], []) is None


def test_later_folders_replace_skills_of_earlier_ones(owner: Path, tmp_path: Path) -> None:
    bundled = tmp_path / "bundled"
    put(bundled / "csv-report", runnable("csv-report", "old words {file}", "file: file"), run_py="")
    put(bundled / "other", "---\nname: other\ndescription: d\n---\n")
    both = Library([("bundled", bundled), ("owner", owner)])
    assert [skill.source for skill in both.all()] == ["owner", "owner", "owner", "bundled"]
    assert both.match("old words a.csv", ["a.csv"], []) is None
    (owner / "csv-report" / "SKILL.md").write_bytes(b"")
    assert both.find("csv-report").source == "bundled"
    assert [problem.path for problem in both.problems()] == [str(owner / "csv-report")]


def test_an_unknown_name_says_the_nearest(owner: Path) -> None:
    skills = Library([("owner", owner)])
    with pytest.raises(NotFound) as caught:
        skills.match("/csv-repot a.csv", [], [])
    assert str(caught.value) == 'There is no skill "csv-repot". Did you mean csv-report?'
    with pytest.raises(NotFound, match="agent skills"):
        skills.find("\x1b[31mzzz\n" + "z" * 10_000)
    with pytest.raises(NotFound):
        skills.find("../owner/brand")


def test_a_name_with_arguments_calls_a_skill_also_in_a_long_goal(owner: Path) -> None:
    skills = Library([("owner", owner)])
    found = skills.match("/brand " + "word " * 100_000, [], [])
    assert found is not None
    assert (found.skill.name, found.by, len(found.arguments["text"])) == ("brand", "/brand", 499_999)
    with pytest.raises(BadInput, match="needs an attached file"):
        skills.match("/csv-report", [], [])


def test_a_goal_of_a_megabyte_is_no_trigger_and_reads_no_folder(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path, source: str) -> None:
        raise AssertionError(f"{folder} was read")

    monkeypatch.setattr(library, "read_skill", fail)
    assert Library([("owner", owner)]).match("report on " * 100_000, [], []) is None


def test_a_new_changed_or_removed_skill_needs_no_restart(owner: Path) -> None:
    skills = Library([("owner", owner)])
    settle(owner)
    skills.all()
    put(owner / "new", runnable("new", "say hello there", ""), run_py="")
    assert skills.match("say hello there", [], []) is not None
    (owner / "csv-report" / "run.py").write_text("1")
    before = skills.find("csv-report").digest
    settle(owner)
    skills.all()
    (owner / "csv-report" / "run.py").write_text("2")
    assert skills.find("csv-report").digest != before
    (owner / "csv-report" / "run.py").unlink()
    assert skills.find("csv-report").entry is None
    (owner / "new" / "SKILL.md").unlink()
    assert [problem.reason[:21] for problem in skills.problems()] == ["It has no SKILL.md. A"]
    assert skills.match("say hello there", [], []) is None


def test_a_change_that_keeps_size_and_time_of_a_file_is_seen(owner: Path) -> None:
    skills = Library([("owner", owner)])
    script = owner / "brand" / "a.txt"
    script.write_text("one")
    os.utime(script, (0, 0))
    settle(owner)
    first = skills.find("brand").digest
    script.write_text("two")
    os.utime(script, (0, 0))
    assert skills.find("brand").digest != first


def test_what_changed_just_now_is_read_again(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second change within one tick of the clock would look like none."""
    read: list[str] = []
    original = read_skill

    def noting(folder: Path, source: str) -> Skill | Problem:
        read.append(folder.name)
        return original(folder, source)

    monkeypatch.setattr(library, "read_skill", noting)
    monkeypatch.setattr(library, "_SETTLED", 10**15)
    skills = Library([("owner", owner)])
    skills.all()
    skills.all()
    assert sorted(read) == sorted(["brand", "csv-report", "disk-report"] * 2)


def test_what_did_not_change_is_not_read_again(owner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skills = Library([("owner", owner)])
    settle(owner)
    first = skills.all()

    def fail(folder: Path, source: str) -> None:
        raise AssertionError(f"{folder} was read again")

    monkeypatch.setattr(library, "read_skill", fail)
    assert skills.all() == first


def test_a_missing_folder_has_no_skills_and_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    skills = Library([("owner", tmp_path / "missing"), ("made", tmp_path / "file")])
    assert skills.all() == ()
    assert [(problem.source, problem.reason) for problem in skills.problems()] == [
        ("made", "It cannot be read: Not a directory.")
    ]


def test_linked_hidden_and_stray_things_are_no_skills(owner: Path, tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "---\nname: outside\ndescription: d\n---\n")
    (owner / "outside").symlink_to(outside)
    (owner / "broken").symlink_to("nowhere")
    (owner / "README.md").touch()
    os.mkfifo(owner / "fifo")
    put(owner / ".git", "---\nname: git\ndescription: d\n---\n")
    put(owner / "__pycache__", "---\nname: x\ndescription: d\n---\n")
    skills = Library([("owner", owner)])
    assert len(skills.all()) == 3
    assert [problem.path for problem in skills.problems()] == [str(owner / "outside")]


def test_a_folder_called_otherwise_does_not_take_the_name_of_another(owner: Path) -> None:
    put(owner / "A csv report", "---\nname: csv-report\ndescription: evil\n---\n")
    skills = Library([("owner", owner)])
    assert skills.find("csv-report").description == "What csv-report does."
    assert [problem.reason for problem in skills.problems()] == [
        "Another folder beside it already has the name csv-report. Rename one of them."
    ]


def test_many_threads_see_the_same(owner: Path) -> None:
    skills = Library([("owner", owner)])
    seen: list[int] = []

    def look() -> None:
        for _ in range(20):
            seen.append(len(skills.all()))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [3] * 160


def test_the_library_loads_yaml_only_when_it_reads_a_skill(owner: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from skills.library import Library, bundled_folder\n"
        f"skills = Library([('owner', Path({str(owner)!r}))])\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in"
        " ('yaml', 'asyncio', 'json')))\n"
        "skills.all(); print('yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "True"]


def test_the_bundled_folder_lies_beside_the_module() -> None:
    assert bundled_folder() == Path(library.__file__).resolve().parent / "bundled"


def test_nothing_in_the_package_starts_a_program_or_evaluates_text() -> None:
    library_files = sorted(Path(library.__file__).parent.glob("*.py"))
    assert len(library_files) > 10
    for path in library_files:
        text = path.read_text()
        for word in ("subprocess", "os.system", "exec(", "eval(", "importlib", "runpy", "yaml.load", "pickle"):
            assert word not in text, f"{path.name} has {word}"
