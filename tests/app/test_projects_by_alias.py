"""A project called by an alias of it, wherever a reading verb asks for one."""

from __future__ import annotations

import pytest
from desk import Desk
from helpers import whole

VAULT = """
-- projects/q09.md --
id: prj-q09
project: q09-radio
aliases: [q09, the array]

-- entities/q09-radio/dish.md --
id: ent-d1sh
type: component
project: q09-radio
title: Dish

-- entities/q09-radio/mass.md --
id: ent-mass
type: parameter
project: q09-radio
title: Mass of the dish
subject: dish
attribute: mass
value: 4.2 kg

-- memories/q09/heavy.md --
id: mem-heavy
type: knowledge
project: q09
title: A heavy dish
subject: dish
attribute: mass
value: 4.6 kg

-- memories/other/dish.md --
id: mem-far
type: knowledge
project: other
title: Another dish
"""
NAMES = pytest.mark.parametrize("name", ["q09-radio", "q09", "Q09", "The Array"])
OURS = [whole("ent-d1sh"), whole("ent-mass"), whole("mem-heavy")]


@NAMES
def test_reading_verbs_take_an_alias_for_the_project(desk: Desk, name: str) -> None:
    desk.commit(VAULT)
    vault = desk.vault
    listed = [r.id for r in vault.list(project=name).records if r.kind != "project"]
    assert sorted(listed) == OURS
    found = desk.found("dish", project=name)
    assert whole("ent-mass") in found and whole("mem-far") not in found
    assert whole("mem-far") not in desk.in_context("dish", name)
    assert whole("ent-mass") in desk.in_context("dish", name)
    (conflict,) = vault.conflicts_list(project=name).conflicts
    assert {member.id for member in conflict.members} == {whole("ent-mass"), whole("mem-heavy")}
    (row,) = vault.query("parameters", project=name).rows or ()
    assert (row["id"], row["project"]) == (whole("ent-mass"), "q09-radio")
    preview = vault.graduate(project=name, dry_run=True).preview
    assert [one.memory for one in preview] == [whole("mem-heavy")]


def test_a_record_under_an_alias_stands_in_its_project_in_answers(desk: Desk) -> None:
    desk.commit(VAULT)
    rows = desk.vault.query("changed-since", project="q09").rows or ()
    assert ("q09-radio", whole("mem-heavy")) in {(row["project"], row["id"]) for row in rows}
