"""`agent auth`: a key comes in without being shown, is taken up at once, and is found nowhere but in its file."""

import contextlib
import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.app.compose import open_home, open_service
from daemon.domain.principal import Principal, Role
from daemon.domain.run import RunStatus
from daemon.domain.task import NewTask
from daemon.engine.service import Service
from daemon.store import database
from tests.daemon.engine.canary import KNOWN, found_below, holds
from tests.rigs.model_server import Asked, Call, Failure, ModelServer, Said
from tests.rigs.waiting import wait_until

OWNER = Principal(Role.OWNER, "cli", "0")
NAME = "SOME_API_KEY"
COMMAND = (sys.executable, "-m", "daemon.main")


class Terminal:
    """The command in a house of its own, without a key of the machine's."""

    def __init__(self, folder: Path) -> None:
        self.home, self.config = folder / "home", folder / "config"
        plain = {name: value for name, value in os.environ.items() if not name.endswith(("_KEY", "_TOKEN"))}
        self.env = plain | {"AGENT_HOME": str(self.home), "AGENT_CONFIG": str(self.config)}

    def __call__(self, *argv: str, given: str = "", code: int = 0) -> str:
        """Run a command with something on its standard input; gives all that it said."""
        done = subprocess.run([*COMMAND, *argv], input=given, env=self.env, capture_output=True, check=False, text=True)
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        assert not holds(said.encode())
        return said

    def models(self, url: str) -> None:
        """Write a models file whose one model needs the key."""
        parameters = {"model": "openai/test-model", "api_base": url, "api_key": f"secret/{NAME}"}
        entry = {"model_name": "one", "litellm_params": parameters, "own": True}
        self.config.mkdir(mode=0o700, exist_ok=True)
        (self.config / "models.yaml").write_text(json.dumps({"model_list": [entry]}))

    @contextlib.contextmanager
    def daemon(self) -> Iterator[Path]:
        """Let the daemon work meanwhile; gives its log."""
        log = self.home.parent / "daemon.log"
        with log.open("w") as written:
            process = subprocess.Popen([*COMMAND, "daemon"], env=self.env, stdout=written, stderr=written)
        try:
            yield log
            process.terminate()
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def service(terminal: Terminal) -> Iterator[Service]:
    yield open_service(open_home(terminal.home))
    database.close()


def test_a_key_is_set_shown_by_its_name_and_forgotten(terminal: Terminal) -> None:
    assert terminal("auth").startswith("Keys (0):\nNot set: ANTHROPIC_API_KEY, ")
    assert terminal("auth", "set", "anthropic", given=f"{KNOWN}\n") == "Kept ANTHROPIC_API_KEY, for anthropic\n"
    (key,) = [one for one in json.loads(terminal("auth", "status", "--json"))["keys"] if one["is_set"]]
    assert (key["name"], key["sources"], key["models"]) == ("ANTHROPIC_API_KEY", ["agent auth set"], ["anthropic"])
    assert "anthropic/" in terminal("models")
    assert terminal("auth", "logout", "ANTHROPIC_API_KEY") == "Forgot ANTHROPIC_API_KEY\n"
    assert "No key is kept as ANTHROPIC_API_KEY" in terminal("auth", "logout", "anthropic", code=66)
    assert "the key ANTHROPIC_API_KEY was forgotten in the terminal" in terminal("audit")


def test_it_says_which_place_counts(terminal: Terminal) -> None:
    terminal.env[NAME] = "another-key-entirely"
    said = terminal("auth", "set", NAME, given=KNOWN)
    assert f"{NAME} is also set by the environment, and that one counts." in said
    assert f"{NAME}: from the environment (also in agent auth set)" in terminal("auth")
    assert f"{NAME} is still set by the environment." in terminal("auth", "logout", NAME)
    assert "It comes from the environment: remove it there." in terminal("auth", "logout", NAME, code=66)


@pytest.mark.parametrize(
    "argv",
    [
        (NAME, KNOWN),
        (KNOWN,),
        ("gsk_Zk3Qw9Lm2Xc7Vb5Nn8Aa1",),
        ("aZk3Qw9Lm2Xc7Vb5Nn8Aa1",),
        (f"{NAME}={KNOWN}",),
        ("../../evil",),
        ("",),
        ("--", "-x"),
    ],
)
def test_a_key_as_an_argument_is_refused_and_not_repeated(terminal: Terminal, argv: tuple[str, ...]) -> None:
    terminal("auth", "set", *argv, given=KNOWN, code=65)
    assert not list(terminal.config.rglob("*"))


def test_a_key_whose_file_cannot_be_used_is_listed_with_the_reason(terminal: Terminal) -> None:
    terminal("auth", "set", NAME, given=KNOWN)
    (terminal.config / "keys" / NAME).chmod(0o644)
    terminal("auth", "set", "OTHER_API_KEY", given="another-key-entirely")
    said = terminal("auth")
    assert f"  [ ] {NAME}: " in said
    assert "other users can read or change it" in said
    assert "  [X] OTHER_API_KEY: from agent auth set" in said


def test_a_models_file_with_a_mistake_keeps_no_key_from_being_set(terminal: Terminal) -> None:
    terminal.config.mkdir(mode=0o700)
    (terminal.config / "models.yaml").write_text("modle_list: []\n")
    assert f"Kept {NAME}" in terminal("auth", "set", NAME, given=KNOWN)


def test_in_a_terminal_it_is_asked_for_without_showing_it(terminal: Terminal) -> None:
    ours, theirs = pty.openpty()
    argv = [*COMMAND, "auth", "set", NAME]
    process = subprocess.Popen(
        argv, stdin=theirs, stdout=theirs, stderr=theirs, env=terminal.env, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    while b"Key (not shown)" not in shown:
        shown += os.read(ours, 1000)
    os.write(ours, f"{KNOWN}\n".encode())
    with contextlib.suppress(OSError):  # Linux says so where the last of the other side has gone (pty(7))
        while piece := os.read(ours, 1000):
            shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    assert b"Kept SOME_API_KEY" in shown
    assert not holds(shown)
    assert (terminal.config / "keys" / NAME).read_text() == KNOWN


def test_a_task_that_waits_for_a_key_goes_on_when_it_is_set(terminal: Terminal, service: Service) -> None:
    with ModelServer("openai", "Here I am.", key=KNOWN) as server:
        terminal.models(server.url)
        with terminal.daemon():
            task = service.submit(NewTask("hello", OWNER))
            assert wait_until(lambda: service.reads.task(task.id).status is RunStatus.WAITING, 60)
            assert f"{NAME} is not set. Set it by agent auth set {NAME}." in terminal("status", str(task.id))
            terminal("auth", "set", NAME, given=KNOWN)
            assert wait_until(lambda: service.reads.task(task.id).status is RunStatus.DONE, 60)


def test_a_key_that_is_wrong_is_said_and_the_right_one_is_taken_up(terminal: Terminal, service: Service) -> None:
    with ModelServer("openai", "Here I am.", key=KNOWN) as server:
        terminal.models(server.url)
        terminal("auth", "set", NAME, given="sk-of-yesterday")
        with terminal.daemon():
            task = service.submit(NewTask("hello", OWNER))
            assert wait_until(lambda: service.reads.task(task.id).status is RunStatus.WAITING, 60)
            assert f"does not accept its key. Set it by agent auth set {NAME}." in terminal("status", str(task.id))
            terminal("auth", "set", NAME, given=KNOWN)
            assert wait_until(lambda: service.reads.task(task.id).status is RunStatus.DONE, 60)


def test_a_key_is_in_no_row_log_prompt_environment_argument_or_error(terminal: Terminal, service: Service) -> None:
    """Searches everything, while the model process holds the key and while a command of the task runs."""
    seen: list[str] = []
    bodies: list[bytes] = []
    lock = threading.Lock()

    def tell(asked: Asked) -> Said:
        with lock:
            seen.extend(_processes_with_the_key())
            bodies.append(json.dumps(asked.body).encode())
        steps: list[Said] = [
            _echoing(500),
            Call("shell", {"command": f"cat /proc/*/environ {terminal.config}/keys/* ~/.config/*/*; env; echo done"}),
            Call("python", {"code": f"import os; print(os.environ, open('{terminal.config}/keys/{NAME}').read())"}),
            Call("finish", {"result": "Done."}),
            _echoing(403),
        ]
        return steps[min(asked.number, len(steps)) - 1]

    terminal.env["AGENT_LOG_LEVEL"] = "debug"
    with ModelServer("openai", tell, key=KNOWN) as server:
        terminal.models(server.url)
        terminal("auth", "set", NAME, given=KNOWN)
        with terminal.daemon() as log:
            first = service.submit(NewTask("look around", OWNER))
            assert wait_until(lambda: service.reads.task(first.id).status is RunStatus.DONE, 60)
            second = service.submit(NewTask("again", OWNER))
            assert wait_until(lambda: service.reads.task(second.id).status is RunStatus.WAITING, 60)
        assert holds(server.received), "the key never went out: this test shows nothing"
    said = [terminal(*argv) for argv in (("logs", "1"), ("why", "1"), ("status", "2"), ("models",), ("export",))]
    for number, text in enumerate([*said, log.read_text()]):
        assert not holds(text.encode()), number
    assert seen == []
    assert not any(holds(body) for body in bodies)
    assert found_below(terminal.home, set()) == []
    assert [path.name for path in terminal.config.rglob("*") if path.is_file() and holds(path.read_bytes())] == [NAME]


def _echoing(status: int) -> Failure:
    """Give an answer of a provider that repeats the key."""
    return Failure(status, f"{KNOWN} is nobody that we know")


def _processes_with_the_key() -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("environ", "cmdline"):
            with contextlib.suppress(OSError):
                if int(process.name) != os.getpid() and holds((process / name).read_bytes()):
                    found.append(f"{process.name} {name}")
    return found
