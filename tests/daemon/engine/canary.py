"""A secret that is planted, and the search for it in everything that is left behind."""

import base64
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

KNOWN = "Canary/Zx81+kdk2Kdlslq92"
"""A secret of the settings, without a shape and without a word beside it."""

SHAPED = "ghp_Zk3Qw9Lm2Xc7Vb5Nn8Aa1Ss4Dd6Ff0Gg3HhJ"
"""A key that nobody told us of: it is found by its shape, where it is written as it is."""

PLANTED = (KNOWN, SHAPED)


def forms(secret: str) -> set[bytes]:
    """Give the encodings of a secret, in small letters."""
    raw = secret.encode()
    found = {raw, raw[::-1], raw.hex().encode(), quote(secret, safe="").encode()}
    for before in range(3):
        whole = base64.b64encode(b"\x00" * before + raw)
        found.add(whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6])
    return {form.lower() for form in found}


def written(secret: str) -> list[str]:
    """Give the secret as whoever wants to smuggle it out writes it."""
    raw = secret.encode()
    return [
        secret,
        secret[::-1],
        raw.hex(),
        raw.hex().upper(),
        quote(secret, safe=""),
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(b"x" + raw + b"y").decode(),
        f"{secret[:9]}\n{secret[9:]}",
        f"https://bot:{quote(secret, safe='')}@git.example.com/app.git",
    ]


LEAK = " and ".join([*written(KNOWN), SHAPED, f"https://{SHAPED}@git.example.com/app.git"])
"""A text that says everything."""


def holds(data: bytes) -> bool:
    """Say whether one of the planted secrets is in `data`, in any encoding, also broken over lines."""
    low = data.lower()
    joined = low.replace(b"\\n", b"").replace(b"\n", b"")
    return any(form in text for secret in PLANTED for form in forms(secret) for text in (low, joined))


def found_below(home: Path, given: set[bytes]) -> list[str]:
    """Give the files and rows below the state folder with a planted secret; bytes that are `given` may have one."""
    found = [str(path) for path in _files(home) if path.read_bytes() not in given and holds(path.read_bytes())]
    with sqlite3.connect(home / "agent.db") as database:
        found += [line[:200] for line in database.iterdump() if holds(line.encode("utf-8", "surrogatepass"))]
    database.close()
    return found


def _files(home: Path) -> Iterator[Path]:
    return (path for path in home.rglob("*") if path.is_file() and not path.is_symlink())
