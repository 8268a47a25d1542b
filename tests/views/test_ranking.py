from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.views.ranking import DEPTH, Candidate, Ranked, has_evidence, rank

TEXTS = [
    "the mirror",
    "a cell of steel",
    "coating by vendor",
    "budget of power",
    "thermal plan",
    "cable tray",
]


def candidate(key: str, **given: object) -> Candidate:
    number = int("".join(filter(str.isdigit, key)) or 0)
    values: dict[str, object] = {
        "key": key,
        "record": key,
        "path": f"memories/{key}.md",
        "layer": 1,
        "status": "active",
        "project": "",
        "age_days": None,
        "text": TEXTS[number % len(TEXTS)] + f" {number}",
    }
    return Candidate(**(values | given))  # type: ignore[arg-type]


def known(*candidates: Candidate) -> dict[str, Candidate]:
    return {c.key: c for c in candidates}


def records(hits: list[Ranked]) -> list[str]:
    return [hit.candidate.record for hit in hits]


def plain(*keys: str) -> dict[str, Candidate]:
    return known(*(candidate(key) for key in keys))


def test_what_both_halves_find_comes_first() -> None:
    words, meaning = [("r1", 9.0), ("r2", 8.0)], [("r3", 0.8), ("r2", 0.7)]
    hits = rank(words, meaning, plain("r1", "r2", "r3"))
    assert records(hits) == ["r2", "r1", "r3"]
    assert hits[0].why == "words 2nd, meaning 2nd, memory"


def test_a_clear_first_in_words_is_not_voted_down_by_ranks() -> None:
    words = [("r1", 30.0), ("r2", 6.0), ("r3", 5.0)]
    meaning = [("r2", 0.41), ("r3", 0.40), ("r1", 0.39)]
    assert records(rank(words, meaning, plain("r1", "r2", "r3")))[0] == "r1"


def test_either_half_alone_ranks_as_it_stands() -> None:
    pool = plain("r1", "r2")
    assert records(rank([("r2", 2.0), ("r1", 1.0)], [], pool)) == ["r2", "r1"]
    assert records(rank([], [("r1", 0.4), ("r2", -0.2)], pool)) == ["r1", "r2"]
    assert rank([], [], pool) == []


def test_the_last_of_a_full_list_counts_for_nothing_and_of_a_short_one_for_what_it_has() -> None:
    full = [(f"r{n}", float(DEPTH * 2 - n)) for n in range(DEPTH)]
    scores = {h.candidate.record: h.score for h in rank(full, [], plain(*(k for k, _ in full)), limit=DEPTH)}
    assert scores[f"r{DEPTH - 1}"] == 0.0
    assert rank([("r1", 2.0), ("r2", 1.5)], [], plain("r1", "r2"))[1].score > 0.4


def test_a_record_is_shown_once_by_its_best_passage() -> None:
    pool = known(candidate("a#0", record="a"), candidate("a#1", record="a"), candidate("b#2", record="b"))
    hits = rank([("a#0", 5.0), ("b#2", 4.0), ("a#1", 3.0)], [("a#1", 0.9), ("b#2", 0.2)], pool)
    assert [hit.candidate.key for hit in hits] == ["a#1", "b#2"]


def test_passages_that_are_not_known_are_left_out() -> None:
    assert records(rank([("gone", 9.0), ("r1", 1.0)], [("gone", 0.9)], plain("r1"))) == ["r1"]


@pytest.mark.parametrize(
    ("better", "worse", "reason"),
    [
        ({"layer": 3}, {"layer": 2}, "trusted state"),
        ({"layer": 2}, {"layer": 1}, "entity"),
        ({"layer": 1}, {"layer": 0}, "memory"),
        ({}, {"status": "candidate"}, "memory"),
        ({"status": "candidate"}, {"status": "superseded"}, "candidate"),
        ({"status": "superseded"}, {"status": "rejected"}, "superseded"),
        ({"project": "p04"}, {"project": "p05"}, "project p04"),
        ({"age_days": 1.0}, {"age_days": 900.0}, "fresh"),
        ({}, {"path": "docs/Archive/2019/a.md"}, "memory"),
    ],
)
def test_of_two_that_fit_alike_the_better_one_comes_first(
    better: dict[str, object], worse: dict[str, object], reason: str
) -> None:
    pool = known(candidate("r2", **better), candidate("r1", **worse))
    hits = rank([("r1", 5.0), ("r2", 5.0)], [("r1", 0.5), ("r2", 0.5)], pool, project="p04")
    assert records(hits) == ["r2", "r1"]
    assert reason in hits[0].why


def test_a_low_place_is_said() -> None:
    [hit] = rank([("r1", 5.0)], [], known(candidate("r1", path="archive/a.md")))
    assert hit.why == "words 1st, memory, in archive/"


def test_trust_does_not_lift_what_hardly_fits() -> None:
    pool = known(candidate("r1", layer=0), candidate("r2", layer=3, project="p", age_days=0.0))
    hits = rank([("r1", 9.0), ("r2", 2.0)], [("r1", 0.8), ("r2", 0.1)], pool, project="p")
    assert records(hits) == ["r1", "r2"]


LONG = "the primary mirror of the telescope is held in its cell by three whiffletrees made of steel and glued"


def same(text: str, **given: object) -> list[Ranked]:
    pool = known(candidate("r1", text=LONG), candidate("r2", text=text, **given))
    return rank([("r1", 5.0), ("r2", 4.0)], [], pool)


def test_what_says_the_same_again_is_named_by_the_first() -> None:
    [hit] = same(LONG.capitalize() + ".")
    assert (hit.candidate.record, hit.also) == ("r1", ("r2",))


@pytest.mark.parametrize(
    "text", [LONG.replace("three", "3"), LONG.replace("is held", "is not held"), LONG + " 4.2 kg", "other"]
)
def test_another_number_or_a_negation_is_never_thinned(text: str) -> None:
    assert len(same(text)) == 2


def test_the_same_in_another_project_is_another_statement() -> None:
    assert len(same(LONG, project="p05")) == 2


def test_thinning_does_not_cost_hits() -> None:
    pool = known(*(candidate(f"r{n}", text=LONG) for n in range(5)), candidate("x9"))
    words = [(f"r{n}", 9.0 - n) for n in range(5)] + [("x9", 1.0)]
    assert records(rank(words, [], pool, limit=2)) == ["r0", "x9"]


KEYS = st.sampled_from([f"r{n}" for n in range(8)])
LISTS = st.dictionaries(KEYS, st.floats(-1, 50), max_size=8).map(
    lambda d: sorted(d.items(), key=lambda item: -item[1])
)


@given(LISTS, LISTS, st.integers(0, 10))
def test_any_two_lists_give_each_record_once_in_order(
    words: list[tuple[str, float]], meaning: list[tuple[str, float]], limit: int
) -> None:
    hits = rank(words, meaning, plain(*(f"r{n}" for n in range(8))), limit=limit)
    assert len(hits) == min(limit, len({key for key, _ in (*words, *meaning)}))
    assert len(set(records(hits))) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score >= 0 and hit.why for hit in hits)


@pytest.mark.parametrize(
    ("cosine", "coverage", "evident"),
    [
        (0.6, 0.0, True),
        (0.2, 0.1, False),
        (0.2, 0.9, True),
        (None, 0.5, True),
        (None, 0.1, False),
    ],
)
def test_evidence_is_meaning_or_the_rare_words(cosine: float | None, coverage: float, evident: bool) -> None:
    assert has_evidence(cosine, coverage) is evident
