"""What the doctor looks at."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable

from daemon.app.compose import build_registry, build_skills, checked_agents
from daemon.app.model_list import listed_models
from daemon.app.plugins import load_agents, load_channels
from daemon.domain.errors import AgentError, ConfigError, SandboxUnavailable, StoreError
from daemon.health import Check
from daemon.settings.loader import load
from daemon.settings.models import load_catalogue
from daemon.settings.places import config_folder, shipped
from daemon.settings.policy import load_policy
from daemon.settings.profiles import load_profiles
from daemon.settings.secret import secret
from daemon.store import audit
from daemon.store.home import Home
from daemon.store.rows import DATABASE

_LITTLE_SPACE = 500 * 1024 * 1024


def checks(home: Callable[[], Home]) -> list[Check]:
    """Give all looks, cheapest first."""
    return [
        Check("python", _python),
        Check("configuration", _configuration),
        Check("policy", _policy),
        Check("state folder", lambda: _state(home())),
        Check("disk space", lambda: _space(home())),
        Check("database", lambda: _database(home())),
        Check("audit log", lambda: _audit(home())),
        Check("sandbox", lambda: _sandbox(home())),
        Check("skills", _skills),
        Check("tools", _tools),
        Check("fonts", _fonts),
        Check("models", _models),
        Check("unit file", _unit),
    ]


def _python() -> str:
    return f"{sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"


def _configuration() -> str:
    notices = load().notices
    return "; ".join(notices) if notices else f"{config_folder()} (defaults where nothing is written)"


def _policy() -> str:
    policy = load_policy()
    return f"{policy.preset}, {len(policy.rules)} rules"


def _state(home: Home) -> str:
    return str(home.path)


def _space(home: Home) -> str:
    free = shutil.disk_usage(home.path).free
    if free < _LITTLE_SPACE:
        raise StoreError(f"Only {free // 2**20:,} MB are free at {home.path}.", "Free some space, or move AGENT_HOME.")
    return f"{free / 2**30:,.1f} GB free"


def _database(home: Home) -> str:
    answer = DATABASE.execute_sql("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise StoreError(f"The database is damaged: {answer}.", "agent backup --list shows what can be restored.")
    return f"sound, {home.database.stat().st_size / 2**20:,.1f} MB"


def _audit(home: Home) -> str:
    del home
    broken = audit.broken()
    if broken is not None:
        raise StoreError(f"Entry {broken} does not fit the chain.", "Somebody changed the log; compare with a backup.")
    return f"whole, head {audit.head()[:12]}"


def _sandbox(home: Home) -> str:
    from agents.sandbox.bubblewrap import Bubblewrap

    sandbox = Bubblewrap(secret=(home.path, config_folder()))
    why = sandbox.unavailable()
    if why is not None:
        raise SandboxUnavailable(why)
    version = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    weak = [f"{what} {fix}" for what, fix in sandbox.weaknesses()]
    return " ".join([f"holds ({version}).", *weak]) if weak else f"holds ({version})"


def _skills() -> str:
    skills = build_skills().all()
    runnable = [skill.name for skill in skills if skill.entry]
    return f"{len(skills)}, of which {len(runnable)} run without a model"


def _tools() -> str:
    registry = build_registry()
    problems = [*registry.problems, *load_agents().problems, *load_channels().problems]
    if problems:
        lines = "\n".join(f"{problem.source}: {problem.reason}" for problem in problems)
        raise ConfigError(
            f"Left out:\n{lines}", "Mend or remove the package, or tools.yaml; all else works without it."
        )
    return f"{len(registry.entries)}, of which {len(registry.tools)} are on"


def _fonts() -> str:
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    lacking = [name for name in ("Noto Sans", "Droid Sans Fallback", "WenQuanYi Micro Hei") if name not in listed]
    if lacking:
        raise ConfigError(
            f"PDF reports lack fonts for some scripts ({', '.join(lacking)}).",
            "apt-get install fonts-noto-core fonts-droid-fallback fonts-wqy-microhei",
        )
    return "for Latin, Greek, Cyrillic, Arabic, Hebrew, Indic and East Asian scripts"


def _models() -> str:
    found = listed_models(load_catalogue(), secret)
    broken = [f"{model.name}: {model.problem}" for model in found if model.problem]
    if found and len(broken) == len(found):
        raise ConfigError(f"No model can be asked. {'; '.join(broken)}.", "Start the server, or see agent models.")
    checked_agents(load_profiles(), build_registry())
    lacking = f"; {'; '.join(broken)}" if broken else ""
    names = ", ".join(dict.fromkeys(model.name for model in found))
    return f"{names}{lacking}" if found else "none configured; skills with scripts work without"


def _unit() -> str:
    path = shipped("systemd/personal-agent.service")
    if not os.access(path, os.R_OK):
        raise AgentError(f"{path} cannot be read.", "Install personal-agent again.")
    return str(path)
