"""Commands about the machine: they ask the right part and pass on what it says."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from channels.cli.commands import list_tasks
from daemon.domain.errors import SandboxUnavailable
from daemon.domain.sandbox import Completed, Ending
from daemon.domain.skill import Skill, Slot, SlotKind
from daemon.store import database
from tests.channels.cli.conftest import Terminal
from tests.fakes.hosts import StoryHost

CSV = Skill(
    name="csv-report",
    description="A table as a PDF.\nWith charts.",
    folder="/srv/skills/csv-report",
    body="",
    digest="d",
    source="bundled",
    entry="scripts/main.py",
    triggers=("report on {file}",),
    slots=(Slot("file", SlotKind.FILE),),
    version="1.0",
)


@dataclass
class Looked:
    name: str
    ok: bool
    text: str
    fix: str


def test_skills(terminal: Terminal) -> None:
    terminal.host.machine.library = [CSV]
    terminal.host.machine.problems = [("/srv/skills/bad\x1b[2J", "no name")]
    said = terminal.type("skills")
    assert said.out == "Skills (1):\n  csv-report: A table as a PDF. With charts.\n"
    assert said.err == "/srv/skills/bad\\x1b[2J does not load: no name\n"
    assert terminal.type("skills", "/csv-report").out.splitlines()[3:5] == [
        "  Say: report on {file}",
        "  Or: /csv-report FILE",
    ]
    assert terminal.type("skills", "nope").code == 66
    shown = json.loads(terminal.type("skills", "csv-report", "--json").out)["skill"]
    assert (shown["triggers"], shown["slots"][0]["kind"]) == (["report on {file}"], "file")


def test_sandbox_passes_the_command_on_and_ends_as_it_ended(terminal: Terminal, tmp_path: Path) -> None:
    terminal.host.machine.completed = Completed(137, b"", b"", Ending.TIMEOUT, 300.0)
    said = terminal.type("sandbox", "--workspace", str(tmp_path), "--", "sh", "-c", "exit 3", "--json")
    assert terminal.host.machine.asked == (("sh", "-c", "exit 3", "--json"), tmp_path)
    assert said == (137, "", "agent: It was ended after 5 min 0 s: the most that a command may take.\n")
    assert terminal.type("sandbox").code == 2
    assert terminal.type("sandbox", "--workspace", str(tmp_path / "no"), "--", "true").code == 2


def test_doctor_ends_with_one_where_something_is_to_mend(terminal: Terminal) -> None:
    terminal.host.machine.findings = [
        Looked("sandbox", True, "bubblewrap 0.8", ""),
        Looked("model", False, "none", "Write config/models.yaml."),
    ]
    said = terminal.type("doctor")
    assert (said.code, said.out) == (
        1,
        "ok   sandbox: bubblewrap 0.8\nfix  model: none\n       Write config/models.yaml.\n",
    )
    document = json.loads(terminal.type("doctor", "--json").out)
    assert (document["ok"], document["findings"][0]["fix"]) == (False, None)
    terminal.host.machine.findings = terminal.host.machine.findings[:1]
    assert terminal.type("doctor").code == 0


def test_config(terminal: Terminal, tmp_path: Path) -> None:
    terminal.host.machine.settings = [("runs.at_once", 2, "default"), ("model.name", None, "config.yaml:3")]
    assert terminal.type("config").out == "runs.at_once: 2  (default)\nmodel.name:   (config.yaml:3)\n"
    assert json.loads(terminal.type("config", "--json").out)["settings"][1] == {
        "key": "model.name",
        "value": None,
        "from": "config.yaml:3",
    }
    assert terminal.type("config", "init").err == "Everything was there already; nothing was written.\n"
    terminal.host.machine.written = [tmp_path / "config.yaml"]
    assert terminal.type("config", "init").out == f"{tmp_path}/config.yaml\n"


def test_config_reload_says_who_was_asked(terminal: Terminal) -> None:
    terminal.host.machine.daemons = 1
    assert terminal.type("config", "reload").out == "The configuration is sound; 1 daemon will read it again\n"


def test_update_tells_each_step(terminal: Terminal) -> None:
    terminal.host.machine.news = ["fetched 0.2\x1b[2J", "installed"]
    assert terminal.type("update") == (0, "fetched 0.2\\x1b[2J\ninstalled\n", "")


def test_a_backup_is_put_back_and_what_was_there_is_kept(terminal: Terminal) -> None:
    terminal.add("first")
    copy = terminal.type("backup").out.strip()
    terminal.add("second")
    database.close()
    said = terminal.type("backup", "--restore", copy)
    assert said.code == 0
    assert said.out.startswith(f"Restored {copy}\nThe database that was there is kept as ")
    assert terminal.type("list").out == "Tasks:\n  [ ] 1: first (pending)\n"
    kept = Path(said.out.split(" kept as ")[1].strip())
    assert terminal.type("backup", "--restore", str(kept), "--json").code == 0


def test_a_damaged_database_does_not_hinder_its_restore(terminal: Terminal, tmp_path: Path) -> None:
    terminal.add("first")
    copy = terminal.type("backup").out.strip()
    database.close()
    (tmp_path / "home" / "agent.db").write_bytes(b"no database" * 1000)
    fresh = Terminal(StoryHost(tmp_path / "home"), terminal._capsys, terminal._patch)
    assert fresh.type("list").code == 74
    assert copy in fresh.type("backup", "--list").out
    assert fresh.type("backup", "--restore", copy).code == 0
    assert fresh.type("list").out == "Tasks:\n  [ ] 1: first (pending)\n"


def test_backup_does_one_thing_at_a_time(terminal: Terminal) -> None:
    assert terminal.type("backup", "--list", "--restore", "x").code == 2
    assert terminal.type("backup", "--restore", "missing").code == 65


def test_replay_ends_with_one_where_it_differs(terminal: Terminal) -> None:
    terminal.add()
    assert terminal.type("replay", "1") == (0, "Task 1 replays the same\n", "")
    terminal.host.worker.difference = "step 3: \x1b[2Jother"
    assert terminal.type("replay", "1") == (1, "Task 1 differs:\n  step 3: \\x1b[2Jother\n", "")
    assert terminal.type("replay", "2").code == 66


def test_daemon_serves(terminal: Terminal) -> None:
    assert terminal.type("daemon") == (0, "", "")
    assert terminal.host.worker.served


def test_what_the_house_refuses_is_told_with_its_exit_code(terminal: Terminal) -> None:
    def refuse() -> list[Looked]:
        raise SandboxUnavailable("No sandbox can be set up: bwrap is missing.", "apt-get install bubblewrap")

    terminal.host.machine.doctor = refuse  # type: ignore[method-assign]
    assert terminal.type("doctor") == (
        71,
        "",
        "agent: No sandbox can be set up: bwrap is missing.\n  apt-get install bubblewrap\n",
    )


def test_list_all_goes_through_strides_in_order(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_tasks, "_STRIDE", 20)
    data = {"tasks": [{"id": n, "goal": f"task {n}"} for n in range(1, 72)]}
    assert terminal.type("import", "-", stdin=json.dumps(data).encode()).code == 0
    terminal.type("cancel", "41")
    terminal.type("forget", "41", "--yes")
    numbers = [int(line[6:].partition(":")[0]) for line in terminal.type("list", "--all").out.splitlines()[1:]]
    assert numbers == [n for n in range(1, 72) if n != 41]
    assert len(terminal.type("list").out.splitlines()) == 51
    terminal.type("cancel", "7")
    only = terminal.type("list", "--all", "--status", "cancelled").out.splitlines()[1:]
    assert [line[6:8] for line in only] == ["7:"]
