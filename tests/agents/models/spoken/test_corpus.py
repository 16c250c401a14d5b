"""The corpus of what models write: nearly all is read rightly, and no call is made that nobody meant.

`pytest -s -k corpus` prints the shares, and each entry that is not read as it was meant.
"""

import random

import pytest

from agents.models.spoken import Listener, Reading, read
from daemon.engine.schema import mistake
from tests.agents.models.spoken.corpus.entry import TOOLS, Entry, calls, near_misses
from tests.agents.models.spoken.corpus.form import FORMS
from tests.agents.models.spoken.corpus.scenario import SCENARIOS, Call
from tests.agents.models.spoken.corpus.written import written

_LEAST_TEXTS, _LEAST_FORMS, _LEAST_NEAR_MISSES = 400, 14, 200
_MOST_WRONG = 0.01
_LENGTHS = (1, 1, 2, 3, 7, 40)


def said(reading: Reading) -> list[Call]:
    return [(call.name, dict(call.arguments)) for call in reading.calls]


def executed(reading: Reading) -> list[Call]:
    """Give the calls that would be made: those of an offered tool whose schema allows the arguments."""
    return [(n, a) for n, a in said(reading) if n in TOOLS and mistake(TOOLS[n], a) is None]


def is_right(entry: Entry) -> bool:
    reading = read(entry.text, TOOLS)
    left = entry.left is None or "".join(entry.left.split()) == "".join(reading.text.split())
    return said(reading) in [list(meant) for meant in entry.readings] and left


def test_the_corpus_is_as_large_as_is_said_and_no_text_stands_in_it_twice() -> None:
    assert len(calls()) >= _LEAST_TEXTS
    assert len({entry.form for entry in calls()}) >= _LEAST_FORMS
    assert len(near_misses()) >= _LEAST_NEAR_MISSES
    every = [*calls(), *near_misses()]
    for values in ([entry.id for entry in every], [entry.text for entry in every]):
        assert len(values) == len(set(values))


def test_nearly_all_calls_of_the_corpus_are_read_rightly() -> None:
    missed = [entry for entry in calls() if not is_right(entry)]
    for entry in missed:
        print(f"{entry.id}: {read(entry.text, TOOLS)}")
    print(f"{len(calls()) - len(missed)} of {len(calls())} in {len({entry.form for entry in calls()})} forms are right")
    assert len(missed) <= _MOST_WRONG * len(calls())


def test_no_call_of_the_corpus_is_made_that_nobody_meant() -> None:
    wrong = {
        entry.id: made
        for entry in (*calls(), *near_misses())
        if (made := [call for call in executed(read(entry.text, TOOLS)) if not any(call in m for m in entry.readings)])
    }
    assert wrong == {}


def test_nearly_all_texts_that_others_wrote_are_read_rightly_and_nothing_wrong_is_made() -> None:
    missed, wrong = [], []
    for one in written():
        reading = read(one.text, one.tools)
        left = one.left is None or "".join(one.left.split()) == "".join(reading.text.split())
        told = bool(reading.problems) or not one.problem
        if not (said(reading) in [list(meant) for meant in one.readings] and left and told):
            missed.append(f"{one.id}: {reading}")
        made = [(n, a) for n, a in said(reading) if n in one.tools and mistake(one.tools[n], a) is None]
        wrong += [one.id for call in made if not any(call in meant for meant in one.readings)]
    print("\n".join(missed))
    print(f"{len(written()) - len(missed)} of {len(written())} that were written one by one are right")
    assert len(written()) >= _LEAST_TEXTS
    assert wrong == []
    assert len(missed) <= _MOST_WRONG * len(written())


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("scenario", ["range", "mail", "two", "edit", "pipe"])
def test_what_broke_off_anywhere_is_never_another_call(name: str, scenario: str) -> None:
    """Half a path is another path, half a number another number, and a mail without its end another mail."""
    form, meant = FORMS[name], SCENARIOS[scenario][: 2 if FORMS[name].several else 1]
    whole = form.write(meant)
    for end in range(len(whole)):
        made = executed(read(whole[:end], TOOLS, cut_off=True))
        assert all(call in meant for call in made), whole[:end]


def test_the_corpus_cut_anywhere_is_read_the_same() -> None:
    chance = random.Random(7)
    for text in [entry.text for entry in (*calls(), *near_misses())] + [one.text for one in written()]:
        listener = Listener(TOOLS)
        at = 0
        while at < len(text):
            length = chance.choice(_LENGTHS)
            listener.feed(text[at : at + length])
            at += length
        assert listener.end() == read(text, TOOLS), text
