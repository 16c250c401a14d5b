"""What must hold of the files: the database, the audit chain, and every kept file."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from daemon.domain.canonical import canonical
from tests.storm.facts import Facts


def whole(facts: Facts) -> Iterator[str]:
    """SQLite finds nothing wrong, and no row points nowhere."""
    if facts.integrity != ["ok"]:
        yield f"integrity_check says {facts.integrity[:3]}"
    if facts.dangling:
        yield f"foreign_key_check says {facts.dangling[:3]}"


def chain(facts: Facts) -> Iterator[str]:
    """Each audit entry holds the hash of the one before, and the digest of what it says until it is forgotten."""
    forgotten = {detail["task"] for _, detail in facts.audited("forgotten")}
    previous = "0" * 64
    for number, entry in enumerate(facts.all("audit"), 1):
        columns = (entry["kind"], entry["actor"], entry["task_id"], entry["run_id"], entry["detail_digest"])
        text = canonical([previous, repr(entry["at"]), *columns])
        if entry["id"] != number or entry["previous"] != previous:
            yield f"audit entry {entry['id']} does not follow the one before"
            return
        if entry["hash"] != hashlib.sha256(text.encode()).hexdigest():
            yield f"audit entry {entry['id']} has another hash"
            return
        detail = facts.detail(entry["id"])
        if detail is None and entry["task_id"] in forgotten:
            previous = entry["hash"]
            continue
        if detail is None or hashlib.sha256(detail.encode()).hexdigest() != entry["detail_digest"]:
            yield f"audit entry {entry['id']} says something else than its digest"
            return
        previous = entry["hash"]


def blobs(facts: Facts, folder: Path) -> Iterator[str]:
    """Every file that a row speaks of is there with the right bytes, and has a row of its own.

    A row of its own alone does not need its file: it may be on its way to being forgotten.
    """
    kept = {row["digest"] for row in facts.all("blob")}
    spoken = spoken_of(facts)
    for digest in sorted(spoken | kept):
        path = folder / digest[:2] / digest
        if not path.is_file():
            if digest in spoken:
                yield f"the file {digest[:12]} is not there"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"the file {digest[:12]} holds something else"
        if digest not in kept:
            yield f"the file {digest[:12]} has no row"


def spoken_of(facts: Facts) -> set[str]:
    """Give the digests of all files that rows speak of."""
    found = {row["digest"] for table in ("task_file", "run_file") for row in facts.all(table)}
    found |= {run["frozen"] for run in facts.all("run") if run["frozen"]}
    found |= {step[column] for step in facts.all("step") for column in ("input_blob", "output_blob") if step[column]}
    return found | {file[0] for message in facts.all("outbox") for file in json.loads(message["files"])}
