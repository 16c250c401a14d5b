"""Whether a string that stands where a secret would stand is one: not a placeholder, a name, a word or code."""

import re

_EXAMPLE = re.compile(
    rb"your|example|placeholder|change.?(?:me|it)|dummy|redacted|removed|hidden|masked|xxxx|\*\*\*|\.\.\.|insert|replace"
    rb"|<.*>|todo|fixme|foo.?bar|secret:|\?\?\?|____|123456789|abcdefg|0{8}|1{8}|deadbeef"
)
_WRAPPED = re.compile(rb"<[^>]*>?|\{.*\}?|\[.*\]?|%[\w(].*[%)s]|\(.*\)?|@\w+@|:\w+|__\w+__")
_VARIABLE = re.compile(
    rb"\$[A-Za-z_{(]|\$\$|\{\{|!(?:ref|sub|vault|secret|env)|vault:|op://|env[.(:]|file:|arn:aws|ssm:|projects/"
)
_NO_VALUE = frozenset(
    b"none null nil true false undefined string str text bytes required optional hidden empty default password passwd"
    b" passphrase pass pwd token secret username postgres redis mysql admin root guest public private unset disabled"
    b" enabled x-oauth-basic x-access-token oauth2accesstoken basic bearer password1 password123 passw0rd secret123"
    b" p4ssw0rd test123 letmein hunter1 prompt stdin keyring keychain interactive".split()
)
_CODE = re.compile(rb"[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)*(?:[(\[{]|\)+$|\+$)")
_DOTTED = re.compile(rb"[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+[;,)]*")
_ADDRESS = re.compile(rb"[a-z][a-z0-9+.-]{1,20}://|[A-Za-z]:\\|[\w.+-]+@[\w-]+\.[\w.-]+$", re.IGNORECASE)
_PATH = re.compile(rb"[~.]{0,2}(?:/[\w.@-]+)+/?")
_NUMBERS = re.compile(rb"[\d.,:/+\-_%TZ ]+(?:[a-z]{1,3})?")
_SPEAKING = re.compile(rb"(?:[a-z]+[_.-])*(?:password|passwd|pwd|pass|token|secret|key|credentials?)s?", re.IGNORECASE)
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TECHNICAL = re.compile(
    rb"(?:sha-?\d+|md5|utf-?\d+|base-?\d+|[rehp]s\d{3}|aes-?\d+|oauth\d?|x509|pbkdf2|argon2\w*|ipv\d|win\d+|v\d+|h\d|s3"
    rb"|ed25519|rsa\d+|tls\d+|k8s|i18n|m2m|l10n|ascii\d*|totp|2fa|mfa|u2f|fido2|http\d?|ec2|b64)",
    re.IGNORECASE,
)
_PIECES = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_SYMBOLS = frozenset(b"!@#$%^&*+=?~|")
_ENOUGH = 128
"""Bytes by which a long value is judged."""
_VOWELS = frozenset(b"aeiouyAEIOUY?")


def placeholder(value: bytes) -> bool:
    """Say whether a value stands for a secret rather than being one: `<your-token>`, `xxxx`, `${TOKEN}`, `changeme`."""
    low = value.lower()
    return (
        not value
        or b"\x00" in value
        or low in _NO_VALUE
        or _SPEAKING.fullmatch(low) is not None
        or _EXAMPLE.search(low) is not None
        or _WRAPPED.fullmatch(value) is not None
        or _VARIABLE.match(low) is not None
        or len(set(low)) < 4
    )


def code(value: bytes) -> bool:
    """Say whether an unquoted value is a piece of a program: a call, an attribute, an index."""
    return _CODE.match(value) is not None or _DOTTED.fullmatch(value) is not None


def is_password(value: bytes) -> bool:
    """Say whether a value is likely a password that a person chose, or a random one."""
    if not 6 <= len(value) <= _ENOUGH or placeholder(value):
        return False
    if _ADDRESS.match(value) or _PATH.fullmatch(value) or _TECHNICAL.fullmatch(value):
        return False
    if value.isdigit():
        return True
    if _NUMBERS.fullmatch(value) or not any(chr(byte).isalpha() or byte >= 0x80 for byte in value):
        return False
    symbols, digits = any(byte in _SYMBOLS for byte in value), any(0x30 <= byte <= 0x39 for byte in value)
    named = _separated(value) and all(_plain(part) for part in _parts(value))
    return symbols or not (named if digits else _of_words(value))


def is_token(value: bytes) -> bool:
    """Say whether a value is likely a random one that a machine made."""
    if len(value) < 8 or b" " in value or placeholder(value) or _ADDRESS.match(value) or _NUMBERS.fullmatch(value):
        return False
    return _UUID.fullmatch(value) is not None or not _of_words(value)


def varied(body: bytes) -> bool:
    """Say whether the body of a key of a known shape is random, and no example."""
    return len(set(body)) >= 7 and _EXAMPLE.search(body.lower()) is None


def _separated(value: bytes) -> bool:
    return any(byte in b"_-./: " for byte in value)


def _of_words(value: bytes) -> bool:
    """Say whether a value is made of words and small numbers: an identifier, a name of something, prose."""
    return all(_word(part) for part in _parts(value))


def _parts(value: bytes) -> list[bytes]:
    return [part for part in re.split(rb"[^A-Za-z0-9?]+", value[:_ENOUGH]) if part]


def _plain(part: bytes) -> bool:
    """Say whether a part of a name is a word, a small number or a technical term."""
    if part.isdigit():
        return len(part) == 1
    return _TECHNICAL.fullmatch(part) is not None or (part.isalpha() and _pronounceable(part))


def _word(part: bytes) -> bool:
    if part.isdigit():
        return len(part) <= 4
    if _TECHNICAL.fullmatch(part):
        return True
    pieces = _PIECES.findall(part)
    letters = [piece for piece in pieces if not piece.isdigit()]
    digits = sum(len(piece) for piece in pieces if piece.isdigit())
    if digits > 4 or (len(pieces) - len(letters)) > 1 or not letters:
        return False
    return len(letters) <= max(1, len(part) // 3) and all(_pronounceable(piece) for piece in letters)


def _pronounceable(piece: bytes) -> bool:
    if len(piece) <= 3:
        return True
    vowels = sum(byte in _VOWELS for byte in piece)
    run = longest = 0
    for byte in piece:
        run = 0 if byte in _VOWELS else run + 1
        longest = max(longest, run)
    return len(piece) <= 24 and vowels * 6 >= len(piece) and longest <= 5
