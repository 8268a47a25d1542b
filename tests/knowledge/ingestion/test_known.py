"""What is known of a claim already: one claim once, and a refusal reopened by a changed document alone."""

from __future__ import annotations

from helpers import DEED, record, vault_of

from atocore.knowledge.ingestion.known import Refusals, rejected_before, same_claim
from atocore.knowledge.ingestion.passes import extraction_pass, ingest
from atocore.knowledge.ingestion.wave import Incoming, Limits, Wave
from atocore.knowledge.review import steps as review
from atocore.records.kinds import Kind
from atocore.records.plan import Plan
from atocore.records.record import Record
from atocore.records.snapshot import AfterSnapshot, MemorySnapshot

WIDE = Limits(50, 200, 0)
TEXT = """\
# Mirror

## Decisions

- We decided to use Zerodur for the primary mirror.
- We decided to use a six-point cell.

## Notes

Nothing else.
"""


def brought(vault: MemorySnapshot, text: str, origin: str = "spec.md") -> tuple[MemorySnapshot, Wave]:
    wave = ingest(vault, [Incoming(origin, "docs", text)], (), "p", WIDE)
    return vault.after(wave.plan), wave


def with_rejected() -> tuple[MemorySnapshot, Record]:
    vault, _ = brought(MemorySnapshot({}), TEXT)
    one = next(r for r in waiting(vault) if "Zerodur" in r.body)
    vault = vault.after(review.reject(vault, (one,), DEED))
    return vault, record(vault, one.id)


def waiting(vault: MemorySnapshot) -> list[Record]:
    return list(vault.select((Kind.MEMORY, Kind.ENTITY), ("candidate",)))


def about_glass(vault: MemorySnapshot) -> list[Record]:
    return [one for one in waiting(vault) if "Zerodur" in one.body]


def test_after_a_rejection_an_edit_elsewhere_proposes_nothing_again() -> None:
    vault, _ = with_rejected()
    for text in (
        TEXT.replace("Nothing else.", "Something else."),
        TEXT.replace("six-point", "nine-point"),  # the next item of the same list
        f"Preface.\n\n{TEXT}",
    ):
        now, _ = brought(vault, text)
        assert about_glass(now) == []


def test_mere_repetition_is_no_new_evidence() -> None:
    vault, _ = with_rejected()
    elsewhere, _ = brought(vault, TEXT, "copy.md")
    assert about_glass(elsewhere) == []
    capture = vault_of("""\
-- captures/2026/11/22/a.md --
id: int-a
type: claude-code
--
We decided to use Zerodur for the primary mirror.
""")
    both = MemorySnapshot({**vault.files, **capture.files})
    said = extraction_pass(both, [record(both, "int-a")], {record(both, "int-a").id: "p"}, WIDE)
    assert about_glass(both.after(said.plan)) == []


def test_a_changed_passage_comes_back_and_says_what_became_of_the_former_one() -> None:
    vault, refused = with_rejected()
    changed = TEXT.replace("for the primary mirror.", "for the primary mirror, as the supplier confirmed.")
    now, _ = brought(vault, changed)
    (one,) = about_glass(now)
    assert one.id != refused.id
    found = rejected_before(now, one)
    assert found is not None
    assert (found.id, found.why) == (refused.id, DEED.why)


def test_the_same_claim_in_a_changed_passage_gets_an_id_of_its_own_once() -> None:
    spec = "# Mirror\n\n## Requirements\n\n- The mirror mass shall not exceed 4.5 kg.\n"
    vault, _ = brought(MemorySnapshot({}), spec)
    (one,) = waiting(vault)
    assert one.value, "the rule fills the claim in"
    vault = vault.after(review.reject(vault, (one,), DEED))
    changed = spec.replace("shall not exceed", "must not exceed")
    now, _ = brought(vault, changed)
    (again,) = waiting(now)
    assert again.id != one.id
    assert (found := rejected_before(now, again)) is not None
    assert found.id == one.id
    refused = now.after(review.reject(now, (again,), DEED))
    assert waiting(brought(refused, f"{changed}\nMore.\n")[0]) == []
    assert waiting(brought(refused, spec)[0]) == [], "neither wording is new any more"


def test_one_slot_with_one_value_is_one_claim_however_it_is_worded() -> None:
    vault = vault_of("""\
-- entities/p/a.md --
id: ent-a
type: requirement
project: p
subject: Primary Mirror
attribute: mass
value: <= 4.5 kg
--
The primary mirror must not weigh more than 4.5 kg.
-- memories/p/b.md --
id: mem-b
project: p
subject: the primary mirror
attribute: mass
value: <= 4.5 kg
--
At most 4.5 kg is what it may weigh.
-- memories/q/c.md --
id: mem-c
project: q
--
The primary mirror must not weigh more than 4.5 kg.
-- memories/p/d.md --
id: mem-d
project: p
subject: primary mirror
attribute: mass
value: <= 4.6 kg
""")
    assert [one.id for one in same_claim(vault, record(vault, "ent-a"))] == [record(vault, "mem-b").id]


def test_what_nobody_rejected_says_nothing() -> None:
    vault, _ = brought(MemorySnapshot({}), TEXT)
    assert [rejected_before(vault, one) for one in waiting(vault)] == [None] * len(waiting(vault))


def test_a_list_of_candidates_looks_at_each_source_once() -> None:
    vault, _ = with_rejected()
    now, _ = brought(vault, TEXT.replace("for the primary mirror", "for the primary mirror, too"))
    asked: list[str] = []

    class Watched(AfterSnapshot):
        def referring(self, record_id: str) -> tuple[Record, ...]:
            asked.append(record_id)
            return super().referring(record_id)

    refusals = Refusals(Watched(now, Plan((), None)))
    found = [refusals.before(one) for one in waiting(now)]
    assert [one is not None for one in found].count(True) == 1
    assert len(found) == 2
    assert len(asked) == 1
