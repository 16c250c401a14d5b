"""`agent daemon` as a process of its own: one for a state folder, stopped cleanly, reloaded, killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.app.compose import open_home, open_service
from daemon.domain.principal import Principal, Role
from daemon.domain.run import RunStatus
from daemon.domain.task import NewTask
from daemon.engine.service import Service
from daemon.store import database
from tests.fakes.slow_skill import add_slow_skill

OWNER = Principal(Role.OWNER, "cli", "0")
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    add_slow_skill(folder)
    return folder


@pytest.fixture
def start(tmp_path: Path, config: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        env = os.environ | {"AGENT_HOME": str(tmp_path / "home"), "AGENT_CONFIG": str(config)}
        log = (tmp_path / f"log-{len(started)}").open("w")
        argv = [sys.executable, "-m", "daemon.main", "daemon"]
        started.append(subprocess.Popen(argv, env=env, stderr=log, stdout=log, text=True))
        log.close()
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    yield open_service(open_home(tmp_path / "home"))
    database.close()


def submit(service: Service) -> int:
    return service.submit(NewTask("slow work", OWNER)).id


def until(service: Service, seen: Callable[[], bool]) -> None:
    """Wait until something is to be seen; an hour-glass of a minute is for broken code only."""
    deadline = time.monotonic() + 60
    with service.changes() as changes:
        while not seen():
            assert time.monotonic() < deadline, "it never came"
            changes.wait(0.05)


def status_is(service: Service, task_id: int, status: RunStatus) -> Callable[[], bool]:
    return lambda: service.reads.task(task_id).status is status


def works(service: Service, task_id: int) -> Callable[[], bool]:
    return (service.home.run_folder(task_id, 1) / "src" / "began").exists


def let_go_on(service: Service, task_id: int) -> None:
    (service.home.run_folder(task_id, 1) / "src" / "go-on").touch()


def done_in_the_end(service: Service, task_id: int) -> Callable[[], bool]:
    """Let a step go on that is done anew: what was left in the workspace before is taken away by it."""

    def seen() -> bool:
        let_go_on(service, task_id)
        return service.reads.task(task_id).status is RunStatus.DONE

    return seen


def test_the_daemon_does_what_was_there_before_it_and_what_comes(service: Service, start: Start) -> None:
    before = submit(service)
    start()
    until(service, works(service, before))
    let_go_on(service, before)
    after = submit(service)
    until(service, works(service, after))
    let_go_on(service, after)
    for task_id in (before, after):
        until(service, status_is(service, task_id, RunStatus.DONE))
        assert service.reads.runs(task_id)[0].result == "slept well"


def test_a_second_daemon_for_the_same_state_is_refused(service: Service, start: Start, tmp_path: Path) -> None:
    start()
    until(service, lambda: len(service.reads.workers()) == 2)
    second = start()
    assert second.wait(60) != 0
    assert "A daemon works on" in (tmp_path / "log-1").read_text()


def test_sigterm_parks_what_is_running_and_the_next_daemon_goes_on_with_it(service: Service, start: Start) -> None:
    task_id = submit(service)
    first = start()
    until(service, works(service, task_id))
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    run = service.reads.runs(task_id)[0]
    assert (run.status, run.worker, run.attempt) == (RunStatus.PENDING, None, 0)
    start()
    until(service, done_in_the_end(service, task_id))
    assert len(service.reads.runs(task_id)) == 1


def test_a_killed_daemon_leaves_no_process_and_the_next_one_goes_on(service: Service, start: Start) -> None:
    task_id = submit(service)
    first = start()
    until(service, works(service, task_id))
    first.kill()
    first.wait()
    until(service, lambda: _sandboxes(service) == 0)
    start()
    until(service, done_in_the_end(service, task_id))
    assert service.reads.runs(task_id)[0].attempt == 1


def _sandboxes(service: Service) -> int:
    """Count the processes that have this state folder among their arguments or as their working folder."""
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found += str(service.home.path) in str((process / "cwd").readlink())
        except OSError:
            continue
    return found


def test_pausing_from_another_process_stops_the_work_at_once(service: Service, start: Start) -> None:
    task_id = submit(service)
    start()
    until(service, works(service, task_id))
    service.pause(task_id, OWNER)
    until(service, lambda: service.reads.runs(task_id)[0].worker is None)
    assert service.reads.task(task_id).status is RunStatus.PAUSED
    service.resume(task_id, OWNER)
    until(service, done_in_the_end(service, task_id))


@pytest.mark.parametrize(("text", "said"), [("limits: {run: {steps: 7}}", "reloaded"), ("limts: {}", "limts")])
def test_sighup_reads_the_configuration_again_and_a_wrong_one_changes_nothing(
    service: Service, start: Start, config: Path, tmp_path: Path, text: str, said: str
) -> None:
    process = start()
    until(service, lambda: len(service.reads.workers()) == 2)
    (config / "config.yaml").write_text(text + "\n")
    (config / "config.yaml").chmod(0o600)
    process.send_signal(signal.SIGHUP)
    until(service, lambda: said in (tmp_path / "log-0").read_text())
    assert process.poll() is None
    task_id = submit(service)
    until(service, works(service, task_id))
    let_go_on(service, task_id)
    until(service, status_is(service, task_id, RunStatus.DONE))


def test_a_secret_that_is_set_while_a_run_works_is_known_to_it_after_a_reload(
    service: Service, start: Start, config: Path, tmp_path: Path
) -> None:
    process, secret = start(), "correct horse 4711 battery"
    task_id = submit(service)
    until(service, works(service, task_id))
    (config / ".env").write_text(f'SHOP_PASSWORD="{secret}"\n')
    (config / ".env").chmod(0o600)
    process.send_signal(signal.SIGHUP)
    until(service, lambda: "reloaded" in (tmp_path / "log-0").read_text())
    partial = tmp_path / "go-on"
    partial.write_text(f"I saw {secret} there")
    partial.rename(service.home.run_folder(task_id, 1) / "src" / "go-on")
    until(service, status_is(service, task_id, RunStatus.DONE))
    result = str(service.reads.runs(task_id)[0].result)
    assert result.startswith("I saw [secret:known:")
    assert "horse" not in result


def test_systemd_hears_that_it_is_ready_what_it_does_that_it_lives_and_that_it_stops(
    service: Service, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "200000")
        process = start()
        said: list[str] = []
        while "READY=1" not in said or sum("WATCHDOG=1" in one for one in said) < 3:
            said.append(heard.recv(4096).decode())
        assert any("STATUS=" in one for one in said)
        process.terminate()
        while "STOPPING=1" not in said:
            said.append(heard.recv(4096).decode())
        assert process.wait(60) == 0
