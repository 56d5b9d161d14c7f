"""Themes keep their ids from run to run."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from themecoder.themes.lineage import Event, Known, Lineage, trace


def theme(*answers: int) -> Known:
    return Known(frozenset(f"{a}:q1" for a in answers))


def kinds(lineage: Lineage) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(e.kind, e.theme, e.others) for e in lineage.events]


def test_a_first_run_numbers_themes_from_one_the_largest_first() -> None:
    lineage = trace({}, [theme(1), theme(2, 3, 4), theme(5, 6)])
    assert lineage.ids == (3, 1, 2)
    assert lineage.next_id == 4
    assert {e.kind for e in lineage.events} == {"new"}


def test_a_theme_that_shares_most_of_its_answers_is_the_same() -> None:
    lineage = trace({4: theme(1, 2, 3, 4), 9: theme(5, 6, 7)}, [theme(5, 6, 7), theme(1, 2, 3)])
    assert lineage.ids == (9, 4)
    assert [e.kind for e in lineage.events] == ["kept", "kept"]
    assert lineage.next_id == 10


def test_an_id_of_a_theme_long_gone_is_not_used_again() -> None:
    assert trace({2: theme(1, 2)}, [theme(1, 2), theme(8, 9)], next_id=12).ids == (2, 12)


def test_a_split_theme_keeps_its_id_in_the_larger_part() -> None:
    lineage = trace({1: theme(*range(10))}, [theme(*range(6)), theme(*range(6, 10))])
    assert lineage.ids == (1, 2)
    assert kinds(lineage) == [("kept", 1, ()), ("split_from", 2, (1,))]


def test_merged_themes_go_on_in_the_id_of_the_larger() -> None:
    lineage = trace({1: theme(*range(6)), 2: theme(*range(6, 10))}, [theme(*range(10))])
    assert lineage.ids == (1,)
    assert kinds(lineage) == [("kept", 1, ()), ("merged_from", 1, (2,))]


def test_a_theme_that_falls_apart_is_gone_and_its_answers_go_where_they_go() -> None:
    before = {1: theme(1, 2, 3), 2: theme(10, 11, 12, 13, 14), 3: theme(20, 21, 22, 23, 24)}
    now = [theme(10, 11, 12, 13, 14, 1), theme(20, 21, 22, 23, 24, 2)]
    lineage = trace(before, now)
    assert lineage.ids == (2, 3)
    assert ("gone", 1, ()) in kinds(lineage)


def test_new_answers_are_not_held_against_a_theme() -> None:
    lineage = trace(
        {1: theme(1, 2, 3), 2: theme(4, 5, 6)},
        [theme(4, 5, 6, *range(100, 200)), theme(1, 2, 3, *range(300, 350))],
    )
    assert lineage.ids == (2, 1)


def test_the_best_of_all_pairings_is_taken_not_the_first_good_one() -> None:
    # alone, the first new theme is likest to old 1; together the other way round shares more
    before = {1: theme(*range(0, 12)), 2: theme(*range(12, 18))}
    now = [theme(*range(0, 7), *range(12, 18)), theme(*range(7, 12))]
    assert trace(before, now).ids == (2, 1)


def wave(rng: np.random.Generator, start: int, centres: np.ndarray) -> list[Known]:
    return [
        Known(
            frozenset(f"{start + 10 * i + j}:q1" for j in range(5 + i)),
            (f"woord{i}", f"term{i}"),
            centre + 0.1 * rng.normal(size=centre.shape),
        )
        for i, centre in enumerate(centres)
    ]


def test_other_respondents_find_the_themes_by_centre_and_keywords() -> None:
    rng = np.random.default_rng(5)
    centres = np.eye(6)[:4]
    first = wave(rng, 0, centres)
    second = wave(rng, 1000, centres[[2, 0, 3]])
    second = [
        Known(k.answers, first[i].keywords, k.centre)
        for k, i in zip(second, [2, 0, 3], strict=True)
    ]
    lineage = trace(dict(enumerate(first, 1)), second)
    assert lineage.ids == (3, 1, 4)
    assert ("gone", 2, ()) in kinds(lineage)


def test_themes_about_something_else_are_new_to_other_respondents() -> None:
    before = {1: Known(frozenset({"1:q1"}), ("kil",), np.array([1.0, 0.0]))}
    now = [Known(frozenset({"2:q1"}), ("duur",), np.array([0.0, 1.0]))]
    assert trace(before, now).ids == (2,)


def test_centres_of_another_encoder_are_not_compared() -> None:
    before = {1: Known(frozenset({"1:q1"}), ("kil",), np.ones(2))}
    assert trace(before, [Known(frozenset({"2:q1"}), ("kil",), np.ones(3))]).ids == (2,)


PARTITION = st.lists(st.integers(0, 5), min_size=1, max_size=40)


def groups(labels: list[int]) -> list[Known]:
    return [
        theme(*(i for i, label in enumerate(labels) if label == group))
        for group in sorted(set(labels))
    ]


@given(PARTITION)
def test_the_same_themes_again_keep_their_ids(labels: list[int]) -> None:
    now = groups(labels)
    first = trace({}, now)
    again = trace(dict(zip(first.ids, now, strict=True)), now, next_id=first.next_id)
    assert again.ids == first.ids
    assert again.next_id == first.next_id
    assert {e.kind for e in again.events} == {"kept"}
    assert all(e.likeness == 1.0 for e in again.events)


@given(PARTITION, PARTITION, st.randoms(use_true_random=False))
def test_the_order_of_the_themes_does_not_matter(
    before: list[int], labels: list[int], random_: random.Random
) -> None:
    old = dict(enumerate(groups(before), 1))
    now = groups(labels)
    mixed = list(range(len(now)))
    random_.shuffle(mixed)
    straight, shuffled = trace(old, now), trace(old, [now[i] for i in mixed])
    assert [straight.ids[i] for i in mixed] == list(shuffled.ids)
    assert straight.events == shuffled.events


@given(PARTITION, PARTITION, st.integers(1, 50))
def test_ids_are_unique_and_new_ones_were_never_used(
    before: list[int], labels: list[int], next_id: int
) -> None:
    old = dict(enumerate(groups(before), 1))
    lineage = trace(old, groups(labels), next_id=next_id)
    assert len(set(lineage.ids)) == len(lineage.ids)
    assert all(i in old or i >= max(next_id, len(old) + 1) for i in lineage.ids)
    assert lineage.next_id > max([*lineage.ids, *old])


@given(PARTITION, PARTITION)
def test_every_theme_is_accounted_for_once(before: list[int], labels: list[int]) -> None:
    old = dict(enumerate(groups(before), 1))
    lineage = trace(old, groups(labels))
    came = [e.theme for e in lineage.events if e.kind in ("kept", "split_from", "new")]
    went = [e.theme for e in lineage.events if e.kind in ("kept", "gone")]
    went += [other for e in lineage.events if e.kind == "merged_from" for other in e.others]
    assert sorted(came) == sorted(lineage.ids)
    assert sorted(went) == sorted(old)


@given(PARTITION, st.data())
def test_adding_answers_keeps_ids(labels: list[int], data: st.DataObject) -> None:
    now = groups(labels)
    first = trace({}, now)
    more = [
        Known(
            known.answers | {f"{1000 + 50 * i + j}:q1" for j in range(data.draw(st.integers(0, 9)))}
        )
        for i, known in enumerate(now)
    ]
    again = trace(dict(zip(first.ids, now, strict=True)), more, next_id=first.next_id)
    assert again.ids == first.ids


def test_an_event_is_plain_data() -> None:
    assert Event("split_from", 4, (1,)).record() == {"event": "split_from", "theme": 4, "from": [1]}
    assert Event("kept", 2, likeness=0.51234).record()["likeness"] == 0.5123
