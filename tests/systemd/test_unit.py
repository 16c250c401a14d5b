"""personal-agent.service as it is, under a real systemd of an ordinary user: started, reloaded, stopped, killed."""

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.slow_skill import SCRIPT, SKILL
from tests.rigs.user_systemd import AgentService, lacking, user_systemd

SALES = Path(__file__).parents[2] / "config" / "examples" / "sales.csv"


@pytest.fixture
def service() -> Iterator[AgentService]:
    why = lacking()
    if why:
        # Where nobody reads why a test was left out, it must not be left out.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    with user_systemd() as session:
        session.write(".config/personal-agent/skills/slow/SKILL.md", SKILL)
        session.write(".config/personal-agent/skills/slow/scripts/slow.py", SCRIPT)
        yield AgentService(session)


def workspace(service: AgentService, task_id: int) -> Path:
    return service.session.home / f".local/state/personal-agent/tasks/{task_id}/run-1"


def works(service: AgentService, task_id: int) -> Callable[[], bool]:
    return (workspace(service, task_id) / "src" / "began").exists


def done_in_the_end(service: AgentService, task_id: int) -> Callable[[], bool]:
    """Let a step go on that is done anew: what was left in the workspace before is taken away by it."""

    def seen() -> bool:
        service.session.run("touch", str(workspace(service, task_id) / "src" / "go-on"))
        status = service.task(task_id)["run"]["status"]
        assert status in ("pending", "running", "done")
        return bool(status == "done")

    return seen


def comes_back(service: AgentService, before: int) -> Callable[[], bool]:
    return lambda: service.main_pid not in (0, before) and service.shown("ActiveState") == "active"


def begin_slow_work(service: AgentService) -> int:
    service.do("start")
    task_id = service.add("slow work")
    service.until(works(service, task_id))
    return task_id


def test_systemd_knows_every_word_of_the_unit(service: AgentService) -> None:
    verified = service.session.run("systemd-analyze", "verify", "--user", str(service.unit))
    # It looks at the machine's other units too, whose faults are not ours.
    assert [line for line in verified.stderr.splitlines() if service.unit.name in line] == []
    assert verified.returncode == 0


def test_a_start_comes_back_when_the_daemon_is_ready_and_the_status_says_what_it_does(service: AgentService) -> None:
    service.do("start")
    assert re.search(r"\] ready ", service.session.log)
    assert service.shown("ActiveState") == "active"
    line = re.compile(r"^ *Status: \"pending: 0, running: 0, waiting: 0\"$", re.MULTILINE)
    service.until(lambda: line.search(service.session.systemctl("status", service.unit.name)))


def test_a_task_that_needs_the_sandbox_is_done_within_the_unit(service: AgentService) -> None:
    service.do("start")
    shutil.copy(SALES, service.session.home)
    service.session.own(service.session.home / SALES.name)
    task_id = service.add("report on sales.csv", "--file", SALES.name)
    service.until(lambda: service.task(task_id)["run"]["status"] not in ("pending", "running"))
    run = service.task(task_id)["run"]
    assert (run["status"], run["error"]) == ("done", None)
    assert (workspace(service, task_id) / "output" / "sales report.pdf").read_bytes().startswith(b"%PDF")


def test_a_reload_reads_the_configuration_again_in_the_same_process(service: AgentService) -> None:
    service.do("start")
    before = service.main_pid
    service.do("reload")
    service.until(lambda: "configuration reloaded" in service.session.log)
    assert service.main_pid == before
    assert service.shown("ActiveState") == "active"


def test_a_stop_ends_well_and_leaves_nothing_and_the_next_start_goes_on_with_the_task(service: AgentService) -> None:
    task_id = begin_slow_work(service)
    group = service.group
    assert len(service.session.processes(group)) > 1, "the sandbox is in it"
    service.do("stop")
    assert service.session.processes(group) == set()
    assert (service.shown("ActiveState"), service.shown("Result")) == ("inactive", "success")
    exited = str(int(os.CLD_EXITED))
    assert (service.shown("ExecMainCode"), service.shown("ExecMainStatus")) == (exited, "0")
    assert service.task(task_id)["run"]["status"] == "pending"
    service.do("start")
    service.until(done_in_the_end(service, task_id))
    assert service.statuses(task_id)[-3:] == ["pending: the daemon stopped", "running", "done"]


def test_a_killed_daemon_is_started_again_and_the_task_ends_once(service: AgentService) -> None:
    task_id = begin_slow_work(service)
    before = service.main_pid
    os.kill(before, signal.SIGKILL)
    service.until(comes_back(service, before))
    service.until(done_in_the_end(service, task_id))
    assert service.shown("NRestarts") == "1"
    assert service.statuses(task_id).count("done") == 1
    assert service.task(task_id)["run"]["result"] == "slept well"


def test_a_frozen_daemon_is_killed_by_the_watchdog_and_started_again(service: AgentService) -> None:
    service.do("start")
    assert service.shown("WatchdogUSec") == "1min"
    service.do("stop")
    service.session.write(f".config/systemd/user/{service.unit.name}.d/soon.conf", "[Service]\nWatchdogSec=4\n")
    service.session.systemctl("daemon-reload")
    task_id = begin_slow_work(service)
    before = service.main_pid
    os.kill(before, signal.SIGSTOP)
    service.until(comes_back(service, before))
    service.until(done_in_the_end(service, task_id))
    assert service.shown("NRestarts") == "1"
    assert service.statuses(task_id).count("done") == 1


def test_a_wrong_configuration_is_told_once_and_not_tried_for_ever(service: AgentService) -> None:
    service.session.write(".config/personal-agent/config.yaml", "runs:\n  at_wonce: 3\n")
    assert service.session.run("systemctl", "--user", "start", service.unit.name).returncode != 0
    assert (service.shown("ActiveState"), service.shown("NRestarts")) == ("failed", "0")
    assert "config.yaml, line 2" in service.session.log
    service.session.write(".config/personal-agent/config.yaml", "runs:\n  at_once: 3\n")
    service.do("start")
    assert service.shown("ActiveState") == "active"


def test_a_second_daemon_beside_the_service_is_refused_in_words(service: AgentService) -> None:
    service.do("start")
    second = service.agent("daemon")
    assert second.returncode != 0
    assert f"A daemon works on {service.session.home}/.local/state/personal-agent already." in second.stderr
    assert service.shown("ActiveState") == "active"
