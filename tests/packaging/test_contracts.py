"""Who may import whom is checked by the test command; what breaks the contracts is seen."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import copy_to

LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Copy the packages and their contracts."""
    return copy_to(tmp_path, "pyproject.toml", "*.py", ":!tests")


def _broken(house: Path) -> set[str]:
    """Give the names of the broken contracts."""
    done = subprocess.run([LINT, "--no-logo", "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    broken = {line.rsplit(" BROKEN", 1)[0] for line in done.stdout.splitlines() if " BROKEN" in line}
    assert done.returncode == (1 if broken or "Could not run" in done.stdout else 0), done.stdout + done.stderr
    return broken


def _write(house: Path, path: str, text: str) -> None:
    (house / path).parent.mkdir(parents=True, exist_ok=True)
    (house / path).with_name("__init__.py").touch()
    (house / path).write_text(f'"""A module that is not in the plan."""\n\n{text}\n')


def test_the_house_keeps_all_contracts(house: Path) -> None:
    assert _broken(house) == set()


def test_a_stray_module_in_daemon_breaks_a_contract(house: Path) -> None:
    _write(house, "daemon/utils.py", "")
    assert _broken(house) == {"Every module of daemon has its floor, and imports only from the floors below"}


@pytest.mark.parametrize(
    ("path", "text", "contract"),
    [
        ("daemon/engine/stray.py", "import daemon.app.compose", "Every module of daemon has its floor, and imports"),
        ("daemon/engine/stray.py", "import skills.library", "The whole house: channels, agents and the review"),
        ("daemon/domain/stray.py", "import daemon.settings.places", "Settings and health see the domain"),
        ("daemon/domain/stray.py", "import skills.library", "Settings and health see the domain"),
        ("daemon/settings/stray.py", "import daemon.health", "Settings and health see the domain"),
        ("daemon/review/night.py", "import daemon.engine.service", "The review sees the domain"),
        ("daemon/review/night.py", "import channels.cli", "The review sees the domain"),
        ("agents/stray.py", "import daemon.settings.places", "Agents see the domain and skills"),
        ("agents/stray.py", "import daemon.engine.service", "Agents see the domain and skills"),
        ("agents/stray.py", "import channels.cli.text", "Agents see the domain and skills"),
        ("channels/stray.py", "import daemon.engine.runner", "Channels see the domain and the service"),
        ("channels/stray.py", "import daemon.store.tasks", "Channels see the domain and the service"),
        ("channels/stray.py", "import agents.loop", "Channels see the domain and the service"),
        ("skills/stray.py", "import daemon.settings.places", "Skills see the domain"),
        ("skills/stray.py", "import agents.loop", "Skills see the domain"),
        ("daemon/engine/stray.py", "import peewee", "Only the store knows peewee"),
        ("daemon/engine/stray.py", "from playhouse import sqlite_ext", "Only the store knows peewee"),
        ("agents/stray.py", "import litellm", "Only agents.models knows litellm"),
        ("channels/cli/stray.py", "import telegram.ext", "Only channels.telegram knows Telegram"),
        ("channels/cli/stray.py", "import imapclient", "Only channels.mail knows IMAP and SMTP"),
        ("channels/cli/stray.py", "import aiosmtplib", "Only channels.mail knows IMAP and SMTP"),
        ("daemon/engine/stray.py", "import apscheduler.triggers", "Only daemon.engine.schedule knows APScheduler"),
        ("channels/cli/stray.py", "import starlette.routing", "Only channels.web knows a web framework"),
        ("channels/cli/stray.py", "import uvicorn", "Only channels.web knows a web framework"),
        ("agents/stray.py", "import matplotlib.pyplot", "Only skills.report knows typst and matplotlib"),
        ("daemon/app/stray.py", "import typst", "Only skills.report knows typst and matplotlib"),
    ],
)
def test_an_import_that_the_plan_forbids_breaks_a_contract(house: Path, path: str, text: str, contract: str) -> None:
    _write(house, path, text)
    assert [name for name in _broken(house) if name.startswith(contract)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("agents/models/__init__.py", "import litellm"),
        ("channels/telegram/__init__.py", "import telegram"),
        ("channels/mail/inbox.py", "import imapclient\nimport aiosmtplib"),
        ("channels/web/site.py", "import starlette\nimport uvicorn\nimport daemon.engine.service"),
        ("daemon/engine/schedule.py", "import apscheduler"),
        ("daemon/store/stray.py", "import peewee\nimport playhouse"),
        ("daemon/review/night.py", "import daemon.domain.task\nimport daemon.store.tasks\nimport skills.library"),
        ("agents/stray.py", "import daemon.domain.task\nimport skills.library"),
        ("skills/report/stray.py", "import typst\nimport matplotlib"),
    ],
)
def test_an_import_that_the_plan_allows_breaks_none(house: Path, path: str, text: str) -> None:
    _write(house, path, text)
    assert _broken(house) == set()
