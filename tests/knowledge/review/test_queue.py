"""The queue: who waits, in which order, and who is put off."""

from __future__ import annotations

import pytest
from helpers import DEED, applied, record, short_id, vault_of

from atocore.errors import AtocoreError
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.queue import ORDERS, Wanted, is_put_off, queue
from atocore.records.snapshot import MemorySnapshot

TODAY = "2026-11-29"
VAULT = """
-- memories/p/known.md --
id: mem-kept
project: p
subject: mirror
attribute: mass
value: 4.2 kg
--
x
-- memories/p/a.md --
id: mem-a
status: candidate
project: p
subject: mirror
attribute: mass
value: 4.3 kg
confidence: 0.7
created: 2026-11-03
provenance: {path: docs/b.md, lines: 9-9, rule: stated-quantity, by: codex/0.9, wave: w1}
--
One.
-- entities/q/b.md --
id: ent-b
type: decision
status: candidate
project: q
confidence: 0.9
created: 2026-11-01
provenance: {source: src-b, path: docs/a.md, lines: 12-14, rule: heading, extractor: "1"}
--
Two.
-- memories/p/c.md --
id: mem-c
type: preference
status: candidate
confidence: 0.9
created: 2026-11-02
provenance: {interaction: int-c, path: docs/a.md, lines: 2-2, extractor: llm/2, tool: freecad}
--
Three.
-- memories/p/d.md --
id: mem-d
status: candidate
review_after: 2026-12-24
--
Four.
-- memories/p/e.md --
id: mem-e
status: rejected
--
Five.
"""


def ids(wanted: Wanted, order: str = "best", vault: MemorySnapshot | None = None) -> list[str]:
    found = queue(vault or vault_of(VAULT), wanted, order, TODAY)
    return [short_id(one.id) for one in found.waiting]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("best", ["mem-c", "ent-b", "mem-a"]),
        ("oldest", ["ent-b", "mem-c", "mem-a"]),
        ("source", ["mem-c", "ent-b", "mem-a"]),
        ("rule", ["ent-b", "mem-a", "mem-c"]),
    ],
)
def test_each_order(order: str, expected: list[str]) -> None:
    assert ids(Wanted(), order) == expected


def test_every_order_is_tried_and_another_is_refused() -> None:
    assert set(ORDERS) == {"best", "oldest", "source", "rule"}
    with pytest.raises(AtocoreError):
        ids(Wanted(), "worst")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(project="p"), ["mem-a"]),
        (Wanted(kind="entity"), ["ent-b"]),
        (Wanted(type="preference"), ["mem-c"]),
        (Wanted(rule="stated-quantity"), ["mem-a"]),
        (Wanted(source="docs/a.md"), ["mem-c", "ent-b"]),
        (Wanted(source="docs"), ["mem-c", "ent-b", "mem-a"]),
        (Wanted(source="doc"), []),
        (Wanted(by="codex"), ["mem-a"]),
        (Wanted(by="codex/0.9"), ["mem-a"]),
        (Wanted(by="codex/1"), []),
        (Wanted(tool="freecad"), ["mem-c"]),
        (Wanted(wave="w1"), ["mem-a"]),
        (Wanted(min_confidence=0.8), ["mem-c", "ent-b"]),
        (Wanted(since="2026-11-02"), ["mem-c", "mem-a"]),
        (Wanted(conflicting=True), ["mem-a"]),
        (Wanted(all=True), ["mem-c", "ent-b", "mem-a", "mem-d"]),
        (Wanted(ids=(record(vault_of(VAULT), "mem-d").id,)), ["mem-d"]),
        (Wanted(project="p", conflicting=True, min_confidence=0.8), []),
    ],
)
def test_each_filter(wanted: Wanted, expected: list[str]) -> None:
    assert ids(wanted) == expected


@pytest.mark.parametrize("wrong", [{"kind": "state"}, {"since": "lately"}])
def test_a_filter_that_fits_nothing_ever_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(AtocoreError) as error:
        Wanted(**wrong)
    assert error.value.code == "bad-value"


def test_what_is_put_off_is_left_out_and_counted_until_its_day() -> None:
    vault = vault_of(VAULT)
    found = queue(vault, Wanted(), "best", TODAY)
    assert (found.put_off, len(found.every)) == (1, 4)
    later = queue(vault, Wanted(), "best", "2026-12-24")
    assert (later.put_off, [short_id(one.id) for one in later.waiting][-1]) == (0, "mem-d")


def test_putting_off_is_a_step_that_leaves_the_candidate_waiting() -> None:
    vault = vault_of(VAULT)
    now = applied(vault, review.put_off(vault, (record(vault, "mem-a"),), DEED, "2026-12-01"))
    one = record(now, "mem-a")
    assert (one.status, one.review_after, one.ruling.step) == ("candidate", "2026-12-01", "put-off")
    assert is_put_off(one, TODAY)
    promoted = record(applied(now, review.promote(now, (one,), DEED)), "mem-a")
    assert (promoted.status, promoted.review_after) == ("active", "")


@pytest.mark.parametrize("until", ["soon", "", "2026-11-22", "2020-01-01", "2026-13-01"])
def test_a_day_that_does_not_come_puts_nothing_off(until: str) -> None:
    vault = vault_of(VAULT)
    with pytest.raises(AtocoreError) as error:
        review.put_off(vault, (record(vault, "mem-a"),), DEED, until)
    assert error.value.code == "bad-value"


def test_only_a_candidate_is_put_off() -> None:
    vault = vault_of(VAULT)
    with pytest.raises(AtocoreError) as error:
        review.put_off(vault, (record(vault, "mem-kept"),), DEED, "2027-01-01")
    assert error.value.code == "impossible-step"
