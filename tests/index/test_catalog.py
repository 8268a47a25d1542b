"""The catalog's own promises: transactions, pending work, ownership, paths of any bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import files_of
from hypothesis import given
from hypothesis import strategies as st

from atocore.errors import AtocoreError
from atocore.index.catalog import PARTS, Catalog, CatalogUnusable
from atocore.index.catalog_rows import Realm, shown_path, stored_path
from atocore.index.entries import File, entry_of
from atocore.records.kinds import Kind
from atocore.records.proposer import Proposer
from atocore.records.snapshot import MemorySnapshot
from atocore.records.wording import wording_key

HEAD = (
    "---\nid: {0}\nkind: memory\ntype: knowledge\nstatus: {1}\n"
    "subject: mirror\nattribute: mass\nvalue: {2}\n---\nBody.\n"
)
A, B = "mem-a00000000000", "mem-b00000000000"


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    made = Catalog(tmp_path / "catalog.db", max_bytes=10_000)
    yield made
    made.close()


def put(catalog: Catalog, path: str, record: str = A, status: str = "active", value: str = "1") -> None:
    with catalog.change():
        catalog.put(Realm.COMMITTED, File(path, "oid", HEAD.format(record, status, value).encode()))


def test_a_change_is_all_or_nothing(catalog: Catalog) -> None:
    with pytest.raises(RuntimeError), catalog.change():
        catalog.put(Realm.COMMITTED, File("memories/a.md", "", HEAD.format(A, "active", 1).encode()))
        raise RuntimeError
    assert catalog.get(A) is None
    assert not catalog.pending("text", Realm.COMMITTED)


def test_every_part_hears_of_every_change_until_it_is_done(catalog: Catalog) -> None:
    put(catalog, "memories/a.md")
    for part in PARTS:
        pending = catalog.pending(part, Realm.COMMITTED)
        assert list(pending) == ["memories/a.md"]
        catalog.done(part, Realm.COMMITTED, pending)
        assert not catalog.pending(part, Realm.COMMITTED)
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/a.md")
    assert list(catalog.pending("text", Realm.COMMITTED)) == ["memories/a.md"]
    assert not catalog.pending("text", Realm.DRAFT)


def test_what_changed_while_a_part_took_it_in_stays_pending(catalog: Catalog) -> None:
    put(catalog, "memories/a.md")
    taken = catalog.pending("text", Realm.COMMITTED)
    put(catalog, "memories/a.md", A, "retired", "2")
    catalog.done("text", Realm.COMMITTED, taken)
    assert list(catalog.pending("text", Realm.COMMITTED)) == ["memories/a.md"]


def test_a_failure_is_of_one_version(catalog: Catalog) -> None:
    put(catalog, "memories/a.md")
    put(catalog, "memories/b.md", B)
    tried = catalog.pending("vectors", Realm.COMMITTED)
    put(catalog, "memories/b.md", B, "retired", "2")
    with catalog.change():
        catalog.set_failed(Realm.COMMITTED, tried, {"memories/a.md": "no", "memories/b.md": "no"})
    assert (catalog.failed(), catalog.failures()) == ({"memories/a.md": "no"}, 1)
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/a.md")
    assert catalog.failed() == {}


def test_a_full_disk_is_no_damage(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, "memories/a.md")
    catalog._db.execute("PRAGMA max_page_count = 30")
    with pytest.raises(AtocoreError) as caught, catalog.change():
        for number in range(300):
            raw = HEAD.format(A, "active", number).encode() + b"x" * 4000
            catalog.put(Realm.COMMITTED, File(f"memories/{number}.md", "", raw))
    assert caught.value.code == "read-only"
    assert catalog.count(Realm.COMMITTED) == 1
    catalog._db.execute("PRAGMA max_page_count = 100000")
    put(catalog, "memories/b.md", B)
    assert catalog.count(Realm.COMMITTED) == 2


def test_a_part_that_is_built_anew_lacks_everything(catalog: Catalog) -> None:
    put(catalog, "memories/a.md")
    put(catalog, "memories/b.md", B)
    catalog.done("text", Realm.COMMITTED, catalog.pending("text", Realm.COMMITTED))
    catalog.again("text", Realm.COMMITTED)
    assert list(catalog.pending("text", Realm.COMMITTED)) == ["memories/a.md", "memories/b.md"]


def test_what_is_put_is_the_snapshot(catalog: Catalog) -> None:
    put(catalog, "memories/a.md")
    put(catalog, "memories/b.md", B, "candidate", "2")
    record = catalog.get(A)
    assert record is not None
    assert (record.path, record.status, record.value) == ("memories/a.md", "active", "1")
    assert [r.id for r in catalog.select(statuses=["candidate"])] == [B]
    assert [r.id for r in catalog.in_slot(("claim", "", "mirror", "mass"))] == [A, B]
    assert catalog.slots() == []
    assert catalog.counts() == {("memory", "active"): 1, ("memory", "candidate"): 1}
    put(catalog, "memories/b.md", B, "active", "2")
    assert catalog.slots() == [("claim", "", "mirror", "mass")]


def test_one_path_owns_an_id(catalog: Catalog) -> None:
    put(catalog, "memories/a.md")
    put(catalog, "memories/copy.md", A, value="2")
    with catalog.change():
        catalog.set_owner("memories/copy.md", False)
    assert [r.path for r in catalog.select()] == ["memories/a.md"]
    (problem,) = catalog.problems()
    assert (problem.path, problem.code, problem.line) == ("memories/copy.md", "duplicate-id", 2)
    assert "memories/a.md" in problem.message


def test_a_distrusted_status_reads_as_candidate(catalog: Catalog) -> None:
    put(catalog, "memories/a.md")
    with catalog.change():
        catalog.set_decided("memories/a.md", "Claude <noreply@anthropic.com>", True)
    record = catalog.get(A)
    assert record is not None
    assert (record.status, record.distrusted) == ("candidate", True)
    assert list(catalog.select(statuses=["active"])) == []
    assert [r.id for r in catalog.select(statuses=["candidate"])] == [A]
    assert [brief.status for brief in catalog.briefs()] == ["candidate"]
    assert list(catalog.briefs(statuses=["active"])) == []
    assert [problem.code for problem in catalog.problems()] == ["machine-step"]
    assert catalog.counts() == {("memory", "candidate"): 1}
    put(catalog, "memories/a.md", value="2")
    record = catalog.get(A)
    assert record is not None
    assert record.status == "active"


def test_a_large_file_is_a_problem_and_its_bytes_are_not_kept(catalog: Catalog) -> None:
    with catalog.change():
        catalog.put(Realm.COMMITTED, File("memories/a.md", "", b"x" * 10_001))
    assert [problem.code for problem in catalog.problems()] == ["too-large"]
    assert catalog.raw_at("memories/a.md") is None


def test_a_reader_in_another_process_is_not_blocked_by_a_writer(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, "memories/a.md")
    other = Catalog(tmp_path / "catalog.db", max_bytes=10_000)
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/a.md")
        assert other.get(A) is not None
    assert other.get(A) is None
    other.close()


def test_another_limit_makes_another_catalog(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, "memories/a.md")
    catalog.close()
    with pytest.raises(CatalogUnusable, match="another version's"):
        Catalog(tmp_path / "catalog.db", max_bytes=20_000)


def test_a_catalog_that_is_held_is_told(catalog: Catalog, tmp_path: Path) -> None:
    """An older format is replaced under a lock; while another process holds it, that is said."""
    catalog._db.execute("PRAGMA locking_mode=EXCLUSIVE")
    with catalog.change():
        catalog.set_meta("format", "old")
    import sqlite3

    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch, pytest.raises(AtocoreError) as caught:
        patch.setattr(sqlite3, "connect", lambda *args, **named: connect(*args, **{**named, "timeout": 0.01}))
        Catalog(tmp_path / "catalog.db", max_bytes=10_000)
    assert caught.value.code == "vault-busy"


def test_a_name_with_undecodable_bytes_finds_nothing(catalog: Catalog) -> None:
    put(catalog, "memories/bad\udcff.md")
    assert catalog.get("mem-\udcff") is None
    assert catalog.matching("mem-\udcff") == []
    assert [r.path for r in catalog.matching("memories/bad\udcff.md")] == ["memories/bad\udcff.md"]
    assert list(catalog.select(project="\udcff")) == []


@given(st.binary(min_size=1, max_size=40))
def test_any_path_comes_back_as_it_was(raw: bytes) -> None:
    path = raw.decode("utf-8", "surrogateescape")
    stored = stored_path(path)
    assert stored.encode()
    assert shown_path(stored) == path


@given(st.binary(min_size=1, max_size=10), st.binary(min_size=1, max_size=10))
def test_two_paths_are_never_one(one: bytes, two: bytes) -> None:
    paths = [raw.decode("utf-8", "surrogateescape") for raw in (one, two)]
    assert (stored_path(paths[0]) == stored_path(paths[1])) == (one == two)


def test_of_a_vault_read_as_a_whole_only_what_can_lack_something_is_looked_at(catalog: Catalog) -> None:
    head = "---\nid: {0}\nkind: memory\ntype: knowledge\nstatus: active\nproject: p\n{1}---\nText.\n"
    slot = "subject: mirror\nattribute: {}\nvalue: {}\n"
    files = {
        "memories/a.md": head.format("mem-a00000000000", slot.format("mass", "1 kg")),
        "memories/b.md": head.format("mem-b00000000000", slot.format("mass", "2 kg")),
        "memories/c.md": head.format("mem-c00000000000", slot.format("glass", "BK7")),
        "memories/d.md": head.format("mem-d00000000000", "graduated_to: ent-e00000000000\n"),
        "entities/e.md": head.format("ent-e00000000000", "")
        .replace("memory", "entity")
        .replace("knowledge", "decision"),
        "entities/f.md": head.format("ent-f00000000000", "")
        .replace("memory", "entity")
        .replace("knowledge", "decision"),
    }
    read = [File(path, "", text.encode()) for path, text in files.items()]
    with catalog.loading(), catalog.change():
        catalog.load((file, entry_of(file, 10_000)[0]) for file in read)
    assert catalog.pending_paths("vectors") == set(files)
    assert catalog.pending_paths("text") == set(), "filled beside"
    assert catalog.pending_paths("conflicts") == {"memories/a.md", "memories/b.md"}
    assert catalog.pending_paths("steps") == {"memories/d.md", "entities/e.md"}
    with catalog.change():
        catalog.put(Realm.COMMITTED, File("memories/c.md", "", files["memories/c.md"].encode()))
    assert "memories/c.md" in catalog.pending_paths("steps") & catalog.pending_paths("conflicts")


def test_proposers_are_counted_as_a_snapshot_in_memory_counts_them(catalog: Catalog) -> None:
    files = files_of(
        "-- memories/a.md --\nid: mem-a\nprovenance: {rule: r, by: codex/1}\n"
        "-- memories/b.md --\nid: mem-b\nstatus: rejected\nprovenance: {rule: r, tool: cad}\n"
        "-- memories/c.md --\nid: mem-c\nstatus: candidate\nprovenance: {rule: r}\n"
    )
    with catalog.change():
        for path, raw in files.items():
            catalog.put(Realm.COMMITTED, File(path, "1", raw))
    assert catalog.proposed() == dict(MemorySnapshot(files).proposed())
    rule = Proposer("rule", "r")
    assert [catalog.proposed()[rule, one] for one in ("kept", "rejected", "waiting")] == [1, 1, 1]
    with catalog.change():
        catalog.set_decided("memories/a.md", "an assistant", True)
        catalog.remove(Realm.COMMITTED, "memories/b.md")
    assert catalog.proposed() == {(rule, "waiting"): 2, (Proposer("assistant", "codex"), "waiting"): 1}


def test_briefs_say_what_the_records_say(catalog: Catalog) -> None:
    files = files_of(
        "-- entities/p/a.md --\nid: ent-a\ntype: requirement\nproject: p\ntitle: Mass\naliases: [M, «m»]\n"
        "relations:\n  - type: part_of\n    target: ent-b00000000000\n"
        "-- entities/p/b.md --\nid: ent-b\ntype: component\nproject: p\n--\nThe mirror.\n"
        "-- memories/q/c.md --\nid: mem-c\nproject: q\nsubject: x\nattribute: y\nvalue: z\n"
        "ruling:\n  step: promote\n  by: A <a@b.c>\n  at: 2026-11-22T09:12:00Z\n"
        "-- memories/q/copy.md --\nid: mem-c\nproject: q\n"
        "-- projects/p.md --\nid: prj-p\nstatus: archived\nname: p\n"
        "-- notes/visit.md --\nThey pour blanks on Mondays.\n"
    )
    with catalog.change():
        for path, raw in files.items():
            catalog.put(Realm.COMMITTED, File(path, "", raw))
        catalog.set_owner("memories/q/copy.md", False)
    vault = MemorySnapshot(files)
    assert list(catalog.briefs()) == list(vault.briefs())
    assert list(catalog.briefs((Kind.ENTITY,), ("active",), "p", "component")) == list(
        vault.briefs((Kind.ENTITY,), ("active",), "p", "component")
    )


def test_names_and_links_are_found_as_a_snapshot_in_memory_finds_them(catalog: Catalog) -> None:
    files = files_of(
        "-- entities/p/big-mirror--4d3f.md --\nid: ent-a\ntitle: The Primary Mirror\naliases: [M1]\n"
        "-- entities/p/b.md --\nid: ent-b\nrelations: [{type: part_of, target: [[m1]]}]\n"
        "-- sources/p/c.md --\nid: src-c\ntitle: M1\n"
        "-- captures/2026/11/29/d.md --\nid: int-d\ntitle: M1\n"
    )
    with catalog.change():
        for path, raw in files.items():
            catalog.put(Realm.COMMITTED, File(path, "", raw))
    vault = MemorySnapshot(files)
    for name in ("primary mirror", "m1", "big mirror 4d3f", "big mirror", "entities/p/big mirror 4d3f", "x"):
        assert [one.id for one in catalog.named(name)] == [one.id for one in vault.named(name)]
    assert [one.path for one in catalog.named("m1")] == ["entities/p/big-mirror--4d3f.md", "sources/p/c.md"]
    assert [one.path for one in catalog.referring("[[m1]]")] == ["entities/p/b.md"]
    with catalog.change():
        catalog.put(Realm.COMMITTED, File("entities/p/big-mirror--4d3f.md", "", b"---\n---\n"))
        catalog.remove(Realm.COMMITTED, "entities/p/b.md")
    assert [one.path for one in catalog.named("m1")] == ["sources/p/c.md"]
    assert catalog.named("primary mirror") == catalog.referring("[[m1]]") == ()


def test_what_is_worded_alike_is_found_as_a_snapshot_in_memory_finds_it(catalog: Catalog) -> None:
    said = "The mirror weighs 4 kg, with its cell.\n"
    files = files_of(
        f"-- memories/a.md --\nid: mem-a\n--\n{said}"
        f"-- memories/b.md --\nid: mem-b\n--\n{said.replace('its', 'the')}"
        f"-- memories/c.md --\nid: mem-c\nstatus: candidate\n--\n{said}"
        f"-- memories/d.md --\nid: mem-d\nproject: p\n--\n{said}"
        f"-- memories/copy.md --\nid: mem-a\n--\n{said}"
    )
    with catalog.change():
        for path, raw in files.items():
            catalog.put(Realm.COMMITTED, File(path, "", raw))
        catalog.set_owner("memories/copy.md", False)
    vault = MemorySnapshot({path: raw for path, raw in files.items() if path != "memories/copy.md"})
    a = vault.get("mem-a00000000000")
    assert a is not None
    key = wording_key(a)
    for most in range(4):
        assert catalog.worded(key, most) == vault.worded(key, most)
    assert [one.id for one in catalog.worded(key, 9)] == ["mem-a00000000000", "mem-b00000000000"]
    assert catalog.worded("", 9) == ()
    assert catalog.alike() == [f"mem-{one}00000000000" for one in "ab"]
    with catalog.change():
        catalog.set_decided("memories/b.md", "an assistant", True)
    assert [one.id for one in catalog.worded(key, 9)] == ["mem-a00000000000"]
    assert catalog.alike() == []


def test_who_refers_to_a_record_is_found_by_kind(catalog: Catalog) -> None:
    files = files_of(
        "-- memories/a.md --\nid: mem-a\nsupersedes: mem-b\n"
        "-- entities/c.md --\nid: ent-c\nsupersedes: mem-b\n"
    )
    with catalog.change():
        for path, raw in files.items():
            catalog.put(Realm.COMMITTED, File(path, "", raw))
    for kind in (None, Kind.ENTITY, Kind.CONFLICT):
        assert catalog.referring(B, kind) == MemorySnapshot(files).referring(B, kind)
