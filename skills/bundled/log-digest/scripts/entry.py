"""A line of a log, read: when, how serious, and what it says."""

import json
import re
from dataclasses import dataclass

from level import Level, by_words, level_of, named_level, status_level, without_level
from stamp import ISO, Stamp, Stamps

_ACCESS = re.compile(r'(\S{1,100}) \S{1,100} \S{1,200} \[([^\]]{20,40})\] "([^"]{0,8000})"? (\d{3}) ')
_REQUEST = re.compile(r"([A-Z]{3,10}) ([^ ?]{1,500})")
_SYSLOG = re.compile(r"\s*([\w.:-]{1,100}) ([\w./@()-]{1,60}?)(?:\[\d{1,10}\])?: ")
_MESSAGE = re.compile(r'\b(?:msg|message)=(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_KUBERNETES: dict[str, Level] = {"D": "debug", "I": "info", "W": "warning", "E": "error", "F": "fatal"}
_TIMES = ("time", "timestamp", "@timestamp", "ts", "datetime", "date", "t", "asctime", "__REALTIME_TIMESTAMP")
_LEVELS = ("level", "severity", "lvl", "levelname", "log.level", "loglevel", "PRIORITY", "severityText")
_MESSAGES = ("msg", "message", "event", "log", "text", "body", "MESSAGE")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: its time (None where it has none), level and message; `guessed` where only its words say the level."""

    stamp: Stamp | None
    level: Level
    message: str
    guessed: bool = False
    form: str = "text"


class Reader:
    """Reads the lines of one log."""

    def __init__(self, now: int) -> None:
        """Take years that are left out from `now`."""
        self._stamps = Stamps(now)

    def read(self, line: str) -> Entry:
        """Read a line, whatever it is."""
        if line.startswith("{"):
            entry = self._structured(line)
            if entry is not None:
                return entry
        access = _ACCESS.match(line)
        if access is not None:
            stamp = self._stamps.find(f"[{access[2]}]")
            status = int(access[4])
            request = _REQUEST.match(access[3])
            said = f"{request[1]} {request[2]}" if request else "(no request)"
            return Entry(stamp, status_level(status), f"{said} → status {_word(status)}", form="access")
        return self._plain(line)

    def _plain(self, line: str) -> Entry:
        stamp = self._stamps.find(line)
        if stamp is None:
            return self._entry(None, line, line)
        before, rest = line[: stamp.start], line[stamp.end :].lstrip("]")
        letter = line[:1] if not before and line[1:5].isdigit() else ""
        if letter in _KUBERNETES:
            said = rest.partition("] ")[2] or rest
            return Entry(stamp, _KUBERNETES[letter], said.strip())
        # Of syslog: a month by its name, or a time with its zone, and then host and program.
        source = _SYSLOG.match(rest) if stamp.zone or line[stamp.start].isalpha() or line[0] == "<" else None
        if source is not None and level_of(f"{source[1]} ") is None:
            said = rest[source.end() :]
            named = level_of(said)
            level = named or by_words(said)
            return Entry(stamp, level, f"{source[2]}: {without_level(said) if named else said}", named is None)
        return self._entry(stamp, f"{before.rstrip('[ ')} {rest}", f"{before} {rest}")

    @staticmethod
    def _entry(stamp: Stamp | None, text: str, whole: str) -> Entry:
        named = level_of(whole)
        said = _MESSAGE.search(whole)
        message = (said[1] or said[2] or "") if said else text
        message = message.strip(" \t-|")
        if named is None:
            return Entry(stamp, by_words(message), message, guessed=True)
        return Entry(stamp, named, without_level(message))

    def _structured(self, line: str) -> Entry | None:
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError):
            return None
        if not isinstance(fields, dict):
            return None
        stamp = self._time(_first(fields, _TIMES))
        said = _first(fields, _MESSAGES)
        message = said.strip() if isinstance(said, str) else json.dumps(said if said is not None else fields)
        error = fields.get("error") or fields.get("err")
        if isinstance(error, str) and error not in message:
            message = f"{message}: {error}"
        level = named_level(_first(fields, _LEVELS)) or level_of(message)
        return Entry(stamp, level or by_words(message), message, level is None, "json")

    def _time(self, value: object) -> Stamp | None:
        if isinstance(value, str):
            found = ISO.match(value)
            return self._stamps.find(value[:40]) if found or value[:1].isdigit() else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = float(value) if abs(value) < 1e18 else 0.0
            while seconds > 1e11:  # thousandths and less
                seconds /= 1000
            return Stamp(float(int(seconds)), 0, 0, "UTC") if 1e8 < seconds < 1e11 else None
        return None


def _first(fields: dict[str, object], names: tuple[str, ...]) -> object:
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _word(status: int) -> str:
    """Keep the status from being masked as a number."""
    return f"HTTP{status}"
