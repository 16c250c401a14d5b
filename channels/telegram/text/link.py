"""Which addresses Telegram takes for links; it forgets the others or makes something else of them."""

import re
from urllib.parse import unquote

_LONGEST, _LONGEST_SHOWN = 2048, 200
_WEB = re.compile(
    r"(https?)://(\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)+)(:\d{1,5})?(?:([/?#])(\S*))?", re.IGNORECASE | re.DOTALL
)
_OWN = re.compile(r"tg:(?://)?([\w-]+)([/?#]\S*)?", re.IGNORECASE)
_MAIL = re.compile(r"mailto:([^?]*).*", re.IGNORECASE | re.DOTALL)
_NO_PLACE = re.compile(r"(?:data|javascript|vbscript):|#", re.IGNORECASE)


def link_of(address: str) -> str:
    """Give the address as Telegram writes it; empty where it takes it for none.

    An address with the name of a user in it is none: what is read as its host is not where it leads.
    """
    if len(address) > _LONGEST or not address.isprintable():
        return ""
    if web := _WEB.fullmatch(address):
        scheme, host, port, sign, rest = web.groups(default="")
        return f"{scheme.lower()}://{host.lower()}{port}/{'' if sign == '/' else sign}{rest}"
    if own := _OWN.fullmatch(address):
        return f"tg://{own[1].lower()}{own[2] or ''}"
    return ""


def shown_address(address: str) -> str:
    """Give what a person reads of an address that is no link; empty where that would tell nothing."""
    if mail := _MAIL.fullmatch(address):
        # Telegram makes http://host of a mailto: link, but finds the bare address by itself.
        address = mail[1]
    if _NO_PLACE.match(address) or len(address) > _LONGEST_SHOWN:
        return ""
    return unquote(address)
