"""Reports of uses, and what uses make of a confidence."""

from __future__ import annotations

from itertools import pairwise

import pytest
from helpers import record_of

from atocore.knowledge.reinforcement import (
    HIGHEST,
    Use,
    page_of,
    reinforced,
    reinforced_confidence,
    report_path,
    reports,
    uses_in,
)

A = Use("int-a00000000000", "mem-a00000000000", "2026-11-22", 0.83, ("mirror", "4.2", "kg"))
B = Use("int-b00000000000", "mem-a00000000000", "2026-11-23", 0.1, (), 0.81)
C = Use("int-a00000000000", "mem-c00000000000", "2026-12-01", 1.0, ("glass",), 0.9)


def test_each_use_closes_a_tenth_of_what_is_left() -> None:
    steps = [reinforced_confidence(0.5, uses) for uses in range(4)]
    assert steps == [0.5, 0.545, 0.5855, 0.622]
    gains = [after - before for before, after in pairwise(steps)]
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize(("prior", "uses"), [(0.0, 10_000), (0.5, 1_000), (0.94, 50)])
def test_it_never_passes_the_highest(prior: float, uses: int) -> None:
    assert prior <= reinforced_confidence(prior, uses) <= HIGHEST


def test_a_prior_that_is_higher_stays() -> None:
    assert reinforced_confidence(1.0, 7) == 1.0


def test_only_active_memories_are_reinforced() -> None:
    text = "id: mem-a\nconfidence: 0.5\nstatus: {}\n--\nx\n"
    found = reinforced(record_of(text.format("active"), "memories/a.md"), [B, A, A])
    assert found is not None
    assert (found.confidence, found.uses, found.captures) == (0.5855, 2, (A.capture, B.capture))
    for status in ("candidate", "rejected", "superseded"):
        assert reinforced(record_of(text.format(status), "memories/a.md"), [A]) is None
    assert reinforced(record_of("id: ent-a\n--\nx\n", "entities/a.md"), [A]) is None
    assert reinforced(record_of(text.format("active"), "memories/a.md"), []) is None


def test_a_memory_that_was_born_without_a_confidence_has_none_reinforced() -> None:
    found = reinforced(record_of("id: mem-a\n--\nx\n", "memories/a.md"), [A])
    assert found is not None and (found.confidence, found.uses) == (None, 1)


def test_a_page_reads_back_as_its_uses_in_any_order() -> None:
    page = page_of("2026-11", [B, A])
    assert page == page_of("2026-11", [A, B, B])
    assert uses_in(page) == [A, B]


def test_the_month_is_the_captures_and_a_pair_is_told_once() -> None:
    plan = reports("clone123", [A, B, C], {})
    by_path = {change.path: change.new or b"" for change in plan.changes}
    assert list(by_path) == [report_path("clone123", "2026-11"), report_path("clone123", "2026-12")]
    pages = {path: raw.decode() for path, raw in by_path.items()}
    assert reports("clone123", [C, B, A], pages).changes == ()
    assert reports("another1", [A], pages).changes == ()  # whichever clone told it
    more = Use("int-d00000000000", "mem-a00000000000", "2026-11-01", 0.7, ("mirror",))
    (change,) = reports("clone123", [more, A], pages).changes
    assert change.old == by_path[change.path]
    assert uses_in((change.new or b"").decode()) == [more, A, B]


def test_a_page_that_somebody_wrote_in_still_reads() -> None:
    page = page_of("2026-11", [A]).replace("# Uses", "# My uses") + "\nA remark | with | bars |\n"
    assert uses_in(page) == [A]


@pytest.mark.parametrize(
    "numbers", ["1.2.3 | -", "0.50 | 1..2", "9999 | 0.50", "0.50 | ", ". | -", "0.5 | nan"]
)
def test_a_row_that_tells_no_use_is_passed_over(numbers: str) -> None:
    row = f"| 2026-11-22 | int-a00000000000 | mem-a00000000000 | {numbers} | mirror |"
    assert uses_in(f"{page_of('2026-11', [A])}{row}\n<<<<<<< ours\n") == [A]
