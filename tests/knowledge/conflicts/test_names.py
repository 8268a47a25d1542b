"""Aliases and conflicts: what a name that is given or taken joins and parts, and what was decided before."""

from __future__ import annotations

from helpers import DEED, applied, record, statuses, text_at, vault_of, whole_id

from atocore.knowledge.conflicts.clash import conflict_id, sweep
from atocore.knowledge.conflicts.disputes import disputes, would_dispute
from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.halfsteps import conflict_files, missing_conflict_files
from atocore.knowledge.review import resolution
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.plan import Change, Plan
from atocore.records.snapshot import MemorySnapshot

MASS = ("claim", "p", "primary mirror", "mass")
BY_ALIAS = ("claim", "p", "m1", "mass")
ENTITY = """
-- entities/p/mirror.md --
id: ent-m
type: component
project: p
title: Primary mirror
"""


def claim(name: str, subject: str, value: str, more: str = "") -> str:
    return (
        f"-- memories/{name}.md --\nid: mem-{name}\nproject: p\nsubject: {subject}\nattribute: mass\n"
        f"value: {value}\n{more}"
    )


TWO = claim("a", "primary mirror", "4.2 kg") + claim("b", "M1", "5 kg")


def rewritten(vault: MemorySnapshot, short: str, **keys: Value | None) -> Plan:
    one = record(vault, short)
    return Plan((Change(one.path, one.raw, edit(one.raw, keys)),), None)


def aliased(vault: MemorySnapshot, *aliases: str) -> MemorySnapshot:
    return applied(vault, rewritten(vault, "ent-m", aliases=aliases or None))


def swept(vault: MemorySnapshot) -> MemorySnapshot:
    slots = {clash.slot for clash in sweep(vault)} | {one.slot for one in vault.select() if one.slot}
    return vault.after(conflict_files(vault, slots))


def status_of(vault: MemorySnapshot, slot: tuple[str, ...]) -> str:
    found = vault.get(conflict_id(slot))
    return found.status if found else ""


def test_a_new_alias_makes_the_conflict_in_the_same_commit() -> None:
    vault = vault_of(ENTITY + TWO)
    assert sweep(vault) == ()
    vault = aliased(vault, "M1")
    (clash,) = sweep(vault)
    assert (clash.id, clash.slot, clash.status) == (conflict_id(MASS), MASS, "open")
    assert status_of(vault, MASS) == "open"
    assert [side.id for side in disputes(vault, record(vault, "mem-b"))] == [whole_id("mem-a")]


def test_an_alias_that_is_taken_away_settles_it_and_given_again_opens_it() -> None:
    joined = aliased(vault_of(ENTITY + TWO), "M1")
    parted = aliased(joined)
    assert status_of(parted, MASS) == "resolved"
    assert record(parted, conflict_id(MASS)).how == "settled"
    assert disputes(parted, record(parted, "mem-b")) == ()
    assert aliased(parted, "M1").files == joined.files


def test_retiring_the_entity_or_moving_it_to_another_project_parts_what_it_joined() -> None:
    joined = aliased(vault_of(ENTITY + TWO), "M1")
    for keys in ({"status": "retired"}, {"project": "q"}, {"title": "Main mirror"}):
        parted = applied(joined, rewritten(joined, "ent-m", **keys))
        assert status_of(parted, MASS) == "resolved", keys


def test_a_title_that_moves_under_its_alias_takes_the_claims_along() -> None:
    vault = aliased(vault_of(ENTITY + TWO + claim("c", "Main mirror", "6 kg")), "M1")
    vault = applied(vault, rewritten(vault, "ent-m", title="Main mirror"))
    (clash,) = sweep(vault)
    assert clash.slot == ("claim", "p", "main mirror", "mass")
    assert {member.id for member in clash.members} == {whole_id("mem-b"), whole_id("mem-c")}
    assert (status_of(vault, MASS), status_of(vault, clash.slot)) == ("resolved", "open")


def test_what_was_decided_under_the_alias_still_counts() -> None:
    vault = vault_of(ENTITY + claim("b", "M1", "5 kg") + claim("c", "M1", "6 kg"))
    vault = swept(vault)
    vault = applied(vault, resolution.dismiss(vault, record(vault, conflict_id(BY_ALIAS)), DEED))
    joined = aliased(vault, "M1")
    (clash,) = sweep(joined)
    assert (clash.id, clash.status) == (conflict_id(BY_ALIAS), "dismissed")
    assert joined.get(conflict_id(MASS)) is None
    assert disputes(joined, record(joined, "mem-b")) == ()


def test_a_third_value_reopens_it_in_the_file_that_there_is() -> None:
    vault = swept(vault_of(ENTITY + TWO + claim("c", "M1", "6 kg")))
    vault = applied(vault, resolution.dismiss(vault, record(vault, conflict_id(BY_ALIAS)), DEED))
    joined = aliased(vault, "M1")
    (clash,) = sweep(joined)
    assert (clash.id, clash.status, len(clash.members)) == (conflict_id(BY_ALIAS), "open", 3)
    assert status_of(joined, BY_ALIAS) == "open"
    assert joined.get(conflict_id(MASS)) is None


def test_of_two_open_files_one_stays_open_and_both_return() -> None:
    texts = ENTITY + TWO + claim("c", "M1", "6 kg") + claim("d", "primary mirror", "7 kg")
    vault = swept(vault_of(texts))
    assert (status_of(vault, MASS), status_of(vault, BY_ALIAS)) == ("open", "open")
    joined = aliased(vault, "M1")
    assert (status_of(joined, MASS), status_of(joined, BY_ALIAS)) == ("open", "resolved")
    assert len(record(joined, conflict_id(MASS)).members) == 4
    assert aliased(joined).files == vault.files


def test_a_file_about_a_plural_is_the_files_of_its_slot() -> None:
    old = (
        "-- conflicts/c.md --\nid: con-c\nstatus: dismissed\nslot: [claim, p, audit logs, mass]\n"
        "members:\n- {id: mem-a, value: 1 kg, layer: L1}\n- {id: mem-b, value: 2 kg, layer: L1}\n"
    )
    vault = vault_of(claim("a", "audit logs", "1 kg") + claim("b", "audit log", "2 kg") + old)
    (clash,) = sweep(vault)
    assert (clash.id, clash.status) == (whole_id("con-c"), "dismissed")


def test_a_candidate_that_calls_the_thing_otherwise_would_conflict() -> None:
    vault = aliased(vault_of(ENTITY + TWO + claim("c", "M1", "9 kg", "status: candidate\n")), "M1")
    sides = would_dispute(vault, record(vault, "mem-c"))
    assert [side.id for side in sides] == [whole_id("mem-a"), whole_id("mem-b")]
    assert {side.conflict for side in sides} == {conflict_id(MASS)}


def test_what_was_seen_holds_the_claims_by_every_name() -> None:
    apart = vault_of(ENTITY + TWO)
    joined = aliased(apart, "M1")
    a = record(apart, "mem-a")
    assert view_hash(apart, a) != view_hash(joined, a)


def test_a_project_by_its_alias_is_the_same_project_and_another_is_not() -> None:
    telescope = "-- projects/p.md --\nid: prj-p\nname: p\naliases: [P04 Telescope]\n"
    texts = telescope + TWO.replace("M1", "primary mirror").replace("project: p", "project: p04-telescope", 1)
    vault = vault_of(texts)
    assert [clash.slot for clash in sweep(vault)] == [MASS]
    assert sweep(vault_of(texts.replace("aliases", "tags"))) == ()


def test_projects_never_conflict_through_an_entity_that_names_everywhere() -> None:
    vault = vault_of(
        ENTITY.replace("project: p\n", "aliases: [M1]\n") + TWO.replace("project: p", "project: q", 1)
    )
    assert sweep(vault) == ()
    assert statuses(vault)["ent-m"] == "active"


def test_a_hand_commit_of_an_alias_is_looked_into_by_the_claims_that_it_renames() -> None:
    """What the catalog notes as pending: the claims under either name, and the conflicts about them."""
    vault = vault_of(ENTITY + TWO)
    by_hand = vault.after(rewritten(vault, "ent-m", aliases=("M1",)))
    plan = missing_conflict_files(by_hand, ["memories/b.md"])
    assert by_hand.after(plan).files == aliased(vault, "M1").files
    assert "primary mirror" in text_at(by_hand.after(plan), f"conflicts/{conflict_id(MASS)}.md")
