"""Near-duplicates: which records say the same, and the life of their conflict."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from helpers import (
    DEED,
    applied,
    files_of,
    keys_of,
    record,
    reversed_order,
    same_files,
    statuses,
    text_at,
    vault_of,
    whole_id,
)

from atocore.errors import AtocoreError
from atocore.knowledge.conflicts import duplicates as module
from atocore.knowledge.conflicts.clash import Clash
from atocore.knowledge.conflicts.disputes import disputes
from atocore.knowledge.conflicts.duplicate_files import duplicate_changes
from atocore.knowledge.conflicts.duplicates import duplicate_id, say_the_same, sweep
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.halfsteps import conflict_files, missing_conflict_files, rest_of_steps
from atocore.knowledge.review import resolution, steps
from atocore.records.edit import edit
from atocore.records.plan import Change, Plan
from atocore.records.snapshot import MemorySnapshot

LABELLED = Path(__file__).with_name("near_duplicates.tsv")
SAME = "The relief valve opens if the pressure exceeds 5 bar.\n"
WORDS = {
    "a": SAME,
    "b": "If the pressure exceeds 5.0 bar, the relief-valve opens.\n",
    "c": "Relief valve opens if pressure exceeds 5 bar\n",
}


def memory(name: str, body: str = SAME, more: str = "project: p\n") -> str:
    return f"-- memories/p/{name}.md --\nid: mem-{name}\n{more}--\n{body}"


def two() -> MemorySnapshot:
    return vault_of(memory("a") + memory("b", WORDS["b"]))


def three() -> MemorySnapshot:
    return vault_of("".join(memory(name, words) for name, words in WORDS.items()))


def swept(vault: MemorySnapshot) -> MemorySnapshot:
    return vault.after(conflict_files(vault, [], sorted(one.id for one in vault.select())))


def group_id(*names: str) -> str:
    return duplicate_id(whole_id(f"mem-{name}") for name in names)


def only(vault: MemorySnapshot) -> Clash:
    (found,) = sweep(vault)
    return found


def edited(vault: MemorySnapshot, short: str, **keys: str | None) -> MemorySnapshot:
    one = record(vault, short)
    return vault.after(Plan((Change(one.path, one.raw, edit(one.raw, keys)),), None))


def put(vault: MemorySnapshot, blocks: str) -> MemorySnapshot:
    """A commit made by hand, with the conflict files that follow it."""
    new = files_of(blocks)
    after = MemorySnapshot({**vault.files, **new})
    return after.after(missing_conflict_files(after, sorted(new)))


def conflicts(vault: MemorySnapshot) -> dict[str, str]:
    found = vault.select()
    return {one.id: one.how or one.status for one in found if one.id.startswith("con-")}


def dismissed(vault: MemorySnapshot, *names: str) -> MemorySnapshot:
    return applied(vault, resolution.dismiss(vault, record(vault, group_id(*names)), DEED))


# -- what says the same


def _labelled(label: str) -> list[tuple[str, str]]:
    lines = (line.split("\t") for line in LABELLED.read_text("utf-8").splitlines())
    return [(one, other) for given, one, other in lines if given == label]


@pytest.mark.parametrize("pair", _labelled("different"), ids=" | ".join)
def test_texts_that_may_mean_different_things_are_no_duplicates(pair: tuple[str, str]) -> None:
    assert sweep(vault_of(memory("a", f"{pair[0]}\n") + memory("b", f"{pair[1]}\n"))) == ()


def test_nearly_the_same_words_are_found() -> None:
    pairs = _labelled("same")
    missed = [p for p in pairs if not sweep(vault_of(memory("a", f"{p[0]}\n") + memory("b", f"{p[1]}\n")))]
    assert len(missed) / len(pairs) < 0.05, missed


@pytest.mark.parametrize(
    "other",
    [
        memory("b", more="project: q\n"),
        memory("b", more=""),
        memory("b", more="project: p\ntype: project\n"),
        memory("b", more="project: p\nstatus: candidate\n"),
        memory("b", more="project: p\nstatus: retired\n"),
        memory("b").replace("mem", "ent").replace("memories", "entities"),
        memory("b", more="project: p\nsubject: valve\nattribute: opening pressure\nvalue: 6 bar\n"),
    ],
)
def test_only_active_records_of_one_project_and_type_are_duplicates(other: str) -> None:
    assert sweep(vault_of(memory("a") + other)) == ()
    assert sweep(vault_of(memory("a") + memory("b"))) != ()


def test_only_periods_that_overlap_are_duplicates() -> None:
    first, second = "project: p\nvalid_until: 2026-06-30\n", "project: p\nvalid_from: 2026-07-01\n"
    assert sweep(vault_of(memory("a", more=first) + memory("b", more=second))) == ()


CLAIM = "project: p\nsubject: mirror\nattribute: mass\nvalue: 4.2 kg\n"


def test_the_same_claim_is_a_duplicate_whatever_the_words() -> None:
    vault = vault_of(memory("a", "Weighed.\n", CLAIM) + memory("b", "As the drawing has it.\n", CLAIM))
    found = only(vault)
    assert (found.type, found.slot, found.prevailing, found.status) == ("duplicate", (), "", "open")
    assert [member.value for member in found.members] == ["4.2 kg", "4.2 kg"]
    assert found.title == "mirror mass is 4.2 kg"


@pytest.mark.parametrize(
    "other",
    [
        memory("b", "As weighed.\n", CLAIM.replace("4.2", "4.3")),
        memory("b", "As weighed.\n", CLAIM.replace("mass", "cost")),
        memory("b", "As weighed at 60 °C.\n", CLAIM),
        memory("b", "It was not weighed.\n", CLAIM),
    ],
)
def test_another_value_slot_number_or_denial_is_no_duplicate(other: str) -> None:
    assert sweep(vault_of(memory("a", "As weighed at 20 °C.\n", CLAIM) + other)) == ()


def test_the_same_body_of_other_claims_is_no_duplicate() -> None:
    words = "The mirror has a mass of 4.2 kg and a cost of 900 EUR.\n"
    cost = CLAIM.replace("mass", "cost").replace("4.2 kg", "900 EUR")
    assert sweep(vault_of(memory("a", words, CLAIM) + memory("b", words, cost))) == ()


def test_parts_of_other_things_are_no_duplicates() -> None:
    def bracket(name: str, relation: str) -> str:
        told = f"relations: [{{type: part_of, target: ent-{relation}}}]\n" if relation else ""
        return f"-- entities/{name}.md --\nid: ent-{name}\ntype: component\ntitle: Bracket\n{told}--\n\n"

    assert sweep(vault_of(bracket("a", "x") + bracket("b", "y"))) == ()
    assert len(sweep(vault_of(bracket("a", "x") + bracket("b", "")))) == 1
    assert len(sweep(vault_of(bracket("a", "x") + bracket("b", "x")))) == 1


def test_three_that_say_the_same_are_one_conflict_in_any_order() -> None:
    texts = [memory(name, words) for name, words in WORDS.items()]
    found = {sweep(vault_of("".join(order))) for order in permutations(texts)}
    assert [[member.id for member in one.members] for one in found.pop()] == [
        [whole_id(f"mem-{name}") for name in "abc"]
    ]
    assert not found


def test_what_chains_by_claim_and_by_words_is_one_conflict() -> None:
    said = "The mirror weighs 4.2 kg.\n"
    vault = vault_of(memory("a", "Weighed.\n", CLAIM) + memory("b", said, CLAIM) + memory("c", said))
    assert not say_the_same(vault, record(vault, "mem-a"), record(vault, "mem-c"))
    assert [member.id[:5] for member in only(vault).members] == ["mem-a", "mem-b", "mem-c"]


def test_what_more_records_share_than_anyone_repeats_is_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FORM", 2)
    assert len(sweep(two())) == 1
    assert sweep(three()) == ()
    claims = "".join(memory(name, "Weighed.\n", CLAIM) for name in "abc")
    assert sweep(vault_of(claims)) == ()


# -- the life of its conflict


def test_a_step_that_makes_a_duplicate_tells_and_writes_it() -> None:
    vault = vault_of(memory("a") + memory("b", WORDS["b"], "project: p\nstatus: candidate\n"))
    plan, told = with_conflicts(vault, steps.promote(vault, [record(vault, "mem-b")], DEED))
    assert [(one.id, one.type) for one in told] == [(group_id("a", "b"), "duplicate")]
    now = vault.after(plan)
    written = record(now, group_id("a", "b"))
    assert keys_of(written)["type"] == "duplicate"
    assert [member.id for member in written.members] == [whole_id("mem-a"), whole_id("mem-b")]
    assert "slot" not in keys_of(written)
    assert conflict_files(now, [], [one.id for one in now.select()]).changes == (), "nothing is left to sweep"
    assert not now.problems()


def test_a_sweep_writes_the_same_files_in_any_order() -> None:
    assert same_files(swept(three()), swept(reversed_order(three())))
    assert conflicts(swept(three())) == {group_id("a", "b", "c"): "open"}


def test_nobody_is_disputed() -> None:
    vault = swept(two())
    assert disputes(vault, record(vault, "mem-a")) == ()


@pytest.mark.parametrize("keys", [{"status": "retired"}, {"project": "q"}, {"valid_until": "2020-01-01"}])
def test_it_settles_when_one_leaves(keys: dict[str, str]) -> None:
    vault = edited(swept(two()), "mem-a", valid_from="2021-01-01")
    left = edited(vault, "mem-b", **keys)
    now = left.after(missing_conflict_files(left, ["memories/p/b.md"]))
    assert conflicts(now) == {group_id("a", "b"): "settled"}
    back = put(now, memory("b", WORDS["b"]))
    assert conflicts(back) == {group_id("a", "b"): "open"}


def test_it_settles_when_the_texts_part_and_when_one_file_goes() -> None:
    now = put(swept(two()), memory("b", "The relief valve opens if the pressure exceeds 6 bar.\n"))
    assert conflicts(now) == {group_id("a", "b"): "settled"}
    vault = swept(two())
    gone = record(vault, "mem-b")
    plan, _ = with_conflicts(vault, Plan((Change(gone.path, gone.raw, None),), None))
    assert conflicts(vault.after(plan)) == {group_id("a", "b"): "settled"}


def test_a_third_makes_a_new_conflict_and_settles_the_old_one() -> None:
    now = put(swept(two()), memory("c", WORDS["c"]))
    assert conflicts(now) == {group_id("a", "b"): "settled", group_id("a", "b", "c"): "open"}
    fewer = put(now, memory("c", "Something else altogether is said here.\n"))
    assert conflicts(fewer) == {group_id("a", "b"): "open", group_id("a", "b", "c"): "settled"}


def test_a_dismissal_holds_for_its_pair_when_a_third_joins() -> None:
    vault = dismissed(swept(two()), "a", "b")
    assert sweep(vault) == ()
    now = put(vault, memory("c", WORDS["c"]))
    assert conflicts(now) == {group_id("a", "b"): "dismissed", group_id("a", "b", "c"): "open"}
    decided = dismissed(now, "a", "b", "c")
    assert set(conflicts(decided).values()) == {"dismissed"}
    assert sweep(decided) == ()
    without = edited(decided, "mem-a", status="retired")
    assert sweep(without) == (), "the dismissal of the three covers the two that are left"


def test_a_dismissal_stays_until_a_member_says_something_else() -> None:
    vault = dismissed(swept(two()), "a", "b")
    same = put(vault, memory("b", WORDS["c"]))
    assert conflicts(same) == {group_id("a", "b"): "dismissed"}, "an article is no other statement"
    another = "The relief valve opens if the pressure exceeds 7 bar.\n"
    parted = put(vault, memory("a", another))
    assert conflicts(parted) == {group_id("a", "b"): "dismissed"}
    again = put(parted, memory("b", another))
    assert conflicts(again) == {group_id("a", "b"): "open"}
    assert "ruling" not in keys_of(record(again, group_id("a", "b")))


def test_resolving_merges_the_others_into_the_winner_and_undo_is_the_identity() -> None:
    more = "project: p\naliases: [RV]\ntags: [safety, loop]\n"
    vault = swept(vault_of(memory("a") + memory("b", WORDS["b"], more) + memory("c", WORDS["c"], more)))
    file = record(vault, group_id("a", "b", "c"))
    now = applied(vault, resolution.resolve(vault, file, record(vault, "mem-a"), DEED))
    winner, loser = record(now, "mem-a"), record(now, "mem-b")
    assert statuses(now) == {
        "mem-a": "active",
        "mem-b": "superseded",
        "mem-c": "superseded",
        file.id: "resolved",
    }
    assert winner.supersedes == (whole_id("mem-b"), whole_id("mem-c"))
    assert (winner.aliases, winner.tags) == (("RV",), ("safety", "loop"))
    assert (loser.superseded_by, loser.ruling.step) == (winner.id, "merge")
    assert loser.body == WORDS["b"]
    assert record(now, file.id).winner == winner.id
    assert sweep(now) == ()
    assert conflict_files(now, [], [one.id for one in now.select()]).changes == ()
    reopened = applied(now, resolution.reopen_conflict(now, record(now, file.id), DEED))
    assert statuses(reopened) == {"mem-a": "active", "mem-b": "active", "mem-c": "active", file.id: "open"}


def test_a_loser_that_is_restored_opens_it_again() -> None:
    vault = swept(two())
    file = record(vault, group_id("a", "b"))
    now = applied(vault, resolution.resolve(vault, file, record(vault, "mem-a"), DEED))
    back = applied(now, steps.restore(now, [record(now, "mem-b")], DEED))
    assert statuses(back) == {"mem-a": "active", "mem-b": "active", file.id: "open"}


def test_resolved_by_hand_the_rest_is_written_for_the_winner() -> None:
    vault = swept(two())
    file = record(vault, group_id("a", "b"))
    by_hand = edited(vault, file.id, status="resolved", winner=whole_id("mem-b"))
    assert missing_conflict_files(by_hand, [file.path]).changes == ()
    now = by_hand.after(rest_of_steps(by_hand, [file.path], DEED))
    assert statuses(now) == {"mem-a": "superseded", "mem-b": "active", file.id: "resolved"}


def test_dismissed_by_hand_it_stays_so() -> None:
    vault = swept(two())
    by_hand = edited(vault, group_id("a", "b"), status="dismissed")
    assert sweep(by_hand) == ()
    assert missing_conflict_files(by_hand, sorted(by_hand.files)).changes == ()


def test_what_does_not_say_the_same_any_more_cannot_be_reopened() -> None:
    vault = dismissed(swept(two()), "a", "b")
    now = put(vault, memory("b", "Something else altogether is said here.\n"))
    with pytest.raises(AtocoreError, match="say the same"):
        resolution.reopen_conflict(now, record(now, group_id("a", "b")), DEED)


def test_a_file_tells_how_to_decide() -> None:
    vault = swept(two())
    path = record(vault, group_id("a", "b")).path
    assert f"atocore conflicts resolve {group_id('a', 'b')} --winner ID" in text_at(vault, path)
    assert duplicate_changes(vault, [whole_id("mem-a")])[0] == ()
