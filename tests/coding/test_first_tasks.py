"""The begin of each coder's row, which is what ``push --first`` sends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from themecoder.coding.label_studio.sync_tasks import first_of_each
from themecoder.coding.plan import Planned

ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 40)), unique=True, max_size=40
).map(
    lambda found: {
        row.key: row
        for row in (Planned("q1", f"R{place}:q1", coder, place=place) for coder, place in found)
    }
)


@given(ROWS, st.integers(1, 12))
def test_each_coder_has_her_first_ones_and_more_of_them_later(
    rows: dict[tuple[str, str, int], Planned], first: int
) -> None:
    chosen = first_of_each(rows, first)
    for coder in "abc":
        hers = sorted((row.place, key) for key, row in rows.items() if row.coder == coder)
        assert {key for key in chosen if rows[key].coder == coder} == {
            key for _, key in hers[:first]
        }
    assert set(chosen) <= set(first_of_each(rows, first + 1))
    assert set(first_of_each(rows, None)) == set(rows)
