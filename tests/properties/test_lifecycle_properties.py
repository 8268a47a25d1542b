"""Laws of the lifecycle: whatever steps people take, in whatever order, and whatever they edit by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from helpers import reversed_order, vault_of, whole_id
from hypothesis import event, given, settings
from hypothesis import strategies as st

from atocore.errors import AtocoreError
from atocore.knowledge import state
from atocore.knowledge.check import reference_problems, supersession_problems
from atocore.knowledge.conflicts.clash import conflict_id, sweep
from atocore.knowledge.conflicts.disputes import disputes
from atocore.knowledge.conflicts.files import file_changes, reopened, with_conflicts
from atocore.knowledge.halfsteps import conflict_files, half_step_problems, rest_of_steps
from atocore.knowledge.recognition import IMPOSSIBLE, recognise
from atocore.knowledge.review import graduation, merging, resolution
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.deed import Deed
from atocore.records.edit import edit
from atocore.records.ids import random_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.lifecycle import explained, steps_between
from atocore.records.plan import Change, Plan
from atocore.records.record import Record
from atocore.records.slots import slot_of
from atocore.records.snapshot import MemorySnapshot

ADDED = "ruling: {step: add, by: A Reviewer <reviewer@example.org>}\n"
CLAIM = f"{ADDED}project: p\nsubject: mirror\nattribute: mass\n"
OTHER = f"{ADDED}project: p\nsubject: tube\nattribute: mass\n"
SLOTS = (("claim", "p", "mirror", "mass"), ("claim", "p", "tube", "mass"))
RECORDS = vault_of(f"""
-- memories/a.md --
id: mem-a
{CLAIM}value: 4.2 kg
-- memories/b.md --
id: mem-b
{CLAIM}value: 4.3 kg
-- memories/c.md --
id: mem-c
{CLAIM}value: 4.4 kg
status: candidate
proposes: {{supersede: mem-a}}
-- memories/d.md --
id: mem-d
{OTHER}value: 9 kg
-- memories/e.md --
id: mem-e
{OTHER}value: 8 kg
status: candidate
proposes: {{retire: mem-d}}
-- entities/f.md --
id: ent-f
{CLAIM}value: 4.2  KG
-- entities/g.md --
id: ent-g
{CLAIM}value: 4.5 kg
status: candidate
supersedes: [ent-f]
""")

START = RECORDS.after(conflict_files(RECORDS, SLOTS))
"""Two sides in conflict, their file, candidates that propose something about them, and an entity."""

Move: TypeAlias = tuple[str, int, int]
"""A verb, and which records it is taken on: indexes into those that fit it, so that few moves are refused."""

CLAIMING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)
FROM = {
    "promote": "candidate",
    "demote": "active",
    "confirm": "active",
    "reject": "candidate",
    "reopen": "rejected",
    "retire": "active",
    "restore": "superseded retired",
}
TWO = ("supersede", "promote_over", "merge", "resolve")
ONE = ("graduate", "ungraduate", "dismiss", "reopen_conflict", "set", "unset")
MOVES = st.tuples(
    st.sampled_from((*FROM, *TWO, *ONE, "resolve", "dismiss", "reopen_conflict")),
    st.integers(0, 11),
    st.integers(0, 11),
)


def pick(records: Sequence[Record], index: int) -> Record:
    if not records:
        raise AtocoreError("not-found", "nobody there")
    return records[index % len(records)]


def decided(vault: MemorySnapshot, index: int) -> Record | Change:
    """A conflict to decide: its record as the next sweep would write it, or the birth of its file."""
    slot = SLOTS[index % 2]
    one = vault.get(conflict_id(slot))
    if one is not None:
        clashes = {clash.id: clash for clash in sweep(vault)}
        clash = clashes.get(one.id)
        return reopened(one, clash) if clash and clash.status == "open" and one.status != "open" else one
    births = file_changes(vault, slot)
    if not births:
        raise AtocoreError("not-found", "no conflict")
    return births[0]


def take(vault: MemorySnapshot, move: Move, number: int) -> Plan:
    """The plan of a verb, conflicts included; `AtocoreError` where the verb does not fit."""
    verb, first, second = move
    deed = Deed(by="A Reviewer <reviewer@example.org>", at=f"2026-11-22T09:{number:02}:00Z", why="because")
    key = state.StateKey("p", "mirror", "mass")

    def one(index: int, statuses: str, kinds: Sequence[Kind] = CLAIMING) -> Record:
        return pick(list(vault.select(kinds, statuses.split())), index)

    def memory(*statuses: str, graduated: bool) -> Record:
        fitting = [r for r in vault.select((Kind.MEMORY,), statuses) if bool(r.graduated_to) is graduated]
        return pick(fitting, first)

    def side(index: int) -> Record:
        conflict = decided(vault, first)
        members = conflict.members if isinstance(conflict, Record) else sweep(vault)[0].members
        return pick([found for member in members if (found := vault.get(member.id))], index)

    def new(prefix: str) -> str:
        return random_id(prefix, number.to_bytes(1, "big") * 8)

    verbs: dict[str, Callable[[], Plan]] = {
        "supersede": lambda: review.supersede(vault, one(first, "active"), one(second, "active"), deed),
        "promote_over": lambda: review.promote(
            vault, (one(first, "candidate"),), deed, (one(second, "active"),)
        ),
        "merge": lambda: merging.merge(
            vault, one(first, "active candidate"), one(second, "active candidate"), deed
        ),
        "resolve": lambda: resolution.resolve(vault, decided(vault, first), side(second), deed),
        "dismiss": lambda: resolution.dismiss(vault, decided(vault, first), deed),
        "reopen_conflict": lambda: resolution.reopen_conflict(
            vault, one(first, "resolved dismissed", (Kind.CONFLICT,)), deed
        ),
        "graduate": lambda: graduation.graduate(
            vault, memory("active", "candidate", graduated=False), new("ent"), deed
        ),
        "ungraduate": lambda: graduation.ungraduate(vault, (memory(graduated=True),), deed),
        "set": lambda: state.set_state(vault, key, f"4.{second} kg", new("sta"), deed),
        "unset": lambda: state.unset_state(vault, key, deed),
    }
    if verb in FROM:
        chosen = {r.id: r for r in (one(first, FROM[verb]), one(second, FROM[verb]))}
        plan = getattr(review, verb)(vault, tuple(chosen.values()), deed)
    else:
        plan = verbs[verb]()
    return with_conflicts(vault, plan)[0]


def walked(moves: Sequence[Move]) -> list[tuple[MemorySnapshot, Plan]]:
    """Every step that could be taken: the vault before it, and its plan."""
    vault, taken = START, []
    for number, move in enumerate(moves):
        try:
            plan = take(vault, move, number)
        except AtocoreError as refusal:
            assert refusal.code in ("impossible-step", "bad-value", "not-found"), refusal
            event(f"{move[0]}: refused")
            continue
        event(f"{move[0]}: taken")
        taken.append((vault, plan))
        vault = vault.after(plan)
    return taken


LAW = settings(deadline=None, max_examples=30)
WALKS = st.lists(MOVES, min_size=4, max_size=14).map(walked)


@LAW
@given(WALKS)
def test_every_file_stays_a_sound_record(walk: list[tuple[MemorySnapshot, Plan]]) -> None:
    for vault, plan in walk:
        now = vault.after(plan)
        assert now.problems() == ()
        assert list(reference_problems(now, now.select())) == []
        assert [problem.code for problem in supersession_problems(now.select())] == []
        assert all(explained(one) for one in now.select()), "every status has its ruling"


@LAW
@given(WALKS)
def test_a_plan_and_its_inverse_give_the_same_bytes(walk: list[tuple[MemorySnapshot, Plan]]) -> None:
    for vault, plan in walk:
        inverse = Plan(tuple(Change(c.path, c.new, c.old) for c in plan.changes), plan.message)
        assert vault.after(plan).after(inverse).files == vault.files


@LAW
@given(WALKS)
def test_conflict_files_say_what_the_records_and_decisions_make_of_them(
    walk: list[tuple[MemorySnapshot, Plan]],
) -> None:
    for vault, plan in walk:
        now = vault.after(plan)
        assert conflict_files(now, _slots(now)).changes == (), "a sweep has nothing left to write"
        clashes = {clash.id: clash for clash in sweep(now)}
        for clash in clashes.values():
            one = now.get(clash.id)
            assert one is not None
            assert (one.status, one.prevailing) == (clash.status, clash.prevailing) or one.status != "open"
            assert {member.id for member in clash.members} <= {member.id for member in one.members}
        still_open = {one.id for one in now.select((Kind.CONFLICT,), ("open",))}
        assert still_open == {clash.id for clash in clashes.values() if clash.status == "open"}


@LAW
@given(WALKS)
def test_two_active_records_that_disagree_are_disputed_unless_a_person_dismissed_it(
    walk: list[tuple[MemorySnapshot, Plan]],
) -> None:
    for vault, plan in walk:
        now = vault.after(plan)
        for clash in sweep(now):
            assert clash.status in ("open", "dismissed"), "a resolution leaves no two sides active"
            sides = [now.get(member.id) for member in clash.members]
            assert all(bool(disputes(now, one)) is (clash.status == "open") for one in sides if one)


@LAW
@given(WALKS)
def test_detection_does_not_depend_on_the_order_of_files(walk: list[tuple[MemorySnapshot, Plan]]) -> None:
    for vault, plan in walk:
        now = vault.after(plan)
        other = reversed_order(now)
        assert sweep(now) == sweep(other)
        bare = {path: raw for path, raw in now.files.items() if not path.startswith("conflicts/")}
        one, two = MemorySnapshot(bare), reversed_order(MemorySnapshot(bare))
        assert conflict_files(one, _slots(one)) == conflict_files(two, _slots(two))


@LAW
@given(WALKS)
def test_a_verb_leaves_no_step_half_made(walk: list[tuple[MemorySnapshot, Plan]]) -> None:
    for vault, plan in walk:
        now = vault.after(plan)
        assert [problem.message for problem in half_step_problems(now, now.select())] == []
        for change in plan.changes:
            deeds = recognise(change.path, change.old, change.path, change.new)
            assert IMPOSSIBLE not in [deed.step for deed in deeds]


@LAW
@given(WALKS)
def test_supersession_is_told_by_both_sides_or_by_none(walk: list[tuple[MemorySnapshot, Plan]]) -> None:
    told_by_both(walk)


MERGED_SINCE = [("graduate", 2, 0), ("reopen", 0, 0), ("merge", 4, 0), ("ungraduate", 0, 0)]


@settings(max_examples=1)
@given(st.just(MERGED_SINCE).map(walked))
def test_what_was_merged_after_it_graduated_stays_merged(walk: list[tuple[MemorySnapshot, Plan]]) -> None:
    assert walk[-1][1].message is not None
    assert walk[-1][1].message.action == "ungraduate"
    told_by_both(walk)


def told_by_both(walk: list[tuple[MemorySnapshot, Plan]]) -> None:
    for vault, plan in walk:
        now = vault.after(plan)
        for one in now.select(CLAIMING):
            merged = one.status == "rejected" and one.ruling.step == "merge"
            assert bool(one.superseded_by) is (one.status == "superseded" or merged)
            if one.superseded_by:
                successor = now.get(one.superseded_by)
                assert successor is not None
                assert one.id in successor.supersedes


# -- by hand


@LAW
@given(WALKS, st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_status_changed_by_hand_stands_when_the_rest_was_written(
    walk: list[tuple[MemorySnapshot, Plan]], where: int, which: int, whither: int
) -> None:
    """The person's change is never taken back, and completing it comes to an end."""
    vault = walk[where % len(walk)][0] if walk else START
    one = pick(list(vault.select(CLAIMING)), which)
    targets = [
        s for s in KINDS[one.kind].statuses if s != one.status and steps_between(one.kind, one.status, s)
    ]
    target = targets[whither % len(targets)]
    vault = vault.after(Plan((Change(one.path, one.raw, edit(one.raw, {"status": target})),), None))
    event(f"{one.kind}: {one.status} to {target}")

    deed = Deed(by="Another <other@example.org>", at="2026-12-01T00:00:00Z")
    rest = vault.after(rest_of_steps(vault, [one.path], deed))
    now = rest.after(conflict_files(rest, _slots(rest)))

    found = now.get(one.id)
    assert found is not None
    assert found.status == target
    assert rest_of_steps(now, [one.path], deed).changes == ()
    assert conflict_files(now, _slots(now)).changes == ()
    assert now.problems() == ()


def _slots(vault: MemorySnapshot) -> list[tuple[str, ...]]:
    return sorted({slot for one in vault.select() if (slot := one.slot or slot_of(one))})


def test_the_walk_starts_from_a_sound_vault() -> None:
    assert START.problems() == ()
    assert all(explained(one) for one in START.select())
    assert START.get(whole_id("mem-a")) is not None
