"""Which addresses are machines of the owner's: private tasks may reach those and no others (M2)."""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")


def is_own(address: str, own: Collection[str]) -> bool:
    """Say whether an http address leads to this machine, or to what the owner names.

    `own` are names and addresses of machines, and networks as in 192.168.1.0/24. Only what is written as an address
    (RFC 3986, dotted quads and IPv6) or is one of the names counts: nothing is looked up, so no name server can make a
    foreign machine an own one.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return False
    named = {name.rstrip(".").lower() for name in own}
    if host in _NAMES or host in named:
        return True
    number = _number(host)
    return number is not None and (number.is_loopback or any(_holds(network, number) for network in named))


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(number, "ipv4_mapped", None)
    return mapped or number


def _holds(network: str, number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return number in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
