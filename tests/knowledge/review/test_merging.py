"""Merging: what leaves in favour of another record, what stays, and the ways back."""

from __future__ import annotations

import pytest
from helpers import DEED, applied, record, statuses, text_at, vault_of, whole_id

from atocore.errors import AtocoreError
from atocore.knowledge.review import merging
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.deed import Deed
from atocore.knowledge.review.tracks import tracks
from atocore.records.snapshot import MemorySnapshot

VAULT = """
-- memories/p/new.md --
id: mem-new
status: candidate
project: p
aliases: [M1, The mirror]
tags: [optics]
relations: [{type: based_on, target: ent-b}]
provenance: {quote: it weighs 4.2 kg, rule: stated-quantity}
review_after: 2027-01-01
--
The mirror weighs 4.2 kg.
-- memories/p/known.md --
id: mem-kept
project: p
title: The mirror
tags: [mass]
--
The primary mirror has a mass of 4.2 kg.
-- entities/p/b.md --
id: ent-b
--
x
"""


def merged(vault: MemorySnapshot, one: str, into: str, why: str = "") -> MemorySnapshot:
    deed = Deed(DEED.by, DEED.at, why)
    return applied(vault, merging.merge(vault, record(vault, one), record(vault, into), deed))


def test_a_candidate_leaves_in_favour_of_what_says_it_already() -> None:
    now = merged(vault_of(VAULT), "mem-new", "mem-kept")
    left, known = record(now, "mem-new"), record(now, "mem-kept")
    assert (left.status, left.superseded_by, left.review_after) == ("rejected", known.id, "")
    assert (left.ruling.step, left.ruling.why) == ("merge", f"merged into {known.id}")
    assert left.provenance.quote == "it weighs 4.2 kg", "its evidence stays with it"
    assert (known.status, known.supersedes, known.body) == (
        "active",
        (left.id,),
        record(vault_of(VAULT), "mem-kept").body,
    )


def test_the_other_record_takes_the_names_tags_and_relations_that_it_lacks() -> None:
    known = record(merged(vault_of(VAULT), "mem-new", "mem-kept"), "mem-kept")
    assert (known.aliases, known.tags) == (("M1",), ("mass", "optics"))
    assert [(one.type, one.target) for one in known.relations] == [("based_on", whole_id("ent-b"))]


def test_relations_stay_as_they_are_written_and_none_comes_twice_or_leads_to_itself() -> None:
    vault = vault_of("""
-- entities/p/a.md --
id: ent-a
type: component
project: p
relations:
  - {type: part_of, target: [[Telescope]]}
  - {type: depends_on, target: ent-b}
  - {type: made_by, target: [[Foundry]]}
  - {type: supplied_by, target: [[Schott|them]]}
-- entities/q/b.md --
id: ent-b
type: component
project: q
relations:
  - type: part_of  # as drawn
    target: ent-t
-- entities/p/t.md --
id: ent-t
type: subsystem
title: Telescope
-- entities/p/s.md --
id: ent-s
type: vendor
title: Schott
-- entities/p/f.md --
id: ent-f
type: vendor
project: p
title: Foundry
-- entities/q/f.md --
id: ent-g
type: vendor
project: q
title: Foundry
""")
    now = merged(vault, "ent-a", "ent-b")
    assert [(one.type, one.target) for one in record(now, "ent-b").relations] == [
        ("part_of", whole_id("ent-t")),
        ("made_by", whole_id("ent-f")),
        ("supplied_by", "[[Schott|them]]"),
    ]
    assert "  - type: part_of  # as drawn" in text_at(now, "entities/q/b.md")


def test_reopening_takes_a_merge_back_on_both_sides() -> None:
    vault = merged(vault_of(VAULT), "mem-new", "mem-kept")
    now = applied(vault, review.reopen(vault, (record(vault, "mem-new"),), DEED))
    assert (record(now, "mem-new").status, record(now, "mem-new").superseded_by) == ("candidate", "")
    assert record(now, "mem-kept").supersedes == ()


def test_demoting_the_other_record_does_not_make_a_merged_candidate_active() -> None:
    vault = merged(vault_of(VAULT), "mem-new", "mem-kept")
    now = applied(vault, review.demote(vault, (record(vault, "mem-kept"),), DEED))
    assert statuses(now) | {"ent-b": ""} == {"mem-new": "rejected", "mem-kept": "candidate", "ent-b": ""}


def test_a_merge_counts_neither_for_nor_against_its_rule() -> None:
    (track,) = tracks(merged(vault_of(VAULT), "mem-new", "mem-kept"))
    assert (track.name, track.proposed, track.kept, track.rejected, track.merged) == (
        "stated-quantity",
        1,
        0,
        0,
        1,
    )


def test_an_active_record_is_superseded_by_the_one_it_is_merged_into() -> None:
    vault = vault_of(VAULT.replace("status: candidate\n", "status: active\n"))
    now = merged(vault, "mem-new", "mem-kept", "the same in other words")
    assert (record(now, "mem-new").status, record(now, "mem-new").ruling.step) == ("superseded", "merge")
    back = applied(now, review.restore(now, (record(now, "mem-new"),), DEED))
    assert (record(back, "mem-new").status, record(back, "mem-kept").supersedes) == ("active", ())


@pytest.mark.parametrize(
    ("one", "into", "status", "code"),
    [
        ("mem-new", "mem-new", "active", "impossible-step"),
        ("mem-new", "mem-kept", "retired", "impossible-step"),
        ("mem-kept", "mem-new", "active", "impossible-step"),
    ],
)
def test_only_what_stands_takes_another_record_in(one: str, into: str, status: str, code: str) -> None:
    vault = vault_of(VAULT.replace("title: The mirror\n", f"title: The mirror\nstatus: {status}\n"))
    before = dict(vault.files)
    with pytest.raises(AtocoreError) as error:
        merged(vault, one, into)
    assert error.value.code == code
    assert dict(vault.files) == before


def test_a_claim_the_other_way_round_is_dropped() -> None:
    text = VAULT.replace("review_after: 2027-01-01\n", "supersedes: mem-kept\n")
    now = merged(vault_of(text), "mem-new", "mem-kept")
    assert "supersedes" not in text_at(now, "memories/p/new.md")
