"""`slot` and `state history`: what git still knows of a claim, whatever became of its files."""

from __future__ import annotations

import pytest
from desk import Desk, only
from helpers import whole

from atocore.errors import AtocoreError

KEYS = {"project": "scope", "subject": "counterweight", "attribute": "mass"}
KEY = "Counterweights.mass"


def claimed(desk: Desk, value: str, **keys: str) -> tuple[str, str]:
    made = only(
        desk.vault.new(
            "memory", f"It weighs {value}.", type="knowledge", keys={**KEYS, "value": value, **keys}
        )
    )
    return made.id, made.path


def told(desk: Desk, key: str = KEY, project: str = "") -> list[tuple[str, str]]:
    (life,) = desk.vault.slot(key, project=project).slots
    return [(event.step, event.value) for event in life.events]


def test_every_value_is_told_also_those_that_no_file_holds_any_more(desk: Desk) -> None:
    first, path = claimed(desk, "4 kg")
    desk.edit(path, "value: 4 kg", "value: 5 kg")
    desk.commit("", "heavier")
    desk.git("rm", "-q", path)
    desk.git("commit", "-qm", "gone")
    assert told(desk) == [("add", "4 kg"), ("edit", "5 kg"), ("delete", "5 kg")]
    (life,) = desk.vault.slot(KEY).slots
    assert life.present == ()
    assert {event.record for event in life.events} == {first}
    assert life.events[2].commit == desk.head()


def test_a_rename_of_the_file_hides_nothing(desk: Desk) -> None:
    _, path = claimed(desk, "4 kg")
    desk.git("mv", path, "memories/elsewhere.md")
    desk.git("commit", "-qm", "move")
    desk.edit("memories/elsewhere.md", "value: 4 kg", "value: 6 kg")
    desk.commit("", "heavier")
    assert told(desk) == [("add", "4 kg"), ("edit", "6 kg")]


def test_what_a_branch_did_is_told_once(desk: Desk) -> None:
    desk.git("switch", "-qc", "aside")
    _, path = claimed(desk, "4 kg")
    desk.edit(path, "value: 4 kg", "value: 5 kg")
    desk.commit("", "heavier")
    desk.git("switch", "-q", "-")
    claimed(desk, "1 kg", subject="tube")
    desk.git("merge", "-q", "--no-edit", "aside")
    assert told(desk) == [("add", "4 kg"), ("edit", "5 kg")]


def test_a_life_is_found_by_record_conflict_alias_and_project(desk: Desk) -> None:
    first, _ = claimed(desk, "4 kg")
    claimed(desk, "5 kg", subject="CW1")
    keys = {"project": "scope", "aliases": "CW1", "title": "Counterweight"}
    desk.vault.new("entity", "It balances.", type="component", keys=keys)
    (life,) = desk.vault.slot(first).slots
    assert sorted(one.value for one in life.present) == ["4 kg", "5 kg"]
    assert all(one.disputed for one in life.present)
    for key in (KEY, "cw1.mass", life.conflict):
        assert desk.vault.slot(key, project="scope").slots == (life,)
    assert "scope / cw1 / mass" in life.spellings
    with pytest.raises(AtocoreError) as caught:
        desk.vault.slot(KEY, project="other")
    assert caught.value.code == "not-found"


def test_a_thing_alone_is_told_by_what_is_claimed_of_it(desk: Desk) -> None:
    claimed(desk, "4 kg")
    claimed(desk, "black", attribute="colour")
    answer = desk.vault.slot("counterweight")
    assert [(one.key, [p.value for p in one.present]) for one in answer.attributes] == [
        ("counterweight.colour", ["black"]),
        ("counterweight.mass", ["4 kg"]),
    ]
    assert answer.slots == ()


def test_nothing_known_names_what_comes_near(desk: Desk) -> None:
    claimed(desk, "4 kg")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.slot("counterwait.mass")
    assert "counterweight.mass" in caught.value.hint
    with pytest.raises(AtocoreError) as caught:
        desk.vault.slot(whole("mem-absent"))
    assert caught.value.code == "not-found"


def test_a_record_without_a_whole_claim_is_in_no_slot(desk: Desk) -> None:
    made = only(desk.vault.new("memory", "It is heavy.", type="episodic"))
    with pytest.raises(AtocoreError) as caught:
        desk.vault.slot(made.id)
    assert "in no slot" in caught.value.message


def test_state_history_tells_what_stood_when_and_from_what(desk: Desk) -> None:
    first, _ = claimed(desk, "4 kg")
    desk.vault.state_set("scope", KEY, "4 kg", source=first, reason="weighed")
    desk.vault.state_set("scope", "counterweight.mass", "5 kg", reason="again")
    desk.vault.state_unset("scope", KEY, reason="sold")
    found = desk.vault.state_history("scope", KEY).values
    assert [(one.value, one.why, one.source, one.end) for one in found] == [
        ("4 kg", "weighed", first, "supersede"),
        ("5 kg", "again", "", "unset"),
    ]
    assert found[0].until == found[1].since
    assert found[1].ended_by == desk.head()
    with pytest.raises(AtocoreError):
        desk.vault.state_history("scope", "counterweight.colour")


def test_an_alias_committed_by_hand_is_flagged_by_the_next_step(desk: Desk) -> None:
    claimed(desk, "4 kg")
    claimed(desk, "5 kg", subject="CW1")
    keys = {"project": "scope", "title": "Counterweight"}
    entity = only(desk.vault.new("entity", "It balances.", type="component", keys=keys))
    desk.edit(entity.path, "title: Counterweight", "title: Counterweight\naliases: [CW1]")
    desk.commit("", "call it CW1")
    assert desk.vault.status().open_conflicts_count == 1
    notes = desk.vault.confirm(entity.id).notes
    assert any("flag conflict" in told for told in notes)
    (conflict,) = desk.vault.conflicts_list().conflicts
    assert desk.text(conflict.path)
    desk.edit(entity.path, "\naliases: [CW1]", "")
    desk.commit("", "no, it is not")
    desk.vault.confirm(entity.id)
    assert "status: resolved" in desk.text(conflict.path)
    assert desk.codes() == []


def test_a_conflict_file_that_states_no_whole_slot_is_in_nobodys_way(desk: Desk) -> None:
    claimed(desk, "4 kg")
    claimed(desk, "4000 g")  # says the same: a conflict without a slot
    (path,) = desk.folder.glob("conflicts/*.md")
    text = path.read_text("utf-8").replace("\nmembers:", "\nslot: [claim]\nmembers:")
    (path.parent / "con-short0000000.md").write_text(text.replace(path.stem, "con-short0000000"), "utf-8")
    desk.git("add", "-A")
    desk.git("commit", "-qm", "a conflict by hand")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.slot("counterwait.mass")
    assert caught.value.code == "not-found"


def test_state_history_tells_of_a_key_that_answers_a_question(desk: Desk) -> None:
    question = "Which alloy is the counterweight of?"
    desk.vault.state_set("scope", "counterweight.alloy", "brass", reason="cheap")
    desk.vault.state_set("scope", "counterweight.alloy", "bronze", question=question)
    desk.vault.state_unset("scope", "counterweight.alloy", reason="open again")
    found = desk.vault.state_history("scope", "counterweight.alloy").values
    assert [(one.value, one.end) for one in found] == [("brass", "supersede"), ("bronze", "unset")]
