"""How long redaction takes: `python -m tests.daemon.redaction.speed` prints CPU seconds for ten megabytes of a kind."""

import base64
import glob
import json
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from daemon.engine.redaction.redactor import Redactor
from tests.daemon.redaction.corpus import keys

SIZE = 10_000_000
HOSTILE = (
    *("password=", "password='", "a", " ", "\n", "0meyJ", "eyJ.", "-----BEGIN PRIVATE KEY-----", "cookie: a=b; "),
    *("://a:b", "curl -u ", "authorization: ", "secret_key ", "mysql -u ", "sk-", "\\n", "[secret:", "Bearer "),
    *("machine a.b login c ", "token is ", "-----END PRIVATE KEY-----", "{", "key", "Private-Lines: 1 a", "\t TRUE"),
)
"""What makes a careless pattern take a time that grows with the square of the length."""


def _ordinary() -> Iterator[tuple[str, str]]:
    names = glob.glob(f"{sysconfig.get_path('stdlib')}/**/*.py", recursive=True)[:600]  # noqa: PTH207 - all at once
    code = "".join(Path(name).read_text(encoding="utf-8", errors="replace") for name in names)
    yield "code", code
    yield "log lines", "2026-03-04T12:01:09Z INFO worker-3 request ok path=/v1/items id=7f3c2a9e took 42ms\n"
    yield "base64", base64.b64encode(Random(1).randbytes(SIZE)).decode()
    yield "JSON", json.dumps([{"id": number, "name": f"item {number}", "tags": ["a", "b"]} for number in range(9999)])
    yield "settings", "".join(f"DB_PASSWORD={keys.password(Random(n))}\nDB_HOST=db{n}\n" for n in range(9999))


def main() -> None:
    """Print a line for each kind of text."""
    random = Random(2)
    redactor = Redactor([keys.alnum(random, 40) for _ in range(20)], b"key")
    for name, text in (*_ordinary(), *((f"hostile {piece!r}", piece) for piece in HOSTILE)):
        whole = (text * (SIZE // len(text) + 1))[:SIZE]
        began = time.process_time()
        redactor.text(whole)
        print(f"{time.process_time() - began:6.2f} s  {name}")


if __name__ == "__main__":
    main()
