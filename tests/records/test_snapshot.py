"""Snapshots: what is found under which id, and what a plan leads to."""

from __future__ import annotations

from typing import Any

import pytest
from helpers import file_text, record, statuses, text_at, vault_of, whole_id

from atocore.records.edit import edit
from atocore.records.kinds import Kind
from atocore.records.plan import Change, Plan
from atocore.records.remembered import RememberedSnapshot
from atocore.records.slots import slot_of
from atocore.records.snapshot import AfterSnapshot, MemorySnapshot, Snapshot
from atocore.records.statement import statement_key
from atocore.records.wording import wording_key

VAULT = """
-- memories/p/a.md --
id: mem-a
subject: mirror
attribute: mass
value: 4 kg
project: p
--
The mirror weighs 4 kg.
-- memories/p/b.md --
id: mem-b
status: candidate
supersedes: mem-a
project: q
--
The mirror weighs 4 kg!
-- entities/p/c.md --
id: ent-c
project: p
relations: [{type: based_on, target: mem-a}]
-- notes/n.md --
Just a note.
-- memories/p/broken.md --
---
- a list
---
-- mirror/index.md --
derived
"""


def plan_of(*changes: Change) -> Plan:
    return Plan(changes, None)


def test_records_are_found_by_id_kind_status_project_type_slot_statement_and_reference() -> None:
    vault = vault_of(VAULT)
    a = record(vault, "mem-a")
    assert vault.get("mem-zzzzzzzzzzzz") is None
    assert [r.path.rsplit("/")[-1] for r in vault.select()] == ["c.md", "a.md", "b.md", "n.md"]
    assert [r.id for r in vault.select((Kind.MEMORY,), ("candidate",))] == [whole_id("mem-b")]
    assert [r.id for r in vault.select(project="p")] == [whole_id("ent-c"), whole_id("mem-a")]
    assert [r.id for r in vault.select(type_="knowledge")] == [whole_id("mem-a"), whole_id("mem-b")]
    slot = slot_of(a)
    assert slot is not None
    assert vault.in_slot(slot) == (a,)
    assert [r.id for r in vault.stating(statement_key(a))] == [whole_id("mem-a"), whole_id("mem-b")]
    assert vault.stating("") == ()
    assert [r.id for r in vault.referring(a.id)] == [whole_id("ent-c"), whole_id("mem-b")]
    assert vault.raw_at("mirror/index.md") == b"derived\n"
    assert [(p.path, p.code) for p in vault.problems()] == [("memories/p/broken.md", "not-a-mapping")]


def test_an_id_in_two_files_belongs_to_one_of_them() -> None:
    vault = vault_of("-- memories/b.md --\nid: mem-a\nvalue: x\n-- memories/a.md --\nid: mem-a\nvalue: y\n")
    assert record(vault, "mem-a").value == "y"
    assert [(p.path, p.code, p.line) for p in vault.problems()] == [("memories/b.md", "duplicate-id", 2)]


def test_one_bad_file_never_affects_another() -> None:
    vault = vault_of(VAULT + "-- memories/p/d.md --\n---\n\x00: [\n")
    assert set(statuses(vault_of(VAULT))) == set(statuses(vault))


def test_a_vaults_limit_on_size_holds_before_and_after() -> None:
    files = vault_of("-- memories/a.md --\nid: mem-a\n").files
    small = MemorySnapshot(files, max_bytes=10)
    assert [p.code for p in small.problems()] == ["too-large"]
    assert [p.code for p in small.after(plan_of()).problems()] == ["too-large"]


def changed(vault: MemorySnapshot) -> Plan:
    """a is retired, b goes, d is born."""
    a, b = record(vault, "mem-a"), record(vault, "mem-b")
    born = file_text("memories/p/d.md", "id: mem-d\nsupersedes: mem-a\n--\nNew.\n")
    return plan_of(
        Change(a.path, a.raw, edit(a.raw, {"status": "retired"})),
        Change(b.path, b.raw, None),
        Change("memories/p/d.md", None, born.encode()),
    )


def test_a_snapshot_after_a_plan_holds_what_the_plan_writes() -> None:
    vault = vault_of(VAULT)
    after = vault.after(changed(vault))
    assert statuses(after) == {"mem-a": "retired", "mem-d": "active", "ent-c": "active"}
    assert text_at(after, "memories/p/a.md") == text_at(vault, "memories/p/a.md").replace("active", "retired")
    assert statuses(vault)["mem-a"] == "active", "the snapshot itself stays as it was"


def test_a_plan_that_rests_on_another_text_does_not_apply() -> None:
    vault = vault_of(VAULT)
    with pytest.raises(AssertionError):
        vault.after(plan_of(Change("memories/p/a.md", b"another text", b"new")))


def view(snapshot: Snapshot, slot: tuple[str, ...], key: str) -> list[object]:
    return [
        list(snapshot.select()),
        list(snapshot.select((Kind.MEMORY,), ("active", "retired"), "p", "knowledge")),
        list(snapshot.briefs()),
        list(snapshot.briefs((Kind.MEMORY,), ("active", "retired"), "p", "knowledge")),
        snapshot.in_slot(slot),
        snapshot.stating(key),
        [snapshot.referring(whole_id(one)) for one in ("mem-a", "mem-b")],
        [snapshot.referring(whole_id(one), Kind.ENTITY) for one in ("mem-a", "mem-b")],
        [snapshot.get(whole_id(one)) for one in ("mem-a", "mem-b", "mem-d", "ent-c")],
        [snapshot.raw_at(f"memories/p/{one}.md") for one in "abdx"],
        snapshot.problems(),
    ]


def test_the_view_of_a_plan_shows_what_applying_it_leads_to() -> None:
    vault = vault_of(VAULT)
    a = record(vault, "mem-a")
    slot = slot_of(a)
    assert slot is not None
    plan = changed(vault)
    key = statement_key(a)
    assert view(AfterSnapshot(vault, plan), slot, key) == view(vault.after(plan), slot, key)


def test_active_records_are_found_by_their_wording_up_to_a_number() -> None:
    said = "--\nThe mirror weighs 4 kg.\n"
    vault = vault_of("".join(f"-- memories/{n}.md --\nid: mem-{n}\n{said}" for n in "abcd"))
    a, b = record(vault, "mem-a"), record(vault, "mem-b")
    key = wording_key(a)
    assert [one.id for one in vault.worded(key, 9)] == [whole_id(f"mem-{name}") for name in "abcd"]
    assert [one.id for one in vault.worded(key, 2)] == [whole_id("mem-a"), whole_id("mem-b")]
    assert vault.worded("", 9) == vault.worded("0" * 24, 9) == ()
    born = file_text("memories/e.md", f"id: mem-0\n{said}").encode()
    plan = plan_of(
        Change(a.path, a.raw, edit(a.raw, {"status": "retired"})),
        Change(b.path, b.raw, None),
        Change("memories/e.md", None, born),
    )
    for most in range(5):
        assert AfterSnapshot(vault, plan).worded(key, most) == vault.after(plan).worded(key, most)
    assert [one.id for one in vault.after(plan).worded(key, 2)] == [whole_id("mem-0"), whole_id("mem-c")]


def test_the_view_of_a_plan_that_moves_a_file_finds_the_record_in_its_new_place() -> None:
    vault = vault_of(VAULT)
    a = record(vault, "mem-a")
    after = AfterSnapshot(vault, plan_of(Change(a.path, a.raw, None), Change("attic/a.md", None, a.raw)))
    found = after.get(a.id)
    assert found is not None
    assert found.path == "attic/a.md"
    assert after.commit == vault.commit


def test_the_view_of_a_plan_reads_files_of_any_size_that_the_vault_allows() -> None:
    vault = vault_of(VAULT)
    big = file_text("memories/p/d.md", "id: mem-d\n").encode() + b"x" * (9 << 20)
    after = AfterSnapshot(vault, plan_of(Change("memories/p/d.md", None, big)))
    assert after.get(whole_id("mem-d")) is not None


def test_a_slot_and_its_references_are_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A commit of many records asks for the slot of each: each record's is to be told once."""
    from atocore.records import snapshot as module

    told: list[str] = []

    def counted(name: str) -> None:
        original: Any = getattr(module, name)

        def asked(record: Any) -> Any:
            told.append(name)
            return original(record)

        monkeypatch.setattr(module, name, asked)

    counted("stated_slot")
    counted("links")
    page = "---\nid: mem-{:012}\nkind: memory\ntype: knowledge\nstatus: active\n---\nText.\n"
    held = MemorySnapshot({f"{n}.md": page.format(n).encode() for n in range(3)})
    for _ in range(9):
        held.in_slot(("memory", "p", "lamp", "mass"))
        held.referring("mem-000000000001")
    assert len(told) == 6


def test_a_snapshot_that_remembers_answers_as_the_one_it_asks_and_asks_it_once() -> None:
    vault = vault_of(VAULT)
    a = record(vault, "mem-a")
    slot = slot_of(a)
    assert slot is not None
    held = RememberedSnapshot(vault)
    for _ in range(2):
        assert view(held, slot, statement_key(a)) == view(vault, slot, statement_key(a))
        assert held.worded(wording_key(a), 9) == vault.worded(wording_key(a), 9) != ()
        assert held.namings_in(None) == vault.namings_in(None)
        assert held.stated_slots(thing="mirror") == vault.stated_slots(thing="mirror")
    blind = RememberedSnapshot(vault)
    known = blind.get(a.id), blind.in_slot(slot), blind.referring(a.id)
    blind._base = MemorySnapshot({})
    assert (blind.get(a.id), blind.in_slot(slot), blind.referring(a.id)) == known
