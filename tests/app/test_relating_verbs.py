"""link, unlink and what show tells of relations, on a real vault."""

from __future__ import annotations

import pytest
from desk import Desk
from helpers import whole

from atocore.errors import AtocoreError

FRAME = whole("ent-frame")
RELATED = 'type: component\nrelations:\n  - type: based_on\n    target: "[[Door width limit]]"'


def made(desk: Desk, type_: str, title: str, **more: object) -> str:
    answer = desk.vault.new(
        "entity", f"{title}.", type=type_, keys={"title": title, "project": "scope"}, **more
    )  # type: ignore[arg-type]
    return answer.records[0].id


def test_a_link_is_one_commit_seen_from_both_ends_and_unlinking_takes_it_back(desk: Desk) -> None:
    scope = made(desk, "subsystem", "Telescope")
    start, text = desk.head(), desk.text("entities/scope/frame.md")
    answer = desk.vault.link("Frame", "part-of", "[[telescope]]", reason="as drawn")
    assert (answer.source, answer.type, answer.target, answer.already) == (FRAME, "part_of", scope, "")
    assert desk.commits_since(start) == [answer.commit]
    shown, whole_ = desk.vault.show(FRAME), desk.vault.show(scope)
    assert [(one.type, one.target, one.id, one.title) for one in shown.relations] == [
        ("part_of", scope, scope, "Telescope")
    ]
    assert [(one.reads, one.id, one.title) for one in whole_.incoming] == [("contains", FRAME, "Frame")]
    assert whole_.linked_from == (FRAME,)
    assert desk.vault.relations("telescope").incoming == whole_.incoming
    again = desk.vault.link("Frame", "part_of", scope)
    assert (again.commit, again.already) == (None, FRAME)
    desk.vault.unlink("Frame", "part_of", "Telescope")
    assert desk.text("entities/scope/frame.md") == text


def test_a_dry_run_writes_nothing_and_shows_what_would_be_wrong(desk: Desk) -> None:
    part = made(desk, "component", "Truss", relations=[("part_of", "Frame")])
    start = desk.head()
    answer = desk.vault.link("Frame", "part_of", part, dry_run=True)
    assert (answer.commit, answer.dry_run, desk.head()) == (None, True, start)
    assert "+  - type: part_of" in answer.diff
    assert [problem.code for problem in answer.problems] == ["relation-cycle"]
    told = desk.vault.link("Frame", "part_of", part).problems
    assert [problem.code for problem in told] == ["relation-cycle"]
    found = [one for one in desk.vault.check().problems if one.code == "relation-cycle"]
    assert {one.path for one in found} == {"entities/scope/frame.md", *(p.path for p in found)}
    assert len(found) == 2
    desk.vault.undo("HEAD")
    assert not [one for one in desk.vault.check().problems if one.code == "relation-cycle"]


def test_a_name_that_nobody_has_is_refused_with_names_like_it(desk: Desk) -> None:
    made(desk, "subsystem", "Telescope")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.link("Frame", "part_of", "Telescpe")
    assert caught.value.code == "not-found"
    assert "Telescope" in caught.value.hint


def test_a_name_that_two_have_is_ambiguous_where_both_fit(desk: Desk) -> None:
    ids = [made(desk, "subsystem", "Telescope"), made(desk, "subsystem", "telescope")]
    made(desk, "requirement", "Telescope")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.link("Frame", "part_of", "telescope")
    assert caught.value.code == "ambiguous"
    assert all(one in caught.value.message for one in ids)
    assert "fits 2 records" in caught.value.message


def test_links_by_name_follow_what_is_renamed(desk: Desk) -> None:
    desk.commit(
        "-- entities/scope/truss.md --\nid: ent-truss0000000\ntype: component\nproject: scope\n"
        "title: Truss\nrelations:\n  - type: part_of\n    target: [[Frame]]\n".replace(
            "truss0000000", "tr55"
        ),
        "By hand",
    )
    truss = whole("ent-tr55")
    assert desk.vault.show(FRAME).linked_from == (truss,)
    assert not desk.vault.check().problems
    text = desk.text("entities/scope/frame.md").replace("title: Frame", "title: Truss frame")
    desk.commit(f"-- entities/scope/frame.md --\n{text}", "Rename")
    assert desk.vault.show(FRAME).linked_from == (truss,), "the file is called frame still"
    desk.commit(f"-- entities/scope/strut.md --\n{text.replace(FRAME, whole('ent-str7t'))}", "Another")
    (desk.folder / "entities/scope/frame.md").unlink()
    desk.commit("", "Remove the frame", "-a")
    [problem] = desk.vault.check().problems
    assert (problem.code, problem.path, problem.line) == ("dangling-reference", "entities/scope/truss.md", 7)
    assert "Truss frame" in problem.message
    assert desk.vault.show(truss).relations[0].id == ""


def test_a_proposal_may_be_born_linked(desk: Desk) -> None:
    answer = desk.vault.propose(
        "The truss.",
        kind="entity",
        type="component",
        keys={"title": "Truss"},
        relations=[("part_of", "frame")],
    )
    shown = desk.vault.show(answer.records[0].id)
    assert [(one.type, one.id) for one in shown.relations] == [("part_of", FRAME)]
    with pytest.raises(AtocoreError, match="does not lead from a requirement"):
        desk.vault.new("entity", "x", type="requirement", relations=[("satisfies", "frame")])


def test_a_link_to_a_memory_that_graduated_is_told_from_both_ends_as_one_to_its_entity(desk: Desk) -> None:
    keys = {"title": "Door width limit", "project": "scope"}
    memory = desk.vault.new("memory", "At most 0.9 m.", type="project", keys=keys).records[0].id
    desk.vault.link("Frame", "based_on", memory)
    desk.edit("entities/scope/frame.md", f"target: {memory}", f"target: {memory} # the door")
    desk.commit("", "say which")
    entity = desk.vault.graduate(memory, to="requirement").records
    (home,) = [one.id for one in entity if one.kind == "entity"]
    desk.vault.promote(home)
    (outgoing,) = desk.vault.relations("Frame").relations
    assert (outgoing.target, outgoing.id, outgoing.status) == (memory, home, "active")
    assert [(one.type, one.id) for one in desk.vault.relations(home).incoming] == [("based_on", FRAME)]
    desk.vault.ungraduate(memory)
    (outgoing,) = desk.vault.relations("Frame").relations
    assert outgoing.id == memory


def test_a_name_leads_to_the_memory_that_holds_the_fact_rather_than_to_an_entity_that_is_gone(
    desk: Desk,
) -> None:
    keys = {"title": "Door width limit", "project": "scope"}
    memory = desk.vault.new("memory", "At most 0.9 m.", type="project", keys=keys).records[0].id
    home = next(
        one.id for one in desk.vault.graduate(memory, to="requirement").records if one.kind == "entity"
    )
    desk.vault.promote(home)
    desk.edit("entities/scope/frame.md", "type: component", RELATED)
    desk.commit("", "by the door")
    assert [one.id for one in desk.vault.relations("Frame").relations] == [home]
    desk.vault.ungraduate(memory)
    assert [one.id for one in desk.vault.relations("Frame").relations] == [memory]
    assert "stale-relation" not in [one.code for one in desk.vault.check().problems]
