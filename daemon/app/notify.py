"""Telling systemd how the daemon is (sd_notify(3)); nothing where systemd did not start it."""

import os
import socket


def tell(**facts: object) -> None:
    """Send facts like READY=1 or STATUS=…; never fails: nobody depends on it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    text = "\n".join(f"{name}={value}".replace("\n", " ") for name, value in facts.items())
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notifying:
            notifying.connect(address)
            notifying.send(text.encode())
    except OSError:
        return


def watchdog_seconds() -> float | None:
    """Give how often systemd wants to hear of us: twice as often as it would wait; None where it does not."""
    micros = os.environ.get("WATCHDOG_USEC", "")
    meant = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(micros) / 2_000_000 if micros.isdecimal() and meant else None
