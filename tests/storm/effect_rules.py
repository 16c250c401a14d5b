"""What must hold of effects outside."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.fakes.push_channel import key_of as message_key
from tests.storm.facts import Facts, key_of
from tests.storm.outside import Outside

_CAN_TELL = ("plain/", "slow/", "torn/", "lost/")


def not_repeated(facts: Facts, outside: Outside) -> Iterator[str]:
    """No effect happened more often than once and once more for each yes to the question whether to repeat it."""
    yes = Counter(
        key_of(asked["call"])
        for asked in facts.all("approval")
        if asked["kind"] == "unknown" and asked["state"] == "approved"
    )
    for key, count in outside.effects().items():
        if count > 1 + yes[key]:
            yield f"{key} happened {count} times with {yes[key]} yes"


def done_means_done(facts: Facts, outside: Outside) -> Iterator[str]:
    """What is recorded as done happened."""
    for step in facts.all("step"):
        key = key_of(step["input"]) if step["kind"] == "tool" else ""
        if key and step["status"] == "done" and not outside.count(key):
            yield f"run {step['run_id']} step {step['seq']}: {key} is recorded as done and did not happen"


def recorded(facts: Facts, outside: Outside) -> Iterator[str]:
    """What happened outside has a step."""
    known = {key_of(step["input"]) for step in facts.all("step") if step["kind"] == "tool"}
    for key, count in outside.effects().items():
        if count and key not in known:
            yield f"{key} happened and no step speaks of it"


def never_without_yes(facts: Facts, outside: Outside) -> Iterator[str]:
    """Where the owner is asked, nothing is counted that was not approved."""
    if not outside.asks:
        return
    approved = {
        key_of(asked["call"])
        for asked in facts.all("approval")
        if asked["kind"] == "call" and asked["state"] == "approved" and asked["used"] is not None
    }
    asked_for = {key_of(step["input"]) for step in facts.all("step") if step["name"] == "count"}
    for key, count in outside.effects().items():
        if count and key in asked_for and key not in approved:
            yield f"{key} happened without a yes"


def unknown_asked_once(facts: Facts, outside: Outside) -> Iterator[str]:
    """Each cut-off is asked about at most once, and only where nobody could tell."""
    del outside
    cut_off = Counter((run_id, detail["seq"]) for run_id, detail in facts.audited("unknown"))
    asked: dict[tuple[int, str], list[str]] = defaultdict(list)
    for question in facts.all("approval"):
        if question["kind"] == "unknown":
            asked[question["run_id"], key_of(question["call"])].append(question["digest"])
    steps = [step for step in facts.all("step") if step["kind"] == "tool"]
    sequence = {(step["run_id"], key_of(step["input"])): step["seq"] for step in steps}
    for (run_id, key), digests in asked.items():
        if len(set(digests)) != len(digests):
            yield f"run {run_id}: one cut-off of {key} was asked about more than once"
        if len(digests) > cut_off[run_id, sequence[run_id, key]]:
            yield f"run {run_id}: {key} was asked about {len(digests)} times, more often than it was cut off"
        if key.startswith(_CAN_TELL):
            yield f"run {run_id}: {key} was asked about, though the server could tell"


def messages_sent(facts: Facts, outside: Outside) -> Iterator[str]:
    """What is pushed arrives once; once more only marked as a repeat, and never where the channel remembers."""
    for message in facts.all("outbox"):
        channel = facts.channel_of_message[message["id"]]
        if channel not in ("push", "post"):
            continue
        plain = outside.count(message_key(message["id"], repeated=False))
        again = outside.count(message_key(message["id"], repeated=True))
        name = f"message {message['id']} ({channel}, {message['kind']}, {message['state']})"
        if plain > 1 or again > 1 or (again and not message["repeated"]):
            yield f"{name} arrived {plain} times and {again} times marked"
        if channel == "post" and plain + again > 1:
            yield f"{name} arrived {plain + again} times though the channel remembers"
        if message["state"] == "sent" and not plain + again:
            yield f"{name} never arrived"
        if message["state"] not in ("sent", "failed"):
            yield f"{name} was left"


def questions_sent(facts: Facts, outside: Outside) -> Iterator[str]:
    """Each question has exactly one message."""
    del outside
    messages = Counter(message["approval_id"] for message in facts.all("outbox") if message["kind"] == "approval")
    for asked in facts.all("approval"):
        if messages[asked["id"]] != 1:
            yield f"the question {asked['id']} has {messages[asked['id']]} messages"
