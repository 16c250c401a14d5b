"""Pairing: an account at a channel becomes the owner's when a code that was shown there is typed in the terminal.

Codes are shown only while the owner has opened the door, to few, and guessing ends it. Whoever is shown a code has
gained nothing by it: what counts is that the owner reads it on a screen of the owner's, and types it.
"""

import hmac
import secrets

from daemon.domain.errors import InvalidState, Refused
from daemon.domain.principal import Principal
from daemon.domain.visible import visible
from daemon.store import audit, database, pairings
from daemon.store.pairings import Paired, Request

OPEN_SECONDS = 600.0
_MOST_REQUESTS = 5
_MOST_WRONG = 5
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look like others."""
_LENGTH = 8
"""40 random bits, of which five wrong guesses tell nothing."""


def open_door(channel: str, by: Principal, now: float) -> float:
    """Let accounts at a channel ask to be paired; gives until when."""
    until = now + OPEN_SECONDS
    with database.transaction():
        pairings.open_window(channel, until, now)
        audit.add("pairing opened", f"{by.role}:{by.channel}:{by.proof}", {"channel": channel}, now)
    return until


def close_door(channel: str) -> None:
    """Let nobody ask any more."""
    with database.transaction():
        pairings.close_window(channel)


def ask(channel: str, who: str, name: str, thread: str, now: float) -> str | None:
    """Give the code for somebody who asks to be paired; None where nobody may, or too many did."""
    with database.transaction():
        if pairings.window(channel, now) is None:
            return None
        known = pairings.requests(channel)
        mine = next((request.code for request in known if request.who == who), None)
        if mine is not None or len(known) >= _MOST_REQUESTS:
            return mine
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        pairings.add_request(channel, Request(who, visible(name)[:100], thread, code), now)
        return code


def confirm(channel: str, typed: str, by: Principal, now: float) -> Paired:
    """Pair the account that was shown this code; raises Refused for a wrong one, InvalidState where none is taken."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    with database.transaction():
        found = pairings.window(channel, now)
        if found is None:
            raise InvalidState("Nobody may be paired now.", f"agent pair {channel} opens the door for ten minutes.")
        known = pairings.requests(channel)
        fitting = [request for request in known if hmac.compare_digest(request.code.encode(), code.encode())]
        if fitting:
            return _paired(channel, fitting[0], by, now)
        pairings.count_wrong(channel)
        left = _MOST_WRONG - found[1] - 1
        if left <= 0:
            pairings.close_window(channel)
            audit.add("pairing locked", f"{by.role}:{by.channel}:{by.proof}", {"channel": channel}, now)
    # Outside of the transaction, which would undo the count.
    if left <= 0:
        raise Refused("That was the last wrong code; the door is closed.", f"Begin again: agent pair {channel}")
    raise Refused("No account was shown that code.", f"Read it again; it may be wrong {left} more times.")


def _paired(channel: str, request: Request, by: Principal, now: float) -> Paired:
    done = pairings.pair(channel, request, now)
    pairings.close_window(channel)
    actor = f"{by.role}:{by.channel}:{by.proof}"
    audit.add("paired", actor, {"channel": channel, "who": request.who, "name": request.name}, now)
    return done


def forget(channel: str, who: str, by: Principal, now: float) -> bool:
    """Let an account no longer be the owner's; says whether it was."""
    with database.transaction():
        was = pairings.unpair(channel, who)
        if was:
            audit.add("unpaired", f"{by.role}:{by.channel}:{by.proof}", {"channel": channel, "who": who}, now)
    return was
