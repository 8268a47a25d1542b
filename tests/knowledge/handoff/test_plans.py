"""Tool handoffs: facts in, candidates out; again with a changed file, and against what people decided."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from helpers import DEED, applied, changed_lines

from atocore.knowledge.handoff.format import Handoff, read_handoff
from atocore.knowledge.handoff.plans import Imported, import_handoffs
from atocore.knowledge.ingestion.wave import Limits
from atocore.knowledge.review import resolution
from atocore.knowledge.review import steps as review
from atocore.records.edit import edit
from atocore.records.kinds import Kind
from atocore.records.proposer import proposers
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot

EMPTY = MemorySnapshot({})
WIDE = Limits(50, 200, 0)
Facts = list[dict[str, object]]
MASS: dict[str, object] = {
    "id": "RING/mass",
    "type": "parameter",
    "subject": "Cell ring",
    "attribute": "mass",
    "value": "1.84 kg",
}


def ring(value: str = "1.84 kg", **more: object) -> dict[str, object]:
    return {**MASS, "value": value, **more}


def handoff(*facts: dict[str, object], path: str = "bom.json", **head: object) -> Handoff:
    text = json.dumps(
        {"format": "atocore-handoff", "version": 1, "project": "p", **head, "facts": list(facts)}
    )
    return replace(read_handoff(text, path, lambda told: told), digest=text)


def handed(
    vault: MemorySnapshot, *facts: dict[str, object], limits: Limits = WIDE, path: str = "bom.json"
) -> tuple[MemorySnapshot, Imported]:
    done = import_handoffs(vault, "cad", [handoff(*facts, path=path)], "", limits)
    return (applied(vault, done.plan) if done.plan.changes else vault), done


def candidates(vault: MemorySnapshot) -> list[Record]:
    return list(vault.select((Kind.MEMORY, Kind.ENTITY), ("candidate",)))


def conflicts(vault: MemorySnapshot) -> list[Record]:
    return list(vault.select((Kind.CONFLICT,)))


def decided(vault: MemorySnapshot, verb: str, *records: Record) -> MemorySnapshot:
    plan = getattr(review, verb)(vault, records or tuple(candidates(vault)), DEED)
    return applied(vault, plan)


def edited(vault: MemorySnapshot, record: Record, **keys: str) -> MemorySnapshot:
    return MemorySnapshot({**vault.files, record.path: edit(record.raw, keys)})


def accepted_ring() -> MemorySnapshot:
    return decided(handed(EMPTY, ring())[0], "promote")


# -- births


def test_a_fact_becomes_a_candidate_with_the_tool_as_its_provenance() -> None:
    fact = ring(unit="kg", value="1.84", file="ring.prt", revision="B")
    vault, done = handed(EMPTY, fact)
    (one,) = candidates(vault)
    assert (one.kind, one.type, one.subject, one.attribute, one.value) == (
        Kind.ENTITY,
        "parameter",
        "Cell ring",
        "mass",
        "1.84 kg",
    )
    origin = one.provenance
    assert (origin.tool, origin.external_id, origin.file, origin.revision) == (
        "cad",
        "RING/mass",
        "ring.prt",
        "B",
    )
    assert origin.wave == done.wave and one.body == "Cell ring mass: 1.84 kg\n" and done.new == 1


def test_the_same_file_twice_changes_nothing() -> None:
    vault, _ = handed(EMPTY, ring())
    again, done = handed(vault, ring())
    assert (done.new, done.unchanged, done.plan.changes, done.report) == (0, 1, (), "")
    assert again is vault


def test_ids_and_bytes_are_the_same_on_any_clone() -> None:
    assert handed(EMPTY, ring())[0].files == handed(EMPTY, ring())[0].files


def test_facts_refer_to_one_another_by_external_id() -> None:
    part = {"id": "RING", "type": "component", "title": "Cell ring"}
    links = [{"type": "described_by", "target": "RING"}]
    vault, done = handed(EMPTY, ring(relations=links), part)
    by_id = {one.provenance.external_id: one for one in candidates(vault)}
    assert [r.target for r in by_id["RING/mass"].relations] == [by_id["RING"].id]
    assert not done.rows


def test_a_relation_to_a_fact_that_is_not_there_is_left_out_and_told() -> None:
    vault, done = handed(EMPTY, ring(relations=[{"type": "part_of", "target": "NOWHERE"}]))
    assert candidates(vault)[0].relations == ()
    assert [(row.place, row.id) for row in done.rows] == [("/facts/0/relations/0", "RING/mass")]


def test_what_others_refer_to_comes_first_where_a_cap_is_short_and_the_rest_comes_later() -> None:
    links = [{"type": "part_of", "target": "B"}]
    facts: Facts = [
        {"id": "A", "type": "component", "title": "A", "confidence": 0.9, "relations": links},
        {"id": "B", "type": "component", "title": "B", "confidence": 0.1},
        {"id": "C", "type": "component", "title": "C", "confidence": 0.5},
    ]
    vault, done = handed(EMPTY, *facts, limits=Limits(2, 200, 0))
    assert {one.provenance.external_id for one in candidates(vault)} == {"A", "B"}
    assert done.deferred == 1
    vault, done = handed(vault, *facts, limits=Limits(2, 200, 2))
    assert (done.new, done.unchanged, done.deferred) == (1, 2, 0)


def test_facts_that_refer_to_one_another_in_a_circle_keep_their_relations() -> None:
    a = {
        "id": "A",
        "type": "interface",
        "title": "A",
        "relations": [{"type": "interfaces_with", "target": "B"}],
    }
    b = {
        "id": "B",
        "type": "interface",
        "title": "B",
        "relations": [{"type": "interfaces_with", "target": "A"}],
    }
    vault, _ = handed(EMPTY, a, b)
    assert [len(one.relations) for one in candidates(vault)] == [1, 1]
    cut, done = handed(EMPTY, a, b, limits=Limits(1, 200, 0))
    assert done.deferred == 1
    whole, _ = handed(cut, a, b)
    assert [len(one.relations) for one in candidates(whole)] == [1, 1]


def test_a_full_queue_defers_everything_new_and_still_updates() -> None:
    vault, _ = handed(EMPTY, ring())
    _, done = handed(
        vault, ring("1.9 kg"), {"id": "X", "type": "vendor", "title": "X"}, limits=Limits(50, 1, 1)
    )
    assert (done.new, done.updated, done.deferred) == (0, 1, 1)


def test_what_another_record_holds_already_is_not_proposed() -> None:
    vault = MemorySnapshot(
        {
            "memories/p/ring.md": b"---\nid: mem-000000000001\nkind: memory\ntype: knowledge\n"
            b"status: active\n"
            b"project: p\nsubject: cell ring\nattribute: mass\nvalue: 1.84 kg\n---\nIt weighs that.\n"
        }
    )
    _, done = handed(vault, ring())
    assert (done.new, done.agreed) == (0, 1)
    after, done = handed(vault, ring("1.9 kg"))
    assert (done.new, len(done.clashing)) == (1, 1)
    assert conflicts(after)[0].prevailing == "mem-000000000001"


# -- again


def test_a_changed_file_updates_only_what_changed_of_an_open_candidate() -> None:
    vault, _ = handed(EMPTY, ring())
    (before,) = candidates(vault)
    vault = edited(vault, before, description="looked at")
    vault, done = handed(vault, ring("1.9 kg"))
    (after,) = candidates(vault)
    assert (after.id, after.value, after.description, done.updated) == (before.id, "1.9 kg", "looked at", 1)
    assert after.body == "Cell ring mass: 1.9 kg\n"
    gone, _ = changed_lines(before.raw, after.raw)
    assert not any(line.startswith(("title:", "subject:", "created:")) for line in gone)


def test_what_a_person_edited_in_a_candidate_stays_and_is_told() -> None:
    vault, _ = handed(EMPTY, ring())
    vault = edited(vault, candidates(vault)[0], value="1.85 kg")
    vault, done = handed(vault, ring("1.9 kg"))
    assert candidates(vault)[0].value == "1.85 kg"
    assert "`value` was edited by hand" in done.rows[0].reason
    assert handed(vault, ring("1.9 kg"))[1].unchanged == 1


def test_a_candidate_that_a_person_cut_short_is_brought_up_to_date_from_what_it_says() -> None:
    vault, _ = handed(EMPTY, ring())
    (one,) = candidates(vault)
    bare = edit(one.raw, {"provenance": None})
    vault, done = handed(MemorySnapshot({one.path: bare}), ring())
    assert done.updated == 1 and candidates(vault)[0].value == "1.84 kg"


def test_a_changed_accepted_fact_becomes_a_conflict_and_overwrites_nothing() -> None:
    vault = accepted_ring()
    (before,) = vault.select((Kind.ENTITY,), ("active",))
    vault, done = handed(vault, ring("1.9 kg"))
    assert vault.files[before.path] == before.raw
    (candidate,) = candidates(vault)
    (conflict,) = conflicts(vault)
    assert (candidate.value, done.clashing) == ("1.9 kg", (conflict.id,))
    assert [(m.id, m.value) for m in conflict.members] == [(before.id, "1.84 kg"), (candidate.id, "1.9 kg")]
    assert (conflict.type, conflict.status, conflict.prevailing) == ("claimed", "open", before.id)
    again, done = handed(vault, ring("1.9 kg"))
    assert again is vault and done.unchanged == 1


def test_a_third_value_updates_the_candidate_and_its_conflict() -> None:
    vault, _ = handed(accepted_ring(), ring("1.9 kg"))
    vault, _ = handed(vault, ring("2.0 kg"))
    assert [one.value for one in candidates(vault)] == ["2.0 kg"]
    assert conflicts(vault)[0].members[1].value == "2.0 kg"


def test_a_tool_that_comes_back_to_what_was_accepted_settles_the_conflict() -> None:
    vault, _ = handed(accepted_ring(), ring("1.9 kg"))
    vault, _ = handed(vault, ring())
    (conflict,) = conflicts(vault)
    assert (conflict.status, conflict.how) == ("resolved", "settled")
    vault, _ = handed(vault, ring("1.9 kg"))
    assert conflicts(vault)[0].status == "open"


def test_taking_the_tools_value_supersedes_what_was_accepted() -> None:
    vault, _ = handed(accepted_ring(), ring("1.9 kg"))
    (candidate,), (conflict,) = candidates(vault), conflicts(vault)
    vault = applied(vault, resolution.resolve(vault, conflict, candidate, DEED))
    assert sorted(one.status for one in vault.select((Kind.ENTITY,))) == ["active", "superseded"]
    assert handed(vault, ring("1.9 kg"))[1].unchanged == 1
    assert handed(vault, ring())[1].clashing != ()


def test_keeping_what_was_accepted_rejects_the_candidate_for_good() -> None:
    vault, _ = handed(accepted_ring(), ring("1.9 kg"))
    (before,) = vault.select((Kind.ENTITY,), ("active",))
    vault = applied(vault, resolution.resolve(vault, conflicts(vault)[0], before, DEED))
    assert not candidates(vault)
    assert handed(vault, ring("1.9 kg"))[1].refused == 1
    assert handed(vault, ring())[1].unchanged == 1
    assert handed(vault, ring("2.0 kg"))[1].new == 1


def test_rejecting_the_candidate_settles_the_conflict() -> None:
    vault, _ = handed(accepted_ring(), ring("1.9 kg"))
    vault = decided(vault, "reject")
    assert conflicts(vault)[0].how == "settled"


def test_promoting_the_candidate_beside_what_was_accepted_leaves_the_conflict_of_their_slot() -> None:
    vault, _ = handed(accepted_ring(), ring("1.9 kg"))
    vault = decided(vault, "promote")
    by_type = {one.type: (one.status, one.how) for one in conflicts(vault)}
    assert by_type == {"claimed": ("resolved", "settled"), "value": ("open", "")}


def test_a_dismissed_conflict_stays_dismissed_until_a_value_changes() -> None:
    vault, _ = handed(accepted_ring(), ring("1.9 kg"))
    vault = applied(vault, resolution.dismiss(vault, conflicts(vault)[0], DEED))
    vault, done = handed(vault, ring("1.9 kg"))
    assert (conflicts(vault)[0].status, done.plan.changes) == ("dismissed", ())
    vault, _ = handed(vault, ring("2.0 kg"))
    assert conflicts(vault)[0].status == "open"


def test_a_change_that_contradicts_no_value_proposes_a_correction() -> None:
    vault = accepted_ring()
    (before,) = vault.select((Kind.ENTITY,), ("active",))
    vault, done = handed(vault, ring(text="The ring weighs 1.84 kg without bolts."))
    assert candidates(vault)[0].proposes == (("correct", before.id),) and done.clashing == ()


def test_a_new_revision_or_file_of_an_accepted_fact_is_no_change() -> None:
    assert handed(accepted_ring(), ring(revision="D", file="x.prt"))[1].unchanged == 1


def test_a_tool_that_says_what_a_person_corrected_agrees() -> None:
    vault = accepted_ring()
    (one,) = vault.select((Kind.ENTITY,), ("active",))
    _, done = handed(edited(vault, one, value="1.9 kg"), ring("1.9 kg"))
    assert (done.agreed, done.new) == (1, 0)


def test_a_refused_fact_comes_back_only_with_another_claim() -> None:
    vault = decided(handed(EMPTY, ring())[0], "reject")
    assert handed(vault, ring())[1].refused == 1
    vault, done = handed(vault, ring("1.9 kg"))
    assert done.new == 1 and candidates(vault)[0].value == "1.9 kg"


def test_a_vanished_fact_is_told_and_stays() -> None:
    other = {"id": "X", "type": "component", "title": "X"}
    vault, _ = handed(EMPTY, ring(), other)
    after, done = handed(vault, other)
    assert [(v.external_id, v.status) for v in done.vanished] == [("RING/mass", "candidate")]
    assert after is vault
    assert handed(vault, other, path="another.json")[1].vanished == ()


def test_two_files_of_one_pass_count_an_id_once() -> None:
    files = [handoff(ring()), handoff(ring("2 kg"), path="b.json")]
    done = import_handoffs(EMPTY, "cad", files, "", WIDE)
    assert done.new == 1 and "bom.json already" in done.rows[0].reason


def test_two_tools_do_not_share_external_ids() -> None:
    vault, _ = handed(EMPTY, {"id": "1", "type": "component", "title": "One"})
    done = import_handoffs(vault, "fem", [handoff({"id": "1", "type": "result", "title": "Uno"})], "", WIDE)
    assert done.new == 1


def test_a_fact_that_changes_its_kind_is_told() -> None:
    vault, _ = handed(EMPTY, ring())
    _, done = handed(vault, ring(kind="memory", type="knowledge"))
    assert "its kind was entity" in done.rows[0].reason and done.new == 0


def test_line_ends_and_comments_of_a_candidate_stay() -> None:
    vault, _ = handed(EMPTY, ring())
    (one,) = candidates(vault)
    raw = one.raw.replace(b"\n", b"\r\n").replace(b"attribute: mass", b"attribute: mass # of the ring")
    after, _ = handed(MemorySnapshot({one.path: raw}), ring("1.9 kg"))
    new = after.files[one.path]
    assert b"attribute: mass # of the ring\r\n" in new and b"\n" not in new.replace(b"\r\n", b"")


@pytest.mark.parametrize("status", ["retired", "superseded"])
def test_what_people_ended_is_not_proposed_again_while_the_tool_says_the_same(status: str) -> None:
    vault = accepted_ring()
    (one,) = vault.select((Kind.ENTITY,), ("active",))
    assert handed(edited(vault, one, status=status), ring())[1].new == 0
    assert handed(edited(vault, one, status=status), ring("3 kg"))[1].new == 1


def test_a_tool_is_nobodys_assistant() -> None:
    vault, _ = handed(EMPTY, ring())
    assert [tuple(who) for who in proposers(candidates(vault)[0])] == [("tool", "cad")]


def test_what_no_valid_text_holds_is_a_row_and_reaches_the_report() -> None:
    links = [{"type": "part_of", "target": "\ud800"}]
    vault, done = handed(EMPTY, ring(relations=links, **{"\udfff": 1}), ring(id="X", subject="\ud800"))
    assert done.new == 1 and len(done.rows) == 3
    assert b"\\ud800" in vault.files[done.report]


def test_a_candidate_in_a_form_that_nobody_can_edit_stays_and_is_told() -> None:
    vault, _ = handed(EMPTY, ring())
    (one,) = candidates(vault)
    flow = (
        f"---\n{{id: {one.id}, kind: entity, type: parameter, status: candidate, project: p, "
        "subject: Cell ring, attribute: mass, value: 1.84 kg}\n---\nCell ring mass: 1.84 kg\n"
    )
    after, done = handed(MemorySnapshot({one.path: flow.encode()}), ring("1.9 kg"))
    assert "cannot be brought up to date" in done.rows[0].reason and done.plan.changes == ()
    assert after.files[one.path] == flow.encode()


def test_a_value_that_comes_back_is_not_proposed_beside_the_record_that_states_it_still() -> None:
    vault, _ = handed(EMPTY, ring("1.84 kg"))
    vault = decided(vault, "promote")
    vault, _ = handed(vault, ring("1.91 kg"))
    vault = decided(vault, "promote")  # both are active now, and in conflict
    _, done = handed(vault, ring("1.84 kg"))
    assert (done.new, done.unchanged) == (0, 1)
