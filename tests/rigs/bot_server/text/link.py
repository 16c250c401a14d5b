"""Which addresses Telegram takes for links, and how it writes them."""

import re
from urllib.parse import parse_qs, urlsplit

_OWN = re.compile(r"(tg|ton|tonsite):(?://)?([\w.-]+)(.*)", re.IGNORECASE | re.DOTALL)
_WEB = re.compile(
    r"(?:(https?)://)?(?:[^/?#@\s]*@)?(\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)+)(:\d+)?([/?#]\S*)?", re.IGNORECASE
)


def checked(url: str) -> str:
    """Give the link as Telegram writes it; empty where it takes it for none."""
    url = url.strip()
    if own := _OWN.fullmatch(url):
        return f"{own[1].lower()}://{own[2].lower()}{own[3] or ''}"
    web = _WEB.fullmatch(url)
    if web is None:
        return ""
    path = web[4] or "/"
    return f"{(web[1] or 'http').lower()}://{web[2].lower()}{web[3] or ''}{path if path[0] == '/' else '/' + path}"


def person_of(url: str) -> int:
    """Give the user that a link like tg://user?id=1 stands for; 0 where it stands for none."""
    own = _OWN.fullmatch(url.strip())
    if own is None or (own[1].lower(), own[2].lower()) != ("tg", "user"):
        return 0
    found = parse_qs(urlsplit(url).query).get("id", ["0"])[0]
    return int(found) if found.isdecimal() else 0
