"""Names in the catalog: it answers as a snapshot in memory does, and notes what a changed name renames."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import files_of, whole_id

from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.index.entries import File, entry_of
from atocore.records.naming import PROJECTS, canonical
from atocore.records.snapshot import MemorySnapshot, Snapshot

MASS = ("claim", "p", "primary mirror", "mass")
ENTITY = (
    "-- entities/m.md --\nid: ent-m\ntype: component\nproject: p\ntitle: Primary mirror\naliases: [M1, PM]\n"
)
OTHERS = """
-- projects/p.md --
id: prj-p
name: p
aliases: [P04]
-- memories/a.md --
id: mem-a
project: P04
subject: primary mirrors
attribute: mass
value: 4 kg
-- memories/b.md --
id: mem-b
project: p
subject: M1
attribute: mass
value: 5 kg
-- memories/c.md --
id: mem-c
project: p
subject: M2
attribute: mass
value: 5 kg
-- conflicts/c.md --
id: con-c
status: dismissed
slot: [claim, p, pm, mass]
members: [{id: mem-a, value: 4 kg, layer: L1}]
"""
SLOTS = (MASS, ("claim", "p04", "m1", "mass"), ("claim", "p", "m2", "mass"), ("claim", "p", "", "mass"))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    made = Catalog(tmp_path / "catalog.db", max_bytes=10_000)
    yield made
    made.close()


def put(catalog: Catalog, texts: str) -> None:
    with catalog.change():
        for path, raw in files_of(texts).items():
            catalog.put(Realm.COMMITTED, File(path, "", raw))


def taken_in(catalog: Catalog) -> None:
    catalog.done("conflicts", Realm.COMMITTED, catalog.pending("conflicts", Realm.COMMITTED))


def view(snapshot: Snapshot) -> list[object]:
    return [
        [canonical(snapshot, slot) for slot in SLOTS],
        [[one.id for one in snapshot.in_slot(slot)] for slot in SLOTS],
        [[one.id for one in snapshot.stating_slot(slot)] for slot in SLOTS],
        snapshot.stated_slots(project="p"),
        snapshot.stated_slots(thing="m1"),
        snapshot.stated_slots(project="p04", thing="primary mirror"),
        snapshot.stated_slots(),
        [snapshot.namings_in(scopes, "m1") for scopes in (None, ("p",), ("q", ""), ())],
        snapshot.namings_in(("p", PROJECTS)),
        snapshot.namings_in(None, "primary mirror"),
    ]


def test_it_answers_as_a_snapshot_in_memory_does(catalog: Catalog) -> None:
    put(catalog, ENTITY + OTHERS)
    memory = MemorySnapshot(files_of(ENTITY + OTHERS))
    assert view(catalog) == view(memory)
    assert [one.id for one in catalog.in_slot(MASS)] == [whole_id("mem-a"), whole_id("mem-b")]
    assert catalog.slots() == [MASS]


def test_a_catalog_that_was_loaded_as_a_whole_answers_alike(catalog: Catalog) -> None:
    files = [File(path, "", raw) for path, raw in files_of(ENTITY + OTHERS).items()]
    with catalog.loading(), catalog.change():
        catalog.load((file, entry_of(file, 10_000)[0]) for file in files)
    assert view(catalog) == view(MemorySnapshot(files_of(ENTITY + OTHERS)))
    assert set(catalog.pending("conflicts", Realm.COMMITTED)) == {
        "conflicts/c.md",
        "memories/a.md",
        "memories/b.md",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("aliases: [M1, PM]", "aliases: [PM]"),
        ("title: Primary mirror", "title: Main mirror"),
        ("project: p\n", "project: q\n"),
        ("-- entities/m.md --\n", "-- entities/m.md --\nstatus: retired\n"),
    ],
)
def test_what_is_claimed_under_a_name_that_changed_is_to_be_looked_at(
    catalog: Catalog, old: str, new: str
) -> None:
    put(catalog, ENTITY + OTHERS)
    taken_in(catalog)
    put(catalog, ENTITY.replace(old, new))
    pending = set(catalog.pending("conflicts", Realm.COMMITTED))
    assert pending >= {"entities/m.md", "memories/a.md", "memories/b.md"}
    assert "memories/c.md" not in pending
    assert view(catalog) == view(
        MemorySnapshot({**files_of(ENTITY + OTHERS), **files_of(ENTITY.replace(old, new))})
    )


def test_nothing_is_looked_at_for_an_entity_that_keeps_its_names(catalog: Catalog) -> None:
    put(catalog, ENTITY + OTHERS)
    taken_in(catalog)
    put(catalog, ENTITY + "description: of glass\n")
    plain = "-- entities/t.md --\nid: ent-t\ntype: component\nproject: p\ntitle: M2\n"
    put(catalog, plain)
    assert set(catalog.pending("conflicts", Realm.COMMITTED)) == {"entities/m.md", "entities/t.md"}


def test_an_entity_that_goes_takes_its_names_along(catalog: Catalog) -> None:
    put(catalog, ENTITY + OTHERS)
    taken_in(catalog)
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "entities/m.md")
    assert catalog.namings_in(None, "m1") == ()
    assert catalog.slots() == []
    assert set(catalog.pending("conflicts", Realm.COMMITTED)) >= {"memories/a.md", "memories/b.md"}


def test_a_projects_alias_that_changed_is_looked_at_in_its_claims_and_what_is_named_in_it(
    catalog: Catalog,
) -> None:
    put(catalog, ENTITY + OTHERS)
    taken_in(catalog)
    put(catalog, "-- projects/p.md --\nid: prj-p\nname: p\n")
    pending = set(catalog.pending("conflicts", Realm.COMMITTED))
    assert pending >= {"projects/p.md", "memories/a.md", "memories/b.md"}
    assert catalog.slots() == []


@pytest.mark.parametrize("mark", ["distrusted", "another file's id"])
def test_an_entity_that_does_not_count_names_nothing(catalog: Catalog, mark: str) -> None:
    put(catalog, ENTITY + OTHERS)
    taken_in(catalog)
    with catalog.change():
        if mark == "distrusted":
            catalog.set_decided("entities/m.md", "a bot", True)
        else:
            catalog.set_owner("entities/m.md", False)
    assert catalog.namings_in(None, "m1") == ()
    assert set(catalog.pending("conflicts", Realm.COMMITTED)) >= {"memories/a.md", "memories/b.md"}


def test_a_conflict_is_looked_at_when_a_member_goes_or_claims_something_else(catalog: Catalog) -> None:
    put(catalog, OTHERS)
    taken_in(catalog)
    moved = files_of(OTHERS)["memories/a.md"].replace(b"primary mirrors", b"tube")
    with catalog.change():
        catalog.put(Realm.COMMITTED, File("memories/a.md", "", moved))
    assert set(catalog.pending("conflicts", Realm.COMMITTED)) == {"memories/a.md", "conflicts/c.md"}
    taken_in(catalog)
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/a.md")
    assert set(catalog.pending("conflicts", Realm.COMMITTED)) == {"memories/a.md", "conflicts/c.md"}
