"""Who is the owner at a channel, and who asks to be."""

from dataclasses import dataclass

from daemon.store import rows


@dataclass(frozen=True, slots=True)
class Paired:
    """An account of the owner's at a channel; `thread` is where it was paired."""

    channel: str
    who: str
    name: str
    thread: str
    at: float


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who was shown a code."""

    who: str
    name: str
    thread: str
    code: str


def paired(channel: str | None = None) -> list[Paired]:
    """Give the owner's accounts, at one channel or all."""
    query = rows.Paired.select().order_by(rows.Paired.at)
    if channel is not None:
        query = query.where(rows.Paired.channel == channel)
    return [Paired(row.channel, row.who, row.name, row.thread, row.at) for row in query]


def pair(channel: str, request: Request, now: float) -> Paired:
    """Write that somebody is the owner."""
    rows.Paired.insert(
        channel=channel, who=request.who, name=request.name, thread=request.thread, at=now
    ).on_conflict_replace().execute()
    return Paired(channel, request.who, request.name, request.thread, now)


def unpair(channel: str, who: str) -> bool:
    """Write that somebody is no longer the owner; says whether that changed anything."""
    return bool(rows.Paired.delete().where(rows.Paired.channel == channel, rows.Paired.who == who).execute())


def open_window(channel: str, until: float, now: float) -> None:
    """Take requests until then; those of before are forgotten."""
    close_window(channel)
    rows.Pairing.insert(channel=channel, opened_at=now, until=until).execute()


def close_window(channel: str) -> None:
    """Take no more requests."""
    rows.PairingRequest.delete().where(rows.PairingRequest.channel == channel).execute()
    rows.Pairing.delete().where(rows.Pairing.channel == channel).execute()


def window(channel: str, now: float) -> tuple[float, int] | None:
    """Give until when requests are taken and how many wrong codes were typed; None where they are not."""
    row = rows.Pairing.get_or_none(rows.Pairing.channel == channel, rows.Pairing.until > now)
    return None if row is None else (float(row.until), int(row.wrong))


def count_wrong(channel: str) -> None:
    """Count a wrong code."""
    rows.Pairing.update(wrong=rows.Pairing.wrong + 1).where(rows.Pairing.channel == channel).execute()


def requests(channel: str) -> list[Request]:
    """Give who was shown a code."""
    query = rows.PairingRequest.select().where(rows.PairingRequest.channel == channel).order_by(rows.PairingRequest.at)
    return [Request(row.who, row.name, row.thread, row.code) for row in query]


def add_request(channel: str, request: Request, now: float) -> None:
    """Write that somebody is shown a code."""
    rows.PairingRequest.insert(
        channel=channel, who=request.who, name=request.name, thread=request.thread, code=request.code, at=now
    ).on_conflict_ignore().execute()
