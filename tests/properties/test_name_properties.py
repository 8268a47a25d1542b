"""Laws of names: whatever aliases come and go beside the claims, conflicts are those that a sweep finds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers import reversed_order, vault_of, whole_id
from hypothesis import given, settings
from hypothesis import strategies as st

from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.index.entries import File
from atocore.knowledge.conflicts.clash import sweep
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.halfsteps import conflict_files, missing_conflict_files
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.kinds import Kind
from atocore.records.naming import canonical, slot_in, spellings
from atocore.records.plan import Change, Plan
from atocore.records.snapshot import MemorySnapshot

NAMES = ("Mirror", "M1", "optic", "tube")
PROJECTS = ("p", "P04", "q", "")
CLAIM = "-- memories/{0}.md --\nid: mem-{0}\nproject: {1}\nsubject: {2}\nattribute: mass\nvalue: {0} kg\n"
START = vault_of(
    "".join(
        CLAIM.format(name, project, subject)
        for name, project, subject in zip(
            "abcdef",
            ("p", "p", "P04", "q", "p", "p"),
            ("Mirror", "M1", "M1", "M1", "optic", "tube"),
            strict=True,
        )
    )
    + "-- entities/m.md --\nid: ent-m\ntype: component\nproject: p\ntitle: Mirror\n"
    + "-- entities/n.md --\nid: ent-n\ntype: component\nproject: q\ntitle: Tube\n"
    + "-- projects/p.md --\nid: prj-p\nname: p\n"
    + "-- projects/q.md --\nid: prj-q\nname: q\n"
)
NAMED = st.one_of(
    st.tuples(
        st.sampled_from(("ent-m", "ent-n")), st.just("aliases"), st.lists(st.sampled_from(NAMES), max_size=2)
    ),
    st.tuples(st.sampled_from(("ent-m", "ent-n")), st.just("title"), st.sampled_from(NAMES)),
    st.tuples(st.sampled_from(("ent-m", "ent-n")), st.just("project"), st.sampled_from(PROJECTS)),
    st.tuples(st.sampled_from(("ent-m", "ent-n")), st.just("status"), st.sampled_from(("active", "retired"))),
    st.tuples(
        st.sampled_from(("prj-p", "prj-q")),
        st.just("aliases"),
        st.lists(st.sampled_from(PROJECTS), max_size=2),
    ),
)
CLAIMED = st.one_of(
    st.tuples(
        st.sampled_from([f"mem-{one}" for one in "abcdef"]), st.just("subject"), st.sampled_from(NAMES)
    ),
    st.tuples(
        st.sampled_from([f"mem-{one}" for one in "abcdef"]), st.just("project"), st.sampled_from(PROJECTS)
    ),
    st.tuples(
        st.sampled_from([f"mem-{one}" for one in "abcdef"]),
        st.just("value"),
        st.sampled_from(("1 kg", "2 kg")),
    ),
    st.tuples(
        st.sampled_from([f"mem-{one}" for one in "abcdef"]),
        st.just("status"),
        st.sampled_from(("active", "retired")),
    ),
)


def moved(vault: MemorySnapshot, move: tuple[str, str, str | list[str]]) -> MemorySnapshot:
    """The vault after one edit, as a verb commits it: with the conflict files that it makes or settles."""
    short, key, value = move
    one = vault.get(whole_id(short))
    assert one is not None
    keys: dict[str, Value | None] = {key: tuple(value) if isinstance(value, list) else value or None}
    new = edit(one.raw, keys)
    if new == one.raw:
        return vault
    plan, _ = with_conflicts(vault, Plan((Change(one.path, one.raw, new),), None))
    return vault.after(plan)


def whole_sweep(vault: MemorySnapshot) -> Plan:
    slots = {clash.slot for clash in sweep(vault)} | {
        one.slot for one in vault.select((Kind.CONFLICT,)) if one.slot
    }
    return conflict_files(vault, slots)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(NAMED, CLAIMED), max_size=8))
def test_step_by_step_is_what_a_sweep_finds(moves: list[tuple[str, str, str | list[str]]]) -> None:
    vault = START.after(whole_sweep(START))
    for move in moves:
        vault = moved(vault, move)
        assert whole_sweep(vault).changes == (), move
        open_files = {one.id for one in vault.select((Kind.CONFLICT,), ("open",), "", "value")}
        assert open_files == {clash.id for clash in sweep(vault) if clash.status == "open"}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(NAMED, CLAIMED), max_size=4), NAMED)
def test_a_name_that_is_taken_back_leaves_no_trace_in_what_is_open(
    moves: list[tuple[str, str, str | list[str]]], move: tuple[str, str, str | list[str]]
) -> None:
    vault = START.after(whole_sweep(START))
    for one in moves:
        vault = moved(vault, one)
    there = moved(vault, move)
    owner = vault.get(whole_id(move[0]))
    other = there.get(whole_id(move[0]))
    assert owner is not None and other is not None
    if owner.raw == other.raw:
        return
    plan, _ = with_conflicts(there, Plan((Change(owner.path, other.raw, owner.raw),), None))
    back = there.after(plan)
    settled = back.files.keys() - vault.files.keys()
    assert {path: back.files[path] for path in vault.files} == dict(vault.files)
    assert all(b"how: settled" in back.files[path] for path in settled)
    assert sweep(back) == sweep(vault)


def put(catalog: Catalog, files: Mapping[str, bytes | None]) -> None:
    with catalog.change():
        for path, raw in files.items():
            if raw is None:
                catalog.remove(Realm.COMMITTED, path)
            else:
                catalog.put(Realm.COMMITTED, File(path, "", raw))


GONE = st.tuples(st.sampled_from(("ent-m", "mem-a", "mem-b")), st.just(""), st.just(""))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.one_of(NAMED, CLAIMED, GONE), max_size=4), max_size=3))
def test_what_hand_commits_make_is_found_from_what_the_catalog_noted(
    commits: list[list[tuple[str, str, str | list[str]]]],
) -> None:
    with TemporaryDirectory() as folder:
        catalog = Catalog(Path(folder) / "catalog.db", max_bytes=100_000)
        put(catalog, START.files)
        for edits in [[], *commits]:
            for short, key, value in edits:
                one = catalog.get(whole_id(short))
                if one is not None:
                    said = tuple(value) if isinstance(value, list) else value or None
                    put(catalog, {one.path: edit(one.raw, {key: said}) if key else None})
            plan = missing_conflict_files(catalog, catalog.pending("conflicts", Realm.COMMITTED))
            put(catalog, {change.path: change.new for change in plan.changes})
            catalog.done("conflicts", Realm.COMMITTED, catalog.pending("conflicts", Realm.COMMITTED))
            kept = {path: catalog.raw_at(path) or b"" for path in catalog.versions(Realm.COMMITTED)}
            memory = MemorySnapshot(kept)
            assert whole_sweep(memory).changes == ()
            assert {clash.slot for clash in sweep(memory)} <= set(catalog.slots())
        catalog.close()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(NAMED, CLAIMED), max_size=6))
def test_slots_do_not_depend_on_the_order_of_files(moves: list[tuple[str, str, str | list[str]]]) -> None:
    vault = START
    for move in moves:
        vault = moved(vault, move)
    other = reversed_order(vault)
    for one in vault.select():
        slot = slot_in(vault, one)
        assert slot == slot_in(other, one)
        if slot is not None:
            assert canonical(vault, slot) == slot
            assert spellings(vault, slot) == spellings(other, slot)
            assert one in vault.in_slot(slot)
    assert sweep(vault) == sweep(other)
