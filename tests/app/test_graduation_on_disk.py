"""Graduation in a real vault: many at once, the pointer that stays, and what becomes of it by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Desk
from helpers import whole

from atocore.app.answers import LivesOn
from atocore.errors import AtocoreError

GEM, MASS = whole("mem-gem"), whole("mem-mass")
MANY = """
-- memories/scope/coat.md --
id: mem-c0at
type: project
project: scope
tags: [optics]
subject: primary mirror
attribute: coating
value: silver
--
The primary mirror is coated with silver.
-- memories/scope/coat2.md --
id: mem-c0at2
type: project
project: scope
subject: primary mirror
attribute: coating
value: Silver
--
The coating of the mirror is silver.
-- memories/scope/who.md --
id: mem-wh0
type: identity
project: scope
--
Alice leads the optics team.
"""


def graduated(desk: Desk) -> str:
    """The mirror's glass as an active entity, the memory its pointer; the entity's id."""
    born = desk.vault.graduate(GEM).preview[0].entity
    desk.vault.promote(born)
    return born


def test_many_graduate_in_one_commit_after_a_preview(desk: Desk) -> None:
    desk.commit(MANY)
    desk.vault.conflicts_sweep()  # two of them say the same
    start, before = desk.head(), desk.state()
    looked = desk.vault.graduate(project="scope", dry_run=True)
    assert desk.state() == before
    assert {(one.memory, one.to, one.joins) for one in looked.preview} == {
        (whole("mem-c0at"), "parameter", False),
        (whole("mem-c0at2"), "parameter", True),
        (GEM, "parameter", False),
    }
    assert [(one.memory, one.why.split(":")[0]) for one in looked.passed] == [(whole("mem-wh0"), "identity")]

    done = desk.vault.graduate(project="scope")
    assert desk.commits_since(start) == [done.commit]
    assert desk.status("mem-c0at") == "active"
    assert "graduate 3 memories to 2 entities" in desk.message()
    again = desk.vault.graduate
    with pytest.raises(AtocoreError) as caught:
        again(project="scope")
    assert (caught.value.code, "waits for" in caught.value.message) == ("not-found", True)
    desk.vault.undo("HEAD")
    assert desk.state()[2] == before[2]
    assert desk.vault.graduate(tag="optics", limit=1).preview[0].memory == whole("mem-c0at")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (lambda v: v.graduate(), "usage"),
        (lambda v: v.graduate(GEM, project="scope"), "usage"),
        (lambda v: v.graduate(GEM, to="decision", into=GEM), "usage"),
        (lambda v: v.graduate(type="nonsense"), "bad-value"),
        (lambda v: v.graduate(type="identity"), "not-found"),
        (lambda v: v.graduate(project="nowhere"), "not-found"),
        (lambda v: v.graduate(GEM, MASS, whole("ent-frame")), "impossible-step"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_changes(
    desk: Desk, asked: Callable[[object], object], code: str
) -> None:
    before = desk.state()
    with pytest.raises(AtocoreError) as caught:
        asked(desk.vault)
    assert caught.value.code == code
    assert desk.state() == before


def test_a_pointer_tells_where_its_fact_lives_now(desk: Desk) -> None:
    born = desk.vault.graduate(GEM).preview[0].entity
    waiting = desk.vault.show(GEM)
    assert isinstance(waiting.waits_for, LivesOn)
    assert (waiting.waits_for.id, waiting.lives_on) == (born, None)
    desk.vault.promote(born)
    home = desk.vault.show(GEM).lives_on
    assert home is not None
    assert (home.id, home.status, home.value, home.via) == (born, "active", "Zerodur", (GEM,))
    later = desk.vault.new(
        "entity",
        "The primary mirror is made of ULE.",
        type="parameter",
        keys={"project": "scope", "subject": "primary mirror", "attribute": "glass", "value": "ULE"},
    ).records[0]
    desk.vault.supersede(born, by=later.id)
    home = desk.vault.show(GEM).lives_on
    assert home is not None
    assert (home.id, home.value, home.via) == (later.id, "ULE", (GEM, born))
    assert [one.graduated_to for one in desk.vault.list(status="graduated").records] == [born]


HAND: list[tuple[str, str, str, str]] = [
    ("candidate", "active", "graduated", "active"),
    ("candidate", "rejected", "active", "rejected"),
]


@pytest.mark.parametrize(("before", "after", "memory", "entity"), HAND)
def test_an_entity_that_is_decided_by_hand_takes_its_memory_along(
    desk: Desk, before: str, after: str, memory: str, entity: str
) -> None:
    born = desk.vault.graduate(GEM).records
    (path,) = [one.path for one in born if one.kind == "entity"]
    desk.edit(path, f"status: {before}", f"status: {after}\ntitle: Glass")
    desk.commit()
    assert "half-step" in desk.codes()
    desk.vault.confirm(whole("ent-frame"))
    assert desk.statuses("mem-gem", next(one.id for one in born if one.kind == "entity")) == [memory, entity]
    assert "half-step" not in desk.codes()


def test_its_type_may_be_changed_by_hand_before_it_is_promoted(desk: Desk) -> None:
    born = desk.vault.graduate(GEM)
    (entity,) = [one for one in born.records if one.kind == "entity"]
    desk.edit(entity.path, "type: parameter", "type: requirement")
    desk.commit()
    desk.vault.promote(entity.id)
    assert (desk.vault.show(entity.id).type, desk.status("mem-gem")) == ("requirement", "graduated")
    assert desk.codes() == []


@pytest.mark.parametrize("way", ["undo", "revert", "demote", "ungraduate"])
def test_a_pointer_is_a_memory_again_when_the_promotion_is_taken_back(desk: Desk, way: str) -> None:
    born = graduated(desk)
    assert desk.status("mem-gem") == "graduated"
    match way:
        case "undo":
            desk.vault.undo("HEAD")
        case "revert":
            desk.git("revert", "--no-edit", "HEAD")
        case "demote":
            desk.vault.demote(born)
        case _:
            desk.vault.ungraduate(GEM)
    assert desk.status("mem-gem") == "active"
    assert desk.codes() == []


def test_an_edited_pointer_is_a_problem_until_it_is_as_before(desk: Desk) -> None:
    graduated(desk)
    assert desk.codes() == []
    desk.edit("memories/scope/gem.md", "value: Zerodur", "value: ULE")
    desk.git("mv", "memories/scope/gem.md", "memories/scope/moved.md")
    desk.commit()
    assert desk.codes("memories/scope/moved.md") == ["frozen-pointer"]
    desk.git("revert", "--no-edit", "HEAD")
    assert desk.codes() == []
    with pytest.raises(AtocoreError) as caught:
        desk.vault.edit(GEM, desk.vault.raw(GEM).replace(b"Zerodur", b"ULE"))
    assert caught.value.code == "impossible-step"


@pytest.mark.parametrize("way", ["removed", "moved out of sight"])
def test_a_deleted_pointer_is_a_problem(desk: Desk, way: str) -> None:
    graduated(desk)
    if way == "removed":
        desk.git("rm", "-q", "memories/scope/gem.md")
    else:
        (desk.folder / ".old").mkdir()
        desk.git("mv", "memories/scope/gem.md", ".old/gem.md")
    desk.commit()
    (problem,) = desk.vault.check().problems
    assert (problem.code, problem.path) == ("frozen-pointer", "memories/scope/gem.md")
    desk.git("revert", "--no-edit", "HEAD")
    assert desk.codes() == []


# -- finding follows the pointer


def reworded(desk: Desk) -> str:
    """The entity in words of its own, as somebody edits it after the promotion; its id."""
    born = graduated(desk)
    (path,) = [one.path for one in desk.vault.list(kind="entity", type="parameter").records]
    desk.edit(path, "The primary mirror is made of Zerodur.", "Its glass has next to no expansion.")
    desk.edit(path, "value: Zerodur", "value: ULE")
    desk.commit()
    return born


def test_a_query_that_hits_a_pointers_words_finds_the_entity_once(desk: Desk) -> None:
    born = reworded(desk)
    hits = [hit for hit in desk.vault.search("Zerodur", words=True).hits if hit.kind != "note"]
    assert [(hit.id, hit.status, hit.via) for hit in hits] == [(born, "active", GEM)]
    assert "Zerodur" not in hits[0].snippet
    (one,) = desk.vault.search("Zerodur primary mirror glass expansion", words=True).hits
    assert one.id == born
    assert born in desk.in_context("Zerodur primary mirror", project="scope")
    assert GEM not in desk.in_context("Zerodur primary mirror", project="scope")


def test_a_pointer_itself_is_found_by_its_status_alone(desk: Desk) -> None:
    reworded(desk)
    assert desk.found("Zerodur", kind="memory") == []
    assert desk.found("Zerodur", status="graduated") == [GEM]
    assert desk.found("Zerodur", type="component") == []


def test_a_pointer_whose_fact_was_retired_finds_nothing(desk: Desk) -> None:
    born = reworded(desk)
    desk.vault.retire(born)
    assert desk.found("Zerodur") == []
    assert desk.in_context("Zerodur primary mirror") == []
    home = desk.vault.show(GEM).lives_on
    assert home is not None
    assert (home.id, home.status) == (born, "retired")
    assert desk.codes() == []


def test_the_answer_of_a_write_tells_that_an_entity_holds_the_fact_already(desk: Desk) -> None:
    claim = {"project": "scope", "subject": "shutter", "attribute": "mass", "value": "2 kg"}
    entity = desk.vault.new("entity", "The shutter's mass.", type="parameter", keys=claim).records[0].id
    answer = desk.vault.new(
        "memory", "It weighs 2000 g.", type="knowledge", keys={**claim, "value": "2000 g"}
    )
    memory = answer.records[0].id
    (hint,) = answer.hints
    assert f"atocore graduate {memory} --into {entity}" in hint
    assert desk.vault.graduate(memory, into=entity).hints == ()
    assert desk.status(memory) == "graduated"
