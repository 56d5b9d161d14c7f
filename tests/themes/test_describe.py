"""From a clustering to the themes of a question."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage

from themecoder.language.tokens import Token
from themecoder.themes.describe import Codes, Description, Previous, describe
from themecoder.themes.model import Assignment, Clustering
from themecoder.themes.segments import Segment

TOPICS = {
    0: ["mijn privacy en gegevens", "privacy is belangrijk", "wie leest mijn gegevens", "privacy"],
    1: ["ik mis warmte", "geen warmte van een machine", "warmte van mensen telt", "mensen warmte"],
    2: ["veel te duur", "duur abonnement betalen", "te duur voor mij", "abonnement kost geld"],
}


def world(
    picks: Sequence[Sequence[int]], dims: int = 6, seed: int = 1
) -> tuple[list[Segment], np.ndarray, np.ndarray, dict[str, str]]:
    """Answers made of one sentence per topic picked; -1 is a sentence in no theme."""
    rng = np.random.default_rng(seed)
    segments, labels, vectors, texts = [], [], [], {}
    for number, topics in enumerate(picks):
        answer, text = f"r{number:03d}:q1", ""
        for topic in topics:
            said = "zomaar iets" if topic < 0 else TOPICS[topic][number % 4]
            text += (". " if text else "") + said
            segments.append(Segment(answer, len(text) - len(said), len(text), said))
            labels.append(topic)
            vectors.append((np.eye(dims)[topic] if topic >= 0 else 0) + 0.1 * rng.normal(size=dims))
        texts[answer] = text
    rows = np.array(vectors)
    return segments, np.array(labels), rows / np.linalg.norm(rows, axis=1, keepdims=True), texts


def run(
    picks: Sequence[Sequence[int]], relabel: Sequence[int] = (0, 1, 2), **options: object
) -> Description:
    segments, labels, vectors, texts = world(picks)
    labels = np.array([relabel[label] if label >= 0 else -1 for label in labels])
    k = int(labels.max()) + 1
    centres = np.array([vectors[labels == t].mean(axis=0) for t in range(k)])
    clustering = Clustering(
        labels=labels,
        strength=np.where(labels >= 0, 0.8, 0.0),
        stability=np.linspace(0.9, 0.5, k),
        merges=linkage(centres, "average", "cosine") if k > 1 else np.zeros((0, 4)),
        xy=vectors[:, :2],
    )
    tokens = [[Token(w, w.lower()) for w in segment.text.split()] for segment in segments]
    return describe(
        "q1",
        segments,
        clustering,
        vectors,
        tokens=tokens,
        texts=texts,
        **options,  # type: ignore[arg-type]
    )


PICKS = [[0], [0], [0, 1], [1], [1], [2], [0, -1], [-1], [0], [1, 0, 0], [2, 2]]


def test_themes_are_sorted_by_the_number_of_answers() -> None:
    themes = run(PICKS).themes.themes
    assert [theme.size for theme in themes] == [6, 4, 2]
    assert [theme.id for theme in themes] == [1, 2, 3]


def test_an_answer_may_be_in_several_themes() -> None:
    assignments = [a for a in run(PICKS).themes.assignments if a.answer_id == "r002:q1"]
    assert [a.theme for a in assignments] == [1, 2]
    texts = world(PICKS)[3]
    assert texts["r002:q1"][assignments[1].start : assignments[1].end] == TOPICS[1][2]


def test_neighbouring_segments_of_a_theme_are_one_piece() -> None:
    pieces = [a for a in run(PICKS).themes.assignments if a.answer_id == "r010:q1"]
    assert len(pieces) == 1
    assert (pieces[0].start, pieces[0].end) == (0, len(world(PICKS)[3]["r010:q1"]))


def test_an_answer_in_no_theme_is_said_to_be_so_and_a_loose_segment_is_not() -> None:
    assignments = run(PICKS).themes.assignments
    assert [a for a in assignments if a.theme is None] == [
        Assignment("r007:q1", None, 0.0, 0, len("zomaar iets"))
    ]


def test_every_answer_is_on_the_map_and_in_the_assignments_in_order() -> None:
    themes = run(PICKS).themes
    answers = sorted(world(PICKS)[3])
    assert list(themes.xy) == answers
    assert sorted({a.answer_id for a in themes.assignments}) == answers
    order = [(a.answer_id, a.start) for a in themes.assignments]
    assert order == sorted(order)


def test_the_hierarchy_speaks_of_theme_ids() -> None:
    (a, b, near), (c, d, far) = run(PICKS).themes.merges
    assert {a, b} < {1, 2, 3}
    assert {c, d} == ({1, 2, 3} - {a, b}) | {-1}
    assert near <= far


def test_keywords_labels_and_representatives_belong_to_the_theme() -> None:
    themes = run(PICKS).themes.themes
    assert any("privacy" in word for word, _ in themes[0].keywords)
    assert "Warmte" in themes[1].label or "warmte" in themes[1].label
    assert set(themes[2].representatives) == {"r005:q1", "r010:q1"}


def test_the_nearest_code_is_given_with_its_similarity() -> None:
    codes = Codes(("warm", "kosten"), np.eye(6)[[1, 2]])
    themes = run(PICKS, codes=codes).themes.themes
    assert themes[1].nearest_codes[0][0] == "warm"
    assert themes[2].nearest_codes[0][0] == "kosten"
    assert run(PICKS).themes.themes[0].nearest_codes == ()


def test_a_name_that_is_known_is_the_label() -> None:
    themes = run(PICKS, names={1: "Menselijke warmte"}).themes.themes
    assert themes[1].label == "Menselijke warmte"


def test_a_name_that_another_theme_had_as_its_label_is_not_there_twice() -> None:
    first = run(PICKS, names={0: "Warmte"})
    again = run([*PICKS, [0]], names={1: "Warmte"}, previous=before(first))
    labels = {theme.id: theme.label for theme in again.themes.themes}
    assert labels[2] == "Warmte"
    assert labels[1] != "Warmte"


def before(description: Description) -> Previous:
    return Previous(
        description.themes, description.next_id, description.lineage, description.centroids
    )


def test_the_same_answers_again_give_the_same_result_whatever_the_clusters_numbers() -> None:
    first = run(PICKS)
    again = run(PICKS, relabel=(2, 0, 1), previous=before(first))
    ours = {theme.id: theme for theme in first.themes.themes}
    for theme in again.themes.themes:
        old = ours[theme.id]
        assert (theme.label, theme.size) == (old.label, old.size)
    assert again.themes.assignments == first.themes.assignments
    assert again.next_id == first.next_id
    # nothing happened, so the record of what happened last stays
    assert again.lineage == first.lineage


def test_a_label_that_a_person_changed_stays() -> None:
    first = run(PICKS)
    renamed = dataclasses.replace(first.themes.themes[0], label="Wie leest er mee")
    themes = dataclasses.replace(first.themes, themes=(renamed, *first.themes.themes[1:]))
    again = run([*PICKS, [0]], previous=Previous(themes, first.next_id))
    assert again.themes.themes[0].label == "Wie leest er mee"


def test_a_theme_that_comes_up_gets_an_id_that_was_never_used() -> None:
    first = run([[0], [0], [1], [1]])
    previous = dataclasses.replace(before(first), next_id=7)
    again = run([[0], [0], [1], [1], [2], [2]], previous=previous)
    assert sorted(theme.id for theme in again.themes.themes) == [1, 2, 7]
    assert again.next_id == 8
    assert {"event": "new", "theme": 7} in again.lineage


def test_centroids_are_aligned_with_the_themes() -> None:
    description = run(PICKS, relabel=(2, 0, 1))
    assert np.argmax(description.centroids, axis=1).tolist() == [0, 1, 2]


def test_one_answer_alone_is_described() -> None:
    description = run([[0]])
    assert [theme.size for theme in description.themes.themes] == [1]
    assert description.themes.merges == ()


def test_no_theme_at_all_is_described() -> None:
    description = run([[-1], [-1]])
    assert description.themes.themes == ()
    assert len(description.themes.assignments) == 2


def test_lengths_that_differ_are_an_error() -> None:
    segments, _, vectors, texts = world(PICKS)
    none = np.zeros(0)
    clustering = Clustering(none.astype(int), none, none, np.zeros((0, 4)), np.zeros((0, 2)))
    with pytest.raises(ValueError, match="segments, but"):
        describe("q1", segments, clustering, vectors, tokens=[], texts=texts)


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(-1, 2), min_size=1, max_size=4), min_size=1, max_size=20))
def test_sizes_and_pieces_agree(picks: list[list[int]]) -> None:
    used = sorted({topic for topics in picks for topic in topics if topic >= 0})
    relabel = [used.index(t) if t in used else 0 for t in range(3)]
    themes = run(picks, relabel=relabel).themes
    texts = world(picks)[3]
    for theme in themes.themes:
        members = {a.answer_id for a in themes.assignments if a.theme == theme.id}
        assert len(members) == theme.size
        assert set(theme.representatives) <= members
    for a in themes.assignments:
        assert 0 <= a.start < a.end <= len(texts[a.answer_id])
    assert len({theme.label for theme in themes.themes}) == len(themes.themes)
