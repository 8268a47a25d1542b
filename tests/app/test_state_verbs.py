"""State set, read and taken back in a real vault: odd keys and values, and what stands there already."""

from __future__ import annotations

import pytest
from desk import Desk, only, refusal
from helpers import whole

from atocore.errors import AtocoreError

GEM = whole("mem-gem")


def test_setting_the_very_same_writes_nothing_and_says_so(desk: Desk) -> None:
    first = only(desk.vault.state_set("scope", "mirror.mass", "4.2 kg", category="requirement"))
    head = desk.head()
    again = desk.vault.state_set("scope", "The Mirror.MASS", "4.2 kg")
    assert (again.commit, again.records, desk.head()) == (None, (), head)
    assert again.already is not None
    assert again.already.id == first.id
    other = desk.vault.state_set("scope", "mirror.mass", "4.2 kg", category="fact")
    assert other.commit, "another category is another statement"
    sourced = desk.vault.state_set("scope", "mirror.mass", "4.2 kg", source=GEM)
    assert sourced.commit, "and so is where it comes from"
    assert desk.vault.state_set("scope", "mirror.mass", "4.2 kg").commit is None


def test_a_value_may_come_from_the_record_that_it_is_set_from(desk: Desk) -> None:
    made = only(desk.vault.state_set("scope", "mirror.glass", "", source=GEM))
    assert (made.value, made.provenance) == ("Zerodur", {"record": GEM})
    with pytest.raises(AtocoreError) as caught:
        desk.vault.state_set("scope", "mirror.glass", "", source=whole("ent-frame"))
    assert caught.value.code == "bad-value"


@pytest.mark.parametrize(
    ("key", "subject", "attribute"),
    [
        ("firmware 1.2", "", "firmware 1.2"),
        ("firmware 1.2.date", "firmware 1.2", "date"),
        ("limits.v1.2", "limits", "v1.2"),
        ("a.b.c", "a.b", "c"),
        ("Größe.Öffnung ∅", "Größe", "Öffnung ∅"),
        ("yes.no", "yes", "no"),
        ("key: #1.@x", "key: #1", "@x"),
    ],
)
def test_odd_keys_are_kept_and_found_again(desk: Desk, key: str, subject: str, attribute: str) -> None:
    made = only(desk.vault.state_set("scope", key, "- x: [y]"))
    assert (made.subject, made.attribute, made.value) == (subject, attribute, "- x: [y]")
    assert desk.vault.state_get("scope", key).id == made.id
    assert desk.codes() == []
    desk.vault.state_unset("scope", key)
    with pytest.raises(AtocoreError):
        desk.vault.state_get("scope", key)
    assert only(desk.vault.state_set("scope", key, "z")).id != made.id
    desk.vault.undo("HEAD")
    desk.vault.undo("HEAD~2")
    assert desk.vault.state_get("scope", key).id == made.id


def test_a_value_of_several_lines_stays_one_value(desk: Desk) -> None:
    value = "Dome: closed.\n\n- no power\n- call Ann"
    made = only(desk.vault.state_set("scope", "emergency", value))
    assert made.value == value
    assert made.title == "emergency: Dome: closed. …"
    assert desk.vault.state_get("scope", "emergency").text == f"emergency:\n\n{value}\n"
    assert desk.message().splitlines()[0] == "set state of scope: emergency is Dome: closed. …"
    assert desk.codes() == []
    assert desk.vault.state_set("scope", "emergency", value).commit is None


def test_a_project_nobody_has_heard_of_is_told_and_an_alias_is_the_project(desk: Desk) -> None:
    told = desk.vault.state_set("scpoe", "phase", "design")
    assert told.commit
    assert told.hints == ("no record is of project scpoe yet; did you mean scope?",)
    assert desk.vault.state_set("scpoe", "phase", "build").hints == (), "now it is known"
    made = only(desk.vault.state_set("Telescope", "phase", "design"))
    assert made.project == "scope"
    assert [one.id for one in desk.vault.state_list("telescope").records] == [made.id]
    with pytest.raises(AtocoreError) as caught:
        desk.vault.state_get("scoqe", "phase")
    assert "did you mean" in refusal(caught.value)[1]


def test_a_decision_keeps_its_question_and_is_found_by_its_key(desk: Desk) -> None:
    question = "Which glass is the mirror made of?"
    first = desk.vault.state_set("scope", "mirror.glass", "Zerodur", question=question)
    assert only(first).type == "decision"
    second = desk.vault.state_set("scope", "mirror.glass", "ULE")
    assert {one.status for one in second.records} == {"active", "superseded"}
    stands = desk.vault.state_get("scope", "mirror.glass")
    assert (stands.value, desk.vault.show(stands.id).keys["question"]) == ("ULE", question)
    other = desk.vault.state_set("scope", "blank.glass", "Zerodur", question=question)
    assert [sorted(member.value for member in one.members) for one in other.conflicts] == [["ULE", "Zerodur"]]


def test_state_is_listed_by_category(desk: Desk) -> None:
    desk.vault.state_set("scope", "phase", "design", category="status")
    desk.vault.state_set("scope", "review", "2027-01-31", category="milestone")
    listed = desk.vault.state_list("scope", category="milestone").records
    assert [one.attribute for one in listed] == ["review"]
    with pytest.raises(AtocoreError) as caught:
        desk.vault.state_list(category="opinion")
    assert caught.value.code == "bad-value"


def test_two_values_that_people_committed_for_one_key_are_shown_as_disputed(desk: Desk) -> None:
    for name, value in (("a", "design"), ("b", "build")):
        desk.save(
            f"-- state/scope/{name}.md --\nid: sta-{name}\nproject: scope\nattribute: phase\nvalue: {value}\n"
        )
    desk.commit()
    stands = desk.vault.state_get("scope", "phase")
    assert stands.disputed is not None
    assert {stands.value, *(one.value for one in stands.disputed)} == {"design", "build"}
    desk.vault.state_set("scope", "phase", "test")
    assert desk.vault.conflicts_list().conflicts == ()
    assert desk.statuses("sta-a", "sta-b") == ["superseded", "superseded"]
