"""Random keys of the right shape, with the right checksum where their maker documents one."""

import base64
import hashlib
import json
import string
import zlib
from collections.abc import Callable, Mapping
from random import Random

_ALNUM = string.ascii_letters + string.digits
_WORD = _ALNUM + "-_"
_HEX = "0123456789abcdef"
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def some(random: Random, letters: str, count: int) -> str:
    """Give random letters."""
    return "".join(random.choices(letters, k=count))


def alnum(random: Random, count: int) -> str:
    return some(random, _ALNUM, count)


def _base62_crc(body: str, width: int) -> str:
    """Give the CRC-32 in base 62, as GitHub and npm append it to their tokens."""
    number, digits = zlib.crc32(body.encode()), ""
    letters = string.digits + string.ascii_uppercase + string.ascii_lowercase
    while number:
        number, rest = divmod(number, 62)
        digits = letters[rest] + digits
    return digits.rjust(width, "0")


def _github(random: Random) -> str:
    body = alnum(random, 30)
    return f"gh{random.choice('pousr')}_{body}{_base62_crc(body, 6)}"


def _npm(random: Random) -> str:
    body = alnum(random, 30)
    return f"npm_{body}{_base62_crc(body, 6)}"


def _telegram(random: Random) -> str:
    return f"{random.randint(10**9, 10**10 - 1)}:AA{some(random, _WORD, 32)}{random.choice(_ALNUM)}"


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _jwt(random: Random) -> str:
    head = _url64(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = _url64(json.dumps({"sub": str(random.randint(1, 10**6)), "iat": random.randint(1, 2**31)}).encode())
    return f"{head}.{body}.{_url64(random.randbytes(32))}"


def _pypi(random: Random) -> str:
    # A macaroon (version 2) whose location is the index; what follows is its identifier, caveats and signature.
    return "pypi-" + _url64(b"\x02\x01\x08" + b"pypi" + b".org" + b"\x02\x24" + random.randbytes(110))


def _age(random: Random) -> str:
    """A key in Bech32 (BIP 173) with its checksum."""
    prefix = "age-secret-key-"
    data, bits, width = [], 0, 0
    for byte in random.randbytes(32):
        bits, width = bits << 8 | byte, width + 8
        while width >= 5:
            width -= 5
            data.append(bits >> width & 31)
    data.append(bits << 5 - width & 31)
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    checksum = _polymod([*expanded, *data, 0, 0, 0, 0, 0, 0]) ^ 1
    data += [checksum >> 5 * (5 - i) & 31 for i in range(6)]
    return (prefix + "1" + "".join(_BECH32[value] for value in data)).upper()


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if top >> i & 1 else 0
    return checksum


def pem(random: Random, label: str, size: int) -> str:
    """Give a private key in PEM (RFC 7468)."""
    text = base64.b64encode(random.randbytes(size)).decode()
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"])


def password(random: Random) -> str:
    """Give a password as people and their managers make them."""
    word = random.choice(
        ["Sommer", "winter", "Dragon", "tiger", "Berlin", "Schatz", "soleil", "amore", "sol", "Kaffee"]
    )
    return random.choice(
        [
            f"{word}{random.randint(1980, 2030)}{random.choice('!#?$')}",
            f"{word}{random.choice('!_@#')}{random.randint(10, 99)}",
            alnum(random, random.randint(10, 20)) + str(random.randint(0, 9)),
            f"{random.choice('!%*+')}{some(random, _ALNUM + '!#%*+-.', random.randint(11, 18))}{random.randint(0, 9)}x",
            f"{alnum(random, 6)}-{alnum(random, 6)}-{alnum(random, 6)}",
        ]
    )


def opaque(random: Random) -> str:
    """Give a token without a shape of its own."""
    return random.choice(
        [
            some(random, _HEX, 32),
            some(random, _HEX, 64),
            alnum(random, 24),
            alnum(random, 40),
            base64.b64encode(random.randbytes(32)).decode(),
            _url64(random.randbytes(24)),
        ]
    )


SHAPED: Mapping[str, Callable[[Random], str]] = {
    "openai": lambda r: f"sk-proj-{some(r, _WORD, 74)}T3BlbkFJ{some(r, _WORD, 74)}",
    "openai old": lambda r: f"sk-{alnum(r, 20)}T3BlbkFJ{alnum(r, 20)}",
    "openai service": lambda r: f"sk-svcacct-{some(r, _WORD, 60)}",
    "anthropic": lambda r: f"sk-ant-api03-{some(r, _WORD, 93)}AA",
    "openrouter": lambda r: f"sk-or-v1-{some(r, _HEX, 64)}",
    "google": lambda r: f"AIza{some(r, _WORD, 34)}{r.choice(_ALNUM)}",
    "google oauth": lambda r: f"ya29.a0{some(r, _WORD, 120)}",
    "aws": lambda r: r.choice(["AKIA", "ASIA"]) + some(r, _BASE32, 16),
    "github": _github,
    "github fine": lambda r: f"github_pat_{alnum(r, 22)}_{alnum(r, 59)}",
    "gitlab": lambda r: f"glpat-{some(r, _WORD, 19)}{r.choice(_ALNUM)}",
    "gitlab runner": lambda r: f"glrt-{some(r, _WORD, 19)}{r.choice(_ALNUM)}",
    "slack bot": lambda r: f"xoxb-{r.randint(10**11, 10**12)}-{r.randint(10**11, 10**12)}-{alnum(r, 24)}",
    "slack app": lambda r: f"xapp-1-A{some(r, _BASE32, 10)}-{r.randint(10**11, 10**12)}-{some(r, _HEX, 64)}",
    "slack hook": lambda r: (
        f"https://hooks.slack.com/services/T{some(r, _BASE32, 8)}/B{some(r, _BASE32, 8)}/{alnum(r, 24)}"
    ),
    "stripe": lambda r: f"{r.choice(['sk_live', 'rk_live', 'sk_test'])}_{alnum(r, 24)}",
    "stripe hook": lambda r: f"whsec_{alnum(r, 32)}",
    "telegram": _telegram,
    "npm": _npm,
    "pypi": _pypi,
    "huggingface": lambda r: f"hf_{some(r, string.ascii_letters, 34)}",
    "jwt": _jwt,
    "age": _age,
    "sendgrid": lambda r: f"SG.{some(r, _WORD, 21)}{r.choice(_ALNUM)}.{some(r, _WORD, 42)}{r.choice(_ALNUM)}",
    "digitalocean": lambda r: f"dop_v1_{some(r, _HEX, 64)}",
    "vault": lambda r: f"hvs.{some(r, _WORD, 90)}",
    "groq": lambda r: f"gsk_{alnum(r, 52)}",
}

BLOCKS: Mapping[str, Callable[[Random], str]] = {
    "pkcs8": lambda r: pem(r, "PRIVATE KEY", 1190),
    "rsa": lambda r: pem(r, "RSA PRIVATE KEY", 1190),
    "ec": lambda r: pem(r, "EC PRIVATE KEY", 121),
    "openssh": lambda r: pem(r, "OPENSSH PRIVATE KEY", 290),
    "encrypted": lambda r: pem(r, "ENCRYPTED PRIVATE KEY", 1300),
    "pgp": lambda r: pem(r, "PGP PRIVATE KEY BLOCK", 900),
}


def basic(user: str, secret: str) -> str:
    """Give the credentials of RFC 7617."""
    return base64.b64encode(f"{user}:{secret}".encode()).decode()


def digest(random: Random, name: str = "sha256") -> str:
    """Give a digest, which is no secret."""
    return hashlib.new(name, random.randbytes(16)).hexdigest()
