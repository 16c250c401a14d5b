"""Logs of every kind, good and bad, as bytes."""

import gzip
import random
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
# Lines of log files that programs write, each with its level and a part of its masked message.
LINES: dict[str, tuple[str, str, str]] = {
    "Python": ("2026-11-25 06:08:12,123 ERROR pool: 7 workers died", "Errors", "pool: ‹n› workers died"),
    "Python, level first": ("ERROR 2026-11-25 06:08:12 pool 7 died", "Errors", "pool ‹n› died"),
    "Java": ("2026-11-25 06:08:12.123 WARN [main] c.e.Pool - retry 3", "Warnings", "[main] c.e.Pool - retry ‹n›"),
    "syslog": ("Nov 25 06:08:12 nas sshd[812]: Failed password for root port 22", "Errors", "sshd: Failed password"),
    "rsyslog": ("2026-11-25T06:08:12.1+01:00 nas cron[9]: job 4 done", "No level", "cron: job ‹n› done"),
    "nginx error": ("2026/11/25 06:08:12 [error] 71#71: *3 open() failed", "Errors", "‹n›#‹n›: *‹n› open() failed"),
    "Apache error": ("[Wed Nov 25 06:08:12.1 2026] [core:error] [pid 9] AH1 gone", "Errors", "AH"),
    "access log, 500": ('1.2.3.4 - - [25/Nov/2026:06:08:12 +0000] "GET /a/7?q=1 HTTP/1.1" 502 9 "-" "x"', "Errors",
                        "GET /a/‹n› → status HTTP502"),
    "access log, 404": ('::1 - bob [25/Nov/2026:06:08:12 +0000] "GET /x HTTP/1.1" 404 9', "Warnings", "status HTTP404"),
    "Kubernetes": ("W1125 06:08:12.123456   1 pod.go:12] pod 7 not ready", "Warnings", "pod ‹n› not ready"),
    "logfmt": ('time="2026-11-25T06:08:12Z" level=fatal msg="no disk 3" x=1', "Fatal", "no disk ‹n›"),
    "JSON": ('{"time":"2026-11-25T06:08:12Z","level":"warn","msg":"slow 12 ms"}', "Warnings", "slow ‹n› ms"),
    "pino": ('{"level":50,"time":1795586892000,"msg":"broken pipe 3"}', "Errors", "broken pipe ‹n›"),
    "epoch": ("1795586892.5 INFO started 3 workers", "Information", "started ‹n› workers"),
    "docker compose": ("web_1  | 2026-11-25 06:08:12 DEBUG cache 3 hit", "Debugging", "cache ‹n› hit"),
    "European": ("25.11.2026 06:08:12 FEHLER nr 3 timeout", "Warnings", "FEHLER nr ‹n› timeout"),
    "no time": ("panic: runtime error 7", "Fatal", "runtime error ‹n›"),
    "no errors": ("2026-11-25 06:08:12 finished with 0 errors", "No level", "finished with ‹n› errors"),
}  # fmt: skip

# What hides in lines; a log may have all of it.
_LINES = (
    b"2026-11-25 06:08:12 INFO x\r\n",
    b"2026-11-25 06:08:12 ERROR \xff\xfe broken\n",
    b"2026-11-25 06:08:12 ERROR a\0b\n",
    b"2026-11-25 06:08:12 ERROR \x1b[31mred\x07\x08 \xe2\x80\xaeevil\n",
    b"2026-13-45 99:99:99 INFO a\nFeb 30 01:01:01 h p: b\n",
    b"2024-11-25 06:08:12 INFO a\n",
    b"{" * 5 + b'"a":' * 3 + b"\n" + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"\n",
    b'{"level":true,"time":{},"msg":[1,2]}\n{"time":1e400,"level":[]}\n{}\n{"msg":""}\n',
    b'x "' * 2000 + b"\n" + b"'" * 2000 + b"\n",
    b"1" * 5000 + b"\n" + b"1.1." * 1000 + b"\n" + b":" * 3000 + b"\nmsg=" + b'"\\' * 3000 + b"\n",
    b"2026-11-25 06:08:12 ERROR " + b"x" * 300_000 + b"\n",
)
ODD: dict[str, bytes] = {
    "a line without end": b"2026-11-25 06:08:12 INFO x",
    "odd lines": b"".join(_LINES),
    "utf-16": "2026-11-25 06:08:12 INFO ä\n2026-11-25 06:08:13 ERROR y\n".encode("utf-16"),
    "long line without end": b"2026-11-25 06:08:12 ERROR " + b"(" * 100_000,
    "far times": b"0001-01-01 00:00:00 INFO a\n9999-12-31 23:59:60 ERROR b\n",
    "markup": b'2026-11-25 06:08:12 ERROR #read("/etc/passwd") *b* $x$ |`c`| <b> [x](http://e.org) ]]\n' * 3,
    "truncated gzip": gzip.compress(b"2026-11-25 06:08:12 ERROR disk 1\n" * 9000, mtime=0)[:-20],
}

UNUSABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "white space": (b" \n\n\t\r\n", "empty"),
    "empty gzip": (gzip.compress(b"", mtime=0), "empty"),
    "no gzip after all": (b"\x1f\x8bxxxxxxxxxxxxxxxx", "damaged"),
    "a journal": (b"LPKSHHRH" + bytes(100), "journalctl"),
    "zip": (b"PK\x03\x04" + bytes(range(256)) * 20, "ZIP"),
    "binary": (random.Random(3).randbytes(50_000), "binary"),
}


def service() -> bytes:
    """Give a day of a service: 3,000 entries, a burst of 40 errors at noon, and a new error at the end."""
    draw = random.Random(1)
    lines: list[str] = []
    for index in range(3000):
        at = BEGIN + timedelta(seconds=index * 24)
        lines.append(
            f"{at:%Y-%m-%d %H:%M:%S} INFO web - user {draw.randint(1, 999)} from 10.0.0.{draw.randint(1, 250)}"
        )
        if index % 100 == 50:
            request = draw.randbytes(16).hex()
            lines.append(f"{at:%Y-%m-%d %H:%M:%S} ERROR web - request {request} failed")
            lines.append("Traceback (most recent call last):")
            lines.append(f'  File "x.py", line {index}, in y')
            lines.append("app.errors.Missing Error")
            lines.append(f"KeyError: 'user{index}'")
        if 900 <= index < 940:
            lines.append(f"{at:%Y-%m-%d %H:%M:%S} ERROR db - connection to 10.0.0.9:5432 refused after {index} ms")
        if index > 2900 and index % 20 == 0:
            lines.append(f"{at:%Y-%m-%d %H:%M:%S} FATAL disk - volume {index} is full")
    return ("\n".join(lines) + "\n").encode()
