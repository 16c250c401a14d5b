from hypothesis import given
from hypothesis import strategies as st

from agents.sandbox.output import FLOOD, Kept


@given(st.lists(st.binary(max_size=40)), st.integers(min_value=2, max_value=60))
def test_what_fits_is_kept_whole_and_the_rest_is_cut_in_the_middle(pieces: list[bytes], limit: int) -> None:
    kept = Kept(limit)
    for piece in pieces:
        kept.add(piece)
    everything = b"".join(pieces)
    if len(everything) <= limit:
        assert kept.whole() == everything
        return
    head, _, rest = kept.whole().partition(b"\n[... ")
    missing, _, tail = rest.partition(b" bytes cut out here ...]\n")
    assert everything.startswith(head)
    assert everything.endswith(tail)
    assert len(head) + len(tail) == limit
    assert int(missing) == len(everything) - limit


def test_a_flood_is_far_more_than_is_kept() -> None:
    kept = Kept(10)
    kept.add(b"x" * 10 * FLOOD)
    assert not kept.floods
    kept.add(b"x")
    assert kept.floods
