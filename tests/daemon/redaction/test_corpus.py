"""How much is missed and how much is hit that is no secret, on texts made from the public documentation of keys."""

import pytest

from daemon.engine.redaction.redactor import Redactor
from tests.daemon.redaction.corpus import ordinary, secrets
from tests.daemon.redaction.corpus.secrets import Sample

SEEDS = (1, 2, 3)
REDACTOR = Redactor(key=b"of a test")


def _missed(sample: Sample) -> bool:
    """Half a secret that is still there is a secret that is still there."""
    left, size = REDACTOR.text(sample.text), max(5, len(sample.secret) // 2)
    return any(sample.secret[at : at + size] in left for at in range(len(sample.secret) - size + 1))


@pytest.mark.parametrize("seed", SEEDS)
def test_at_most_one_secret_in_a_hundred_is_missed(seed: int) -> None:
    samples = list(secrets.samples(seed))
    missed = [sample for sample in samples if _missed(sample)]
    report = f"{len(missed)} of {len(samples)} missed: " + "; ".join(f"{each.name} {each.secret}" for each in missed)
    print(report)
    assert len(samples) >= 300
    assert len(missed) <= len(samples) * 0.01, report


@pytest.mark.parametrize("seed", SEEDS)
def test_at_most_two_ordinary_texts_in_a_hundred_are_changed(seed: int) -> None:
    samples = list(ordinary.samples(seed))
    hit = [sample for sample in samples if REDACTOR.text(sample.text) != sample.text]
    report = f"{len(hit)} of {len(samples)} hit falsely: " + "; ".join(each.name for each in hit)
    print(report)
    assert len(samples) >= 300
    assert len(hit) <= len(samples) * 0.02, report


@pytest.mark.parametrize("seed", SEEDS)
def test_redacting_twice_is_redacting_once(seed: int) -> None:
    for sample in (*secrets.samples(seed), *ordinary.samples(seed)):
        once = REDACTOR.text(sample.text)
        assert REDACTOR.text(once) == once, sample.name
