"""The settings as the program sees them: one section for each part, which receives its own and never the whole.

Each field says how it is written (`kinds`) and its default; `config/config.yaml` shows the same for people.
"""

from typing import Annotated

import msgspec

from daemon.domain.limits import MICROS, Limits
from daemon.domain.sandbox import MIB, BoxLimits
from daemon.domain.words import LANGUAGES
from daemon.settings.kinds import (
    Choice,
    Dollars,
    Duration,
    Each,
    Folder,
    Name,
    Real,
    Several,
    Size,
    Unless,
    Url,
    Whole,
)

_GIB = 1024 * MIB
_YEAR = 366 * 86400
_UNLIMITED = "unlimited"

_LIMITS = Each(
    (
        ("steps", Unless(_UNLIMITED, Whole(1, 1_000_000))),
        ("seconds", Unless(_UNLIMITED, Duration(1, _YEAR))),
        ("model_calls", Unless(_UNLIMITED, Whole(0, 1_000_000))),
        ("tokens", Unless(_UNLIMITED, Whole(0, 1_000_000_000_000))),
        ("money", Unless(_UNLIMITED, Dollars(1_000_000))),
    )
)
_BOX = Each(
    (
        ("seconds", Duration(1, 7 * 86400)),
        ("memory", Size(16 * MIB, 1024 * _GIB)),
        ("processes", Whole(1, 100_000)),
        ("open_files", Whole(16, 1_000_000)),
        ("file_size", Size(1024, 1024 * _GIB)),
        ("output", Size(1024, _GIB)),
        ("disk", Size(MIB, 1024 * _GIB)),
        ("inodes", Whole(100, 1_000_000_000)),
    )
)


class LimitSettings(msgspec.Struct, frozen=True):
    """How much a run, a day and a month may use (T10); money in micro-dollars."""

    run: Annotated[Limits, _LIMITS] = Limits(
        steps=200, seconds=3600, model_calls=100, tokens=2_000_000, money=1 * MICROS
    )
    day: Annotated[Limits, _LIMITS] = Limits(money=5 * MICROS)
    month: Annotated[Limits, _LIMITS] = Limits(money=50 * MICROS)


class RunSettings(msgspec.Struct, frozen=True):
    """How runs are done.

    `at_once` runs in parallel; `attempts` without progress, then the run ends in error; `repeats` of the same call in
    a row, then the run is told; `calls_in_one_reply` tool calls, unless they only read.
    """

    at_once: Annotated[int, Whole(1, 64)] = 2
    attempts: Annotated[int, Whole(1, 100)] = 3
    repeats: Annotated[int, Whole(2, 100)] = 3
    calls_in_one_reply: Annotated[int, Whole(1, 100)] = 3


class ApprovalSettings(msgspec.Struct, frozen=True):
    """How long a question to the owner stays open, in days."""

    expire_days: Annotated[int, Duration(1, 365, "day")] = 7


class FileSettings(msgspec.Struct, frozen=True):
    """The biggest file that a task may bring along, and how much the snapshots of one run may take; in bytes."""

    max_input: Annotated[int, Size(1024, 1024 * _GIB)] = 2 * _GIB
    snapshots: Annotated[int, Size(MIB, 1024 * _GIB)] = 2 * _GIB


class LogSettings(msgspec.Struct, frozen=True):
    """What is logged, and in which form."""

    level: Annotated[str, Choice(("debug", "info", "warning", "error"))] = "info"
    form: Annotated[str, Choice(("console", "json"))] = "console"


class SkillSettings(msgspec.Struct, frozen=True):
    """Folders with skills of the owner's, beside those that come with the program."""

    folders: Annotated[tuple[str, ...], Several(Folder())] = ()


class RetentionSettings(msgspec.Struct, frozen=True):
    """For how many days ended tasks are kept; None keeps them until they are forgotten by hand."""

    days: Annotated[int | None, Unless("never", Duration(1, 36_500, "day"))] = None


class ModelSettings(msgspec.Struct, frozen=True):
    """One model without a models file: its server, its name, and how freely it answers (None: as the model likes)."""

    url: Annotated[str, Url()] = "http://127.0.0.1:11434"
    name: Annotated[str | None, Unless("none", Name())] = None
    temperature: Annotated[float | None, Unless("default", Real(0, 2))] = None


class OwnerSettings(msgspec.Struct, frozen=True):
    """Who the agent works for: the language in which it speaks."""

    language: Annotated[str, Choice(LANGUAGES)] = "en"


class TelegramSettings(msgspec.Struct, frozen=True):
    """The bot; its token is the secret TELEGRAM_BOT_TOKEN.

    `api` is the address of a Bot API server (None: Telegram's own). A message that comes within `follow` seconds after
    a result goes on with that task.
    """

    api: Annotated[str | None, Unless("default", Url())] = None
    follow: Annotated[int, Duration(0, 7 * 86400)] = 900


class Settings(msgspec.Struct, frozen=True):
    """All sections. `notices` are sentences about what was read from an older form."""

    limits: LimitSettings = LimitSettings()
    runs: RunSettings = RunSettings()
    approvals: ApprovalSettings = ApprovalSettings()
    files: FileSettings = FileSettings()
    sandbox: Annotated[BoxLimits, _BOX] = BoxLimits()
    log: LogSettings = LogSettings()
    skills: SkillSettings = SkillSettings()
    retention: RetentionSettings = RetentionSettings()
    model: ModelSettings = ModelSettings()
    owner: OwnerSettings = OwnerSettings()
    telegram: TelegramSettings = TelegramSettings()
    notices: tuple[str, ...] = ()
