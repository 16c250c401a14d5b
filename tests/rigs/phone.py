"""An owner with a phone: a real daemon in a process of its own, a Bot API server, and a model that follows a story."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from daemon.app.compose import open_home, open_service
from daemon.domain.errors import NotFound
from daemon.domain.principal import Principal, Role
from daemon.domain.run import RunStatus
from daemon.engine.service import Service
from daemon.store import database
from tests.rigs.bot_server import BotServer
from tests.rigs.bot_server.callback import Callback
from tests.rigs.bot_server.chat import Chat
from tests.rigs.bot_server.user import User
from tests.rigs.model_server import ModelServer
from tests.rigs.waiting import wait_until

TERMINAL = Principal(Role.OWNER, "cli", "0")
_ROOT = Path(__file__).parents[2]


class Phone:
    """A house whose owner is Ann."""

    def __init__(self, folder: Path, bot: BotServer, service: Service, environment: Mapping[str, str]) -> None:
        """Live in `folder`, where everything is set up."""
        self.folder = folder
        self.bot = bot
        self.service = service
        self._environment = dict(environment)
        self._daemon: subprocess.Popen[bytes] | None = None
        self.model: ModelServer | None = None
        self.ann: User = bot.user("Ann", username="ann_w")
        self.ann.starts()

    @property
    def log(self) -> str:
        """Give what the daemon has logged."""
        path = self.folder / "daemon.log"
        return path.read_text() if path.exists() else ""

    @property
    def daemon(self) -> "subprocess.Popen[bytes]":
        """Give the daemon's process."""
        assert self._daemon is not None
        return self._daemon

    def group(self) -> Chat:
        """Open a group of Ann and the bot, which reads all that is said there."""
        self.bot.telegram.account.reads_all = True
        group = self.bot.group("Ours", self.ann)
        self.ann.adds_bot(group)
        return group

    def pair(self, user: User) -> None:
        """Make somebody the owner, as `agent pair` does."""
        post = self.service.post
        post.open_door("telegram", TERMINAL)
        code = post.ask_to_pair("telegram", str(user.id), "Ann", str(user.id))
        assert code is not None
        post.pair("telegram", code, TERMINAL)

    def start(self, failpoint: str = "", *, wait: bool = True) -> None:
        """Start the daemon, and wait until it asks for updates."""
        with (self.folder / "daemon.log").open("ab") as log:
            self._daemon = subprocess.Popen(
                [sys.executable, "-m", "daemon.main", "daemon"],
                cwd=_ROOT,
                env=os.environ | self._environment | {"AGENT_FAILPOINT": failpoint},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        if wait:
            self.until(lambda: self.bot.polled or self.daemon.poll() is not None)

    def kill(self) -> None:
        """Kill it (SIGKILL), wherever it is."""
        self.daemon.kill()
        self.daemon.wait()

    def stop(self) -> int:
        """Ask it to end; gives the exit status."""
        self.daemon.terminate()
        return self.daemon.wait(60)

    def close(self) -> None:
        """Leave no process."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()

    def until(self, seen: Callable[[], object], seconds: float = 60.0) -> None:
        """Wait until something is to be seen."""
        assert wait_until(lambda: bool(seen()), seconds), f"it never came\n{self.ann.chat.texts}\n{self.log[-4000:]}"

    def says_until(self, text: str, words: str) -> str:
        """Say something and give the first message after it that holds these words."""
        before = len(self.ann.chat.history)
        self.ann.says(text)
        return self.heard(words, before)

    def heard(self, words: str, after: int = 0) -> str:
        """Wait for a message with these words; gives its text."""
        found: list[str] = []

        def look() -> bool:
            found[:] = [text for text in self.ann.chat.texts[after:] if words in text]
            return bool(found)

        self.until(look)
        return found[0]

    def taps(self, button: str) -> Callback:
        """Tap the newest button of that name, once there is one."""
        self.until(lambda: any(button in one.values() for shown in self.ann.chat.history for one in shown.buttons))
        return self.ann.taps(button)

    def taken(self) -> None:
        """Wait until everything that was said is taken."""
        self.until(lambda: not self.bot.updates.waiting and not self.service.post.stored("telegram"))

    def status(self, task_id: int) -> RunStatus | None:
        """Give how a task stands; None where it is not there yet."""
        try:
            return self.service.reads.task(task_id).status
        except NotFound:
            return None

    def reload(self) -> None:
        """Let the daemon read its configuration again."""
        self.daemon.send_signal(signal.SIGHUP)


@contextmanager
def phone(
    folder: Path,
    story: Any = None,
    *,
    rules: Sequence[Mapping[str, Any]] = (),
    settings: Mapping[str, str] | None = None,
    bot: BotServer | None = None,
    models: Sequence[Mapping[str, Any]] = (),
) -> Iterator[Phone]:
    """Open a house; with a `story` it has a model, `models` are more of them, and `rules` are those of its policy."""
    config = folder / "config"
    config.mkdir(mode=0o700)
    with ExitStack() as opened:
        server = opened.enter_context(bot or BotServer())
        (config / "config.yaml").write_text(json.dumps({"telegram": {"api": server.url}}))
        if rules:
            (config / "policy.yaml").write_text(json.dumps({"preset": "careful", "rules": list(rules)}))
        model = opened.enter_context(ModelServer("openai", story)) if story is not None else None
        if model is not None:
            _models(config, model.url, models)
        home = open_home(folder / "home")
        opened.callback(database.close)
        environment = {
            "AGENT_HOME": str(folder / "home"),
            "AGENT_CONFIG": str(config),
            "AGENT_LOG_FORM": "json",
            "TELEGRAM_BOT_TOKEN": server.token,
            **(settings or {}),
        }
        environment["PYTHONWARNINGS"] = "error"
        house = Phone(folder, server, open_service(home), environment)
        opened.callback(house.close)
        house.model = model
        house.pair(house.ann)
        yield house


def _models(config: Path, url: str, more: Sequence[Mapping[str, Any]]) -> None:
    parameters = {"model": "openai/test-model", "api_base": url, "api_key": "none"}
    info = {"max_input_tokens": 32_768, "max_output_tokens": 1024}
    model = {"model_name": "local", "litellm_params": parameters, "model_info": info}
    tiers = {"fast": ["local"], "smart": ["local"], "cloud": ["local"]}
    (config / "models.yaml").write_text(json.dumps({"model_list": [model, *more], "tiers": tiers}))
