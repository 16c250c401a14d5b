"""Strings that look random beside a word for a secret: `name = value` in code, JSON, YAML, environments and prose."""

import re
from collections.abc import Iterator

from daemon.engine.redaction.plausible import code, is_password, is_token, placeholder
from daemon.engine.redaction.view import MASK, Span, View


def _one_of(words: bytes) -> bytes:
    return b"(?:" + b"|".join(words.split()) + b")"


# In English, German, French, Italian, Spanish; what is not ASCII is a question mark (clé, Schlüssel, contraseña).
_PASSWORD = _one_of(
    rb"""passw(?:or[dt](?:er)?s?|d|\?rter) pass[_\x20-]?phrase passcode (?:(?<![a-z])|(?<=require))pass(?![a-z])
    pwd(?![a-z])
    mysql_pwd sshpass rediscli_auth identified(?:\x20with\x20\w+)?\x20by
    kennw(?:o|\?|oe)rt(?:er)? losungsw(?:o|\?|oe)rt mots?[_\x20-]de[_\x20-]passe (?<![a-z])mdp(?![a-z])
    parol[ae][_\x20-](?:d'?ordine|chiave|segreta) contrase(?:\?|n\??|ny)as?
    (?<![a-z])clave(?![a-z]|[_\x20-](?:api|secreta|privada|de\x20acceso))"""
)
_TOKEN = _one_of(
    rb"""tokens? secrets?(?:[_\x20-]?access)?(?:[_\x20-]?key)? credentials? apikey passkey (?<![a-z])auth(?![a-z])
    zugangsdaten geheim(?:nis|schl(?:\?|ue)ssel)? (?:api|zugangs|zugriffs)[_\x20-]?(?:schl(?:\?|ue|u\?)ssel|code)
    jetons? identifiants cl(?:\?|e\??)s?[_\x20-](?:d'?api|api|secr\S{1,2}te|priv\S{1,2}e|d'acc\S{1,2}s)
    segret[oi] credenzial[ei] chiav[ei][_\x20-](?:api|segreta|privata|d'accesso)
    secretos? credencial(?:es)? claves?[_\x20-](?:api|secreta|privada|de\x20acceso)"""
)
_KINDS_OF_KEYS = _one_of(
    rb"""api access account auth private secret signing encryption master session shared service role deploy license
    webhook client app consumer"""
)
_STEM = re.compile(
    _one_of(
        rb"""pass pwd kennw losung mots?[_\x20-]de mdp contrase clave parol identified rediscli token jeton secret
    segret geheim key
        credenc credent credenz zugangs zugriffs api identifiant chiav cl\? cle[_\x20-] auth"""
    )
)
_TAIL = rb"(?P<tail>(?:[_.-]?[a-z0-9]{1,16}){0,2}+)"
_KEY = re.compile(b"(?:(" + _PASSWORD + b")|(" + _TOKEN + b"))" + _TAIL)
_KIND_OF_KEY = re.compile(_KINDS_OF_KEYS + rb"[_ .-]?$")
_OTHER_KEY = re.compile(b"()(key)s?" + _TAIL)
_WORD_BEFORE = 24
_OTHER_THINGS = re.compile(
    _one_of(
        rb"""types? names? ids? files? paths? dir url uri endpoint counts? length len limits? size budget usage used
        expir\w* ttl hash(?:es)? digest algo\w* fields? label hint policy rules? min\w* max\w* regex pattern placeholder
        env var refs? version at in on time\w* class form input prompt reset manager store provider helper error message
        format encoding scheme issuer bucket ring map board words? index column cost price total prefix suffix i[sz]er
        i[sz]e i[sz]ed i[sz]ation i[sz]ers entropy strength source mode method required enabled valid\w* check\w* date
        age rotation changed created updated"""
    )
    + b"$"
)
_NEGATING = re.compile(
    b"(?<![a-z])"
    + _one_of(
        b"max min total num n input output prompt completion public foreign primary sort cache partition page next pub"
    )
    + rb"[_ -]?$"
)
_ARN = re.compile(rb"arn:[a-z-]+:[^\s\"']*$")
_LONGEST_ARN = 80
_SEPARATOR = re.compile(
    rb"(?P<assign>(?:\\?[\"'`\])*_]){0,4}[ \t]{0,16}(?::=|=>|->|={1,3}|:{1,2}|(?<=[ \t])\|(?=[ \t]))[ \t]{0,16})"
    rb"|(?P<xml>>)"
    rb"|(?P<prose>(?:\\?[\"'`)*]){0,3},?[ \t]{1,4}"
    rb"(?:(?:for|f\?r|fuer|pour|para|per|von|of|de)[ \t]{1,2}(?:\S{1,40}[ \t]{1,2}){1,3}?)?"
    rb"(?:is|ist|lautet|was|war|est|\?|e'|es|to|auf)[ \t]{0,2}:?[ \t]{1,4})"
    rb"|(?P<space>[ \t]{1,4})"
)
_OPENING = re.compile(rb"[brfuBRFU]{0,2}(?P<escaped>\\{1,3})?(?P<quote>[\"'`])")
_LONGEST = 1024
_NEAR = 256
_BARE = re.compile(rb"[^\s\"'`<>\x00]{1,1024}")
_SENTENCE = re.compile(rb"[.,;:)]|[ \t]+[A-Za-z(]")
_NEXT = re.compile(rb"[;&,](?:amp;)?[ ]?[A-Za-z_][A-Za-z0-9_ .-]{0,40}=|\\[nrt]|[,;][\"'{\[]")


def near_words(view: View) -> Iterator[Span]:
    """Give values that look random beside a word for a secret."""
    done = 0
    for stem in _STEM.finditer(view.low):
        if stem.start() < done:
            continue
        key = _key_at(view.low, stem.start())
        if key is None:
            continue
        place = _value_after(view, key)
        done = max(done, key.end())
        if place is not None:
            done = max(done, place[1])
            yield Span(*place, "password" if key[1] else "credential", view.original(*place))


def names_secret(name: str) -> bool | None:
    """Say whether a name in a mapping is one of a secret: True of a password, False of another, None of neither."""
    low = name.encode("ascii", "replace").lower()
    found = None
    for stem in _STEM.finditer(low):
        key = _key_at(low, stem.start())
        if key is not None and key.end() == len(low):
            found = bool(key[1])
    return found


def _key_at(low: bytes, at: int) -> re.Match[bytes] | None:
    """Give the key that begins with a stem at this place, unless it names another thing (`token_count`)."""
    found = _KEY.match(low, at)
    begins = at
    if found is None and low.startswith(b"key", at):
        kind = _KIND_OF_KEY.search(low, max(0, at - _WORD_BEFORE), at)
        found = _OTHER_KEY.match(low, at) if kind else None
        begins = kind.start() if kind else at
    if found is None or _OTHER_THINGS.search(found["tail"]):
        return None
    before = low[max(0, begins - _LONGEST_ARN) : begins]
    return None if _NEGATING.search(before) or _ARN.search(before) else found


def _value_after(view: View, key: re.Match[bytes]) -> tuple[int, int] | None:
    separator = _SEPARATOR.match(view.low, key.end())
    if separator is None:
        return None
    place, quote = _extent(view.data, separator.end(), xml=separator.lastgroup == "xml")
    text = view.data[slice(*place)]
    password = bool(key[1])
    if not text or (not quote and code(text)):
        return None
    if separator.lastgroup == "space":
        return place if _after_space(view, key, place, quote) else None
    likely = is_password(text) if password else is_token(text)
    if separator.lastgroup == "prose":
        likely = likely and any(0x30 <= byte <= 0x39 for byte in text)
    return place if likely else None


def _after_space(view: View, key: re.Match[bytes], place: tuple[int, int], quote: bytes) -> bool:
    """Judge what only a space parts from its key: in SQL (`PASSWORD 'x'`) and after options (`--password x`)."""
    text = view.data[slice(*place)]
    if placeholder(text) or text.startswith(b"-"):
        return False
    if key[1] and quote == b"'" and key[1] != b"pass":
        return True
    if not _is_flag(view.low, key.start()):
        return False
    # A word after an option may go on with the sentence in which the option is spoken of.
    word = text.isalpha() and not quote and _SENTENCE.match(view.data, place[1]) is not None
    return (len(text) >= 4 and not word) if key[1] else is_token(text)


def _extent(data: bytes, start: int, *, xml: bool) -> tuple[tuple[int, int], bytes]:
    """Say where the value that begins at `start` lies, and its quote; a value without end is empty."""
    if xml:
        closing = data.find(b"</", start, start + _LONGEST)
        return (start, max(start, closing)), b">"
    opening = _OPENING.match(data, start)
    if opening:
        closing = _closing(data, opening)
        if closing > opening.end():
            return (opening.end(), closing), opening["quote"]
        start = opening.end()
    bare = _BARE.match(data, start)
    # Directly before a placeholder a value was looked at before: else long ones would be taken piece by piece.
    if bare is None or data.startswith(MASK, bare.end()):
        return (start, start), b""
    following = _NEXT.search(bare[0], 0, _NEAR)
    text = bare[0][: following.start()] if following else bare[0]
    return (start, start + len(text.rstrip(b",;.)]}\\:"))), b""


def _closing(data: bytes, opening: re.Match[bytes]) -> int:
    """Give where the quote is closed on its line, or -1."""
    start, mark = opening.end(), (opening["escaped"] or b"") + opening["quote"]
    line = data.find(b"\n", start, start + _LONGEST)
    end = start + _LONGEST if line < 0 else line
    closing = data.find(mark, start, end)
    while closing > start and data[closing - 1 : closing] == b"\\" and not opening["escaped"]:
        closing = data.find(mark, closing + 1, end)
    return closing


def _is_flag(low: bytes, start: int) -> bool:
    """Say whether a key is a command-line option: `--password`, `--db-password`."""
    before = low[max(0, start - _WORD_BEFORE) : start]
    return re.search(rb"(?:^|[\s\"'=\[(])--?(?:[a-z0-9]+[-_])*$", before) is not None
